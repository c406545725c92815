/*
title = "Transfers that are suppressed, by verdict"
description = """
As `summary_verdicts`, of the transfers alone whose findings to act on (grave or review) are all suppressed, and which
have at least one; apart those that came in with the files from `first_source` on. Reads the records of transfers with a
suppressed finding, and no others.
"""
[params.first_source]
type = "integer"
unit = "source_id"
description = "The least number of a file that the scan read."

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
)

select
    counted_as(v.verdict_now, v.attempt) as class_now,
    counted_as(v.verdict_then, v.attempt) as class_then,
    v.attempt,
    v.verdict_now,
    v.verdict_then,
    v.flag_category or v.flag_state as flagged,
    false as deduced,
    false as barred_if_attributed,
    coalesce(v.record_key >= getvariable('first_source')::bigint * 68719476736, false) as is_new,
    count(*) as transfers
from verdicts v
semi join quiet q on v.record_key = q.record_key
group by all
order by all;
