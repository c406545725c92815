/*
title = "Findings that may have changed between two scans"
description = """
Leaves `touched_records`, every record of the transfers that something happened to after scan `scan_before` and up
to `scan_after`, and `touched_findings`, what was ever found on them. Three passes over one number or id a record,
then only what was touched. A record counts as known since the first scan that read one of the same content: a
log exported again brings nothing new.
"""
[params.scan_before]
type = "integer"
unit = "scan"
description = "The earlier scan; 0 is before the first."

[params.scan_after]
type = "integer"
unit = "scan"
description = "The later scan."

[params.rules_of_any_scope]
type = "varchar[]"
description = "Rules that find things out of scope too."
*/
create or replace temp table moved_spans as
select distinct
    rule,
    reads,
    key
from finding_spans
where
    (first_scan > getvariable('scan_before')::integer and first_scan <= getvariable('scan_after')::integer)
    or (until_scan > getvariable('scan_before')::integer and until_scan <= getvariable('scan_after')::integer);

create or replace temp table moved_suppressions as
select distinct
    rule,
    transfer_id
from suppressed_findings
where
    (first_scan > getvariable('scan_before')::integer and first_scan <= getvariable('scan_after')::integer)
    or (until_scan > getvariable('scan_before')::integer and until_scan <= getvariable('scan_after')::integer);

create or replace temp table touched_ids as
select distinct transfer_id
from (
    select r.transfer_id
    from records r
    semi join (
        select source_id
        from sources
        where scan_id > getvariable('scan_before')::integer and scan_id <= getvariable('scan_after')::integer
    ) s on r.record_key // 68719476736 = s.source_id
    union all
    select r.transfer_id
    from records r
    semi join moved_spans m on m.reads = 'disclosures' and r.disclosure_id = m.key
    union all
    select r.transfer_id
    from records r
    semi join moved_spans m on m.reads = 'transfers' and r.record_key = m.key
    union all
    select transfer_id
    from moved_suppressions
    where transfer_id is not null
) t;

create or replace temp table touched_records as
with known as (
    select
        r.record_key,
        r.transfer_id,
        r.disclosure_id,
        d.parties_in_scope and coalesce(m.court_day >= c.since, true) as in_scope,
        min(s.scan_id) over (
            partition by r.transfer_id, r.occurred_at, r.moment_id, r.disclosure_id, r.context_id, r.record_count
        ) as known_since
    from records r
    semi join touched_ids t on r.transfer_id = t.transfer_id
    inner join sources s on s.source_id = r.record_key // 68719476736
    inner join moments m on r.moment_id = m.moment_id
    inner join disclosures d on r.disclosure_id = d.disclosure_id
    cross join scope_settings c
    where s.scan_id <= getvariable('scan_after')::integer
)

select
    *,
    min(record_key) filter (where known_since > getvariable('scan_before')::integer)
        over (partition by transfer_id) as fresh_key
from known;

create or replace temp table touched_findings as
with candidates as (
    -- What was found on a transfer that brought nothing new can only have changed under a rule that did.
    select
        s.*,
        s.rule in (select rule from moved_spans) or s.rule in (select rule from moved_suppressions) as moved
    from finding_spans s
    where s.reads <> 'sources' and s.first_scan <= getvariable('scan_after')::integer
),

found as (
    select
        r.*,
        c.* exclude (key, subject, moved)
    from touched_records r
    inner join candidates c on c.reads = 'disclosures' and r.disclosure_id = c.key
    where
        (c.moved or r.fresh_key is not null)
        and (r.in_scope or coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], c.rule), false))
    union all
    select
        r.*,
        c.* exclude (key, subject, moved)
    from touched_records r
    inner join candidates c on c.reads = 'transfers' and r.record_key = c.key
    where c.moved or r.fresh_key is not null
)

select
    *,
    known_since <= getvariable('scan_before')::integer as is_old,
    is_old
    and first_scan <= getvariable('scan_before')::integer
    and coalesce(until_scan > getvariable('scan_before')::integer, true) as held_before,
    coalesce(until_scan > getvariable('scan_after')::integer, true) as held_after
from found;

drop table moved_spans;
drop table moved_suppressions;
drop table touched_ids;
