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
        verdict_of(t.in_scope, t.unattributed, not d.unknown_agency, n.verdict) as verdict_now,
        verdict_of(
            t.in_scope, t.unattributed, not d.unknown_agency and t.timed, coalesce(p.verdict, h.verdict)
        ) as verdict_then,
        t.in_scope
        and (coalesce(n.content_before_purpose = 'enjoined', false) or coalesce(n.some_covered, false)) as flagged,
        t.transfers
    from tallies t
    inner join disclosures d on t.disclosure_id = d.disclosure_id
    cross join settings s
    left join judgments n on t.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
    left join judgments h on t.disclosure_id = h.disclosure_id and t.regime_then = h.regime_id
    left join span_judgments p on t.disclosure_id = p.disclosure_id and t.span_id = p.span_id
    union all
    select
        v.attempt,
        v.verdict_now,
        v.verdict_then,
        v.flag_category or v.flag_state as flagged,
        -1 as transfers
    from verdicts v
    semi join quiet q on v.record_key = q.record_key
)

select
    counted_as(verdict_now, attempt) as class_now,
    counted_as(verdict_then, attempt) as class_then,
    attempt,
    verdict_now,
    verdict_then,
    flagged,
    false as deduced,
    false as barred_if_attributed,
    sum(transfers)::bigint as transfers
from counted
group by all
having sum(transfers) <> 0
order by all;
