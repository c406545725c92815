/*
title = "Findings that changed between two scans"
description = """
Leaves `changed_findings`: a row for each finding that is new, gone, changed or newly suppressed after scan
`scan_before` and up to `scan_after`, with its cause. Text and place are left to `listed_changes`: a change of policy
moves millions. Reads what `touched_findings` left, and what was found about the logs. It is one query because a cause
hangs on everything else: on what was found, when it began or ended, what else differed in that scan, what was read.
"""
[params.scan_before]
type = "integer"
unit = "scan"
description = "The earlier scan; 0 is before the first."

[params.scan_after]
type = "integer"
unit = "scan"
description = "The later scan."
*/
create or replace temp table changed_findings as
with steps as (
    -- What else differed in each scan from the one before.
    select
        s.scan_id,
        coalesce(s.policy_sha256 <> p.policy_sha256, true)
        or coalesce(s.regime_now, '') <> coalesce(p.regime_now, '')
        or coalesce(contains(s.judged_all, 'since'), false) as policy_changed,
        coalesce(s.queries_sha256 <> p.queries_sha256 or s.auditscan_version <> p.auditscan_version, true)
            as code_changed,
        coalesce(s.as_of <> p.as_of, true) as day_moved,
        s.scan_id in (select scan_id from sources) as something_read,
        (
            select coalesce(list(v.path), [])
            from file_versions v
            where v.first_scan = s.scan_id and v.change in ('rewritten', 'restored')
        ) as rewritten_paths
    from scans s
    left join scans p on s.scan_id = p.scan_id + 1
    where s.scan_id > getvariable('scan_before')::integer and s.scan_id <= getvariable('scan_after')::integer
),

rule_steps as (
    select
        coalesce(r.rule, p.rule) as rule,
        coalesce(r.scan_id, p.scan_id + 1) as scan_id,
        coalesce(r.sha256 <> p.sha256, true) as rule_changed,
        coalesce(p.outcome = 'not applicable' or r.outcome = 'not applicable', false) as fields_changed
    from scan_rules r
    full join scan_rules p on r.rule = p.rule and r.scan_id = p.scan_id + 1
),

rewritten as (
    select distinct source_id
    from file_versions
    where change in ('rewritten', 'restored')
),

sayings as (
    select
        rule,
        reads,
        transfer_id,
        said,
        any_value(severity) as severity,
        bool_or(held_before) as held_before,
        bool_or(held_after) as held_after,
        bool_or(reworded) as reworded,
        -- When something happened to what was known before: nothing did where only new records brought it.
        min(first_scan) filter (where is_old and first_scan > getvariable('scan_before')::integer) as begun,
        max(until_scan) filter (where is_old and until_scan <= getvariable('scan_after')::integer
            and until_scan > getvariable('scan_before')::integer) as ended,
        min(record_key) filter (where held_after and not is_old) as fresh_carrier,
        min(record_key) filter (where held_after) as key_after,
        min(record_key) filter (where held_before) as key_before,
        any_value(fresh_key) as fresh_key,
        min(greatest(first_scan, known_since)) as first_seen,
        max(until_scan) as last_until
    from touched_findings
    group by rule, reads, transfer_id, said
),

on_transfers as (
    select
        rule,
        reads,
        transfer_id,
        null::varchar as subject,
        coalesce(any_value(severity) filter (where held_after), any_value(severity)) as severity,
        bool_or(held_before) as was,
        bool_or(held_after) as holds,
        -- Of a rule on single events the words are not kept: it says more where it also stands on a new record.
        bool_or(reworded or held_before <> held_after or (reads = 'transfers' and fresh_carrier is not null))
            as says_else,
        min(said) filter (where held_before) as said_before,
        max(said) filter (where held_before) as also_before,
        min(said) filter (where held_after) as said_after,
        max(said) filter (where held_after) as also_after,
        min(begun) as begun,
        max(ended) as ended,
        coalesce(min(fresh_carrier), any_value(fresh_key)) as fresh_key,
        coalesce(min(fresh_carrier), min(key_after), min(key_before)) as record_key,
        min(first_seen) as first_seen,
        if(bool_or(held_after), getvariable('scan_after')::integer, max(last_until) - 1) as last_seen
    from sayings
    group by rule, reads, transfer_id
),

log_spans as (
    select
        *,
        hash(rule, severity, evidence, citation, certainty) as said,
        held_at(first_scan, until_scan, getvariable('scan_before')::integer) as held_before,
        coalesce(until_scan > getvariable('scan_after')::integer, true) as held_after
    from finding_spans
    where reads = 'sources' and first_scan <= getvariable('scan_after')::integer
),

on_logs as (
    select
        rule,
        'sources' as reads,
        null::varchar as transfer_id,
        subject,
        max_by(severity, first_scan) as severity,
        bool_or(held_before) as was,
        bool_or(held_after) as holds,
        coalesce(
            min(said) filter (where held_before) <> min(said) filter (where held_after)
            or max(said) filter (where held_before) <> max(said) filter (where held_after),
            true
        ) as says_else,
        min(said) filter (where held_before) as said_before,
        max(said) filter (where held_before) as also_before,
        min(said) filter (where held_after) as said_after,
        max(said) filter (where held_after) as also_after,
        min(first_scan) filter (where first_scan > getvariable('scan_before')::integer) as begun,
        max(until_scan) filter (where until_scan <= getvariable('scan_after')::integer
            and until_scan > getvariable('scan_before')::integer) as ended,
        min(first_scan) as first_seen,
        if(bool_or(held_after), getvariable('scan_after')::integer, max(until_scan) - 1) as last_seen
    from log_spans
    group by rule, subject
),

together as (
    select * from on_transfers
    union all by name
    select * from on_logs
),

hidden as (
    select
        rule,
        coalesce(transfer_id, subject) as about,
        transfer_id is null as of_log,
        min(suppression_id) filter (where held_at(first_scan, until_scan, getvariable('scan_before')::integer))
            as hidden_before,
        min(suppression_id) filter (where held_at(first_scan, until_scan, getvariable('scan_after')::integer))
            as hidden_after
    from suppressed_findings
    group by all
),

changes as (
    select
        t.*,
        h.hidden_before,
        h.hidden_after,
        case
            when not t.was and h.hidden_after is null then 'new'
            when not t.holds then 'gone'
            when h.hidden_before is null and h.hidden_after is not null then 'newly suppressed'
            else 'changed'
        end as change,
        t.was and t.holds and (h.hidden_before is null) <> (h.hidden_after is null) as only_hidden,
        case
            when not t.was then t.begun
            when not t.holds then t.ended
            else greatest(t.begun, t.ended)
        end as at_scan
    from together t
    left join hidden h
        on t.rule = h.rule and coalesce(t.transfer_id, t.subject) = h.about and (t.transfer_id is null) = h.of_log
    where
        t.was <> t.holds
        or (t.was and (t.says_else or (h.hidden_before is null) <> (h.hidden_after is null)))
)

select
    c.rule,
    c.severity,
    c.reads,
    c.transfer_id,
    c.subject,
    c.change,
    case
        when c.only_hidden then if(c.hidden_after is null, 'suppression ended', 'suppressed')
        when c.at_scan is not null and r.rule_changed then 'rule changed'
        when
            c.at_scan is null
            or (c.reads = 'transfers' and c.fresh_key is not null)
            or (c.reads = 'sources' and k.something_read)
            then
                if(
                    w.source_id is null
                    and coalesce(len(list_filter(k.rewritten_paths, lambda p: starts_with(c.subject, p))), 0) = 0,
                    'new log',
                    'changed log'
                )
        when k.policy_changed then 'policy changed'
        when r.fields_changed then 'new log'
        when k.code_changed then 'rule changed'
        when k.day_moved then 'day of now moved'
        else 'new log'
    end as cause,
    coalesce(c.hidden_after, c.hidden_before) as suppression_id,
    c.hidden_before is not null as was_suppressed,
    c.hidden_after is not null as is_suppressed,
    c.said_before,
    c.also_before,
    c.said_after,
    c.also_after,
    c.record_key,
    c.first_seen,
    c.last_seen
from changes c
left join steps k on c.at_scan = k.scan_id
left join rule_steps r on c.rule = r.rule and c.at_scan = r.scan_id
left join rewritten w on c.fresh_key // 68719476736 = w.source_id;

drop table touched_findings;
