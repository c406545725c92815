/*
title = "Transfers in two versions"
description = """
How many transfers stand in more than one version because a log was rewritten: each version counts as a transfer, for
nobody but a person can say which of them happened.
"""
*/
with rewritten as (
    select distinct path
    from file_versions
    where change in ('rewritten', 'restored')
),

versions as (
    select c.transfer_id
    from conflicts c
    inner join sources s on s.source_id = c.record_key // 68719476736
    semi join rewritten w on s.path = w.path
    group by c.transfer_id, s.path
    having count(distinct c.record_key) > 1 and count(distinct s.source_id) > 1
)

select count(distinct transfer_id) as transfers
from versions;
