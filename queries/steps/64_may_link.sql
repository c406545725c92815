/*
title = "Whether any traces may be of one transfer"
description = """
What `pair_traces` looks for costs a pass over every name of a file: only where two traces have one id, or files stand
in more than one log or were handled in more than one way, can there be any.
"""
*/
select
    exists (
        select 1
        from traces
        where link_key is not null
        group by hash(link_key)
        having count(*) > 1
    )
    or (
        select count(distinct {log: t.log, action: c.action}) > 1
        from (
            select distinct
                t.log,
                r.context_id
            -- The engine builds its table on what stands last: of all records it would be the largest.
            from records r
            inner join traces t on r.record_key = t.record_key
            where t.file_name is not null
        ) t
        inner join contexts c on t.context_id = c.context_id
    );
