/*
title = "The states of one transfer"
description = """
Each state of what was disclosed under the id in `explain_id`, under each regime: whether the
regime covers it, and what follows for it from the content.
"""

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
select
    m.disclosure_id,
    j.regime_id,
    m.key as state,
    case
        when s.status is not null then s.status
        when m.key = 'unknown' then 'unknown'
        else 'not covered'
    end as status,
    case
        when j.regime_id not in (select regime_id from policy_regime_states) then 'outside'
        when s.status = 'covered' then j.content
        when s.status = 'unsettled' then severity_name(least(severity_rank(j.content), 2))
        when m.key = 'unknown' then 'review'
        else 'outside'
    end as severity,
    coalesce(s.origin, r.origin) as origin
from disclosure_meanings m
inner join judgments j on m.disclosure_id = j.disclosure_id
inner join policy_regimes r on j.regime_id = r.regime_id
left join policy_regime_states s on j.regime_id = s.regime_id and m.key = s.state
where
    m.kind = 'state'
    and m.disclosure_id in (
        select disclosure_id
        from kept_records
        where transfer_id = getvariable('explain_id')
    )
order by
    m.disclosure_id,
    j.regime_id,
    m.key
