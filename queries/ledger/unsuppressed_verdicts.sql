/*
title = "Transfers by verdict, without those that are suppressed"
description = """
As `summary_verdicts`, without the transfers whose findings to act on (enjoined or review) are all suppressed, and
which have at least one. Reads the records of transfers with a suppressed finding, and no others.
"""
[params.rules_of_any_scope]
type = "varchar[]"
description = "Rules that find things out of scope too."
*/
with hidden as (
    select distinct
        rule,
        transfer_id
    from suppressed_findings
    where until_scan is null and transfer_id is not null
),

spans as (
    select *
    from finding_spans
    where until_scan is null and severity in ('grave', 'review')
),

concerned as (
    select e.*
    from events e
    semi join (
        select h.transfer_id
        from hidden h
        semi join spans s on h.rule = s.rule
    ) h on e.transfer_id = h.transfer_id
),

left_open as (
    select c.transfer_id
    from concerned c
    inner join spans s on s.reads = 'disclosures' and c.disclosure_id = s.key
    anti join hidden h on s.rule = h.rule and c.transfer_id = h.transfer_id
    where c.in_scope or coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], s.rule), false)
    union all
    select c.transfer_id
    from concerned c
    inner join spans s on s.reads = 'transfers' and c.record_key = s.key
    anti join hidden h on s.rule = h.rule and c.transfer_id = h.transfer_id
),

quiet as (
    select record_key
    from concerned c
    anti join left_open o on c.transfer_id = o.transfer_id
),

counted as (
    select
        t.attempt,
        case
            when not t.in_scope then 'out_of_scope'
            when d.unknown_agency then 'review'
            else coalesce(n.verdict, 'outside')
        end as verdict_now,
        case
            when not t.in_scope then 'out_of_scope'
            when d.unknown_agency or not t.timed then 'review'
            else coalesce(h.verdict, 'outside')
        end as verdict_then,
        t.in_scope and (coalesce(n.content = 'enjoined', false) or coalesce(n.some_covered, false)) as flagged,
        t.transfers
    from tallies t
    inner join disclosures d on t.disclosure_id = d.disclosure_id
    cross join settings s
    left join judgments n on t.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
    left join judgments h on t.disclosure_id = h.disclosure_id and t.regime_then = h.regime_id
    union all
    select
        m.outcome = 'failure' as attempt,
        v.verdict_now,
        v.verdict_then,
        v.flag_category or v.flag_state as flagged,
        -1 as transfers
    from verdicts v
    semi join quiet q on v.record_key = q.record_key
    inner join context_meanings m on v.context_id = m.context_id
)

select
    attempt,
    verdict_now,
    verdict_then,
    flagged,
    sum(transfers)::bigint as transfers
from counted
group by all
having sum(transfers) <> 0
order by all;
