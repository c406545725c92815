/*
title = "Findings that may have changed between two scans"
description = """
Leaves `touched_findings`: what was ever found on the transfers that something happened to after scan `scan_before` and
up to `scan_after`. Four passes over one number or id a record, then only what was touched. A record counts as known
since the first scan that read one of the same content: a log exported again brings nothing new. What a finding says
is kept as a hash: a change of policy touches millions.
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
where moved_between(first_scan, until_scan, getvariable('scan_before')::integer, getvariable('scan_after')::integer);

create or replace temp table moved_suppressions as
select distinct
    rule,
    transfer_id
from suppressed_findings
where moved_between(first_scan, until_scan, getvariable('scan_before')::integer, getvariable('scan_after')::integer);

create or replace temp table touched_ids as
select distinct transfer_id
from (
    select r.transfer_id
    from linked_records r
    semi join (
        select source_id
        from sources
        where scan_id > getvariable('scan_before')::integer and scan_id <= getvariable('scan_after')::integer
    ) s on r.record_key // 68719476736 = s.source_id
    union all
    select r.transfer_id
    from linked_records r
    semi join moved_spans m on m.reads = 'disclosures' and r.disclosure_id = m.key
    union all
    select r.transfer_id
    from linked_records r
    semi join moved_spans m on m.reads = 'transfers' and r.record_key = m.key
    union all
    -- What was counted for itself, and is a trace of a transfer that came later.
    select transfer_id
    from records
    where record_key in (
        select record_key
        from links
        where kept_key // 68719476736 in (
            select source_id
            from sources
            where scan_id > getvariable('scan_before')::integer and scan_id <= getvariable('scan_after')::integer
        )
    )
    union all
    select transfer_id
    from moved_suppressions
    where transfer_id is not null
) t;

create or replace temp table touched_records as
with copies as (
    select
        c.record_key,
        min(s.scan_id) over (partition by c.kept_key) as known_since
    from repeated_sayings c
    inner join sources s on s.source_id = c.record_key // 68719476736
)

select
    r.record_key,
    r.transfer_id,
    r.disclosure_id,
    d.parties_in_scope and coalesce(m.until_day >= o.since, true) as in_scope,
    coalesce(c.known_since, s.scan_id) as known_since,
    -- A trace that is counted under another was counted for itself until that one came.
    case when k.scan_id is not null then greatest(s.scan_id, k.scan_id) end as linked_since
from linked_records r
semi join touched_ids t on r.transfer_id = t.transfer_id
inner join sources s on s.source_id = r.record_key // 68719476736
inner join moments m on r.moment_id = m.moment_id
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
cross join scope_settings o
left join copies c on r.record_key = c.record_key
left join links l on r.record_key = l.record_key and l.record_key <> l.kept_key
left join sources k on l.kept_key // 68719476736 = k.source_id
where s.scan_id <= getvariable('scan_after')::integer;

-- Of transfers that brought something new: its first record.
create or replace temp table fresh_records as
select
    transfer_id,
    min(record_key) as fresh_key
from touched_records
where known_since > getvariable('scan_before')::integer
group by transfer_id;

create or replace temp table touched_findings as
with candidates as (
    -- What was found on a transfer that brought nothing new can only have changed under a rule that did.
    select
        s.rule,
        s.reads,
        s.key,
        s.severity,
        s.evidence,
        s.citation,
        s.certainty,
        s.first_scan,
        s.until_scan,
        s.rule in (select rule from moved_spans) or s.rule in (select rule from moved_suppressions) as moved,
        coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], s.rule), false) as anywhere
    from finding_spans s
    where s.reads <> 'sources' and s.first_scan <= getvariable('scan_after')::integer
),

found as (
    select
        r.*,
        f.fresh_key,
        c.* exclude (key, moved, anywhere) replace (least(c.until_scan, r.linked_since) as until_scan)
    from touched_records r
    inner join candidates c on c.reads = 'disclosures' and r.disclosure_id = c.key
    left join fresh_records f on r.transfer_id = f.transfer_id
    where
        (c.moved or f.fresh_key is not null or r.linked_since > getvariable('scan_before')::integer)
        and (r.in_scope or c.anywhere)
    union all
    select
        r.*,
        f.fresh_key,
        c.* exclude (key, moved, anywhere) replace (least(c.until_scan, r.linked_since) as until_scan)
    from touched_records r
    inner join candidates c on c.reads = 'transfers' and r.record_key = c.key
    left join fresh_records f on r.transfer_id = f.transfer_id
    where c.moved or f.fresh_key is not null or r.linked_since > getvariable('scan_before')::integer
),

-- Spans do not keep what is said about a single transfer, but one ends and one begins where it is said otherwise.
reworded as (
    select distinct
        n.rule,
        n.key,
        n.first_scan
    from finding_spans n
    inner join finding_spans o on n.rule = o.rule and n.key = o.key and n.first_scan = o.until_scan
    where
        n.reads = 'transfers'
        and o.reads = 'transfers'
        and o.until_scan > getvariable('scan_before')::integer
        and o.until_scan <= getvariable('scan_after')::integer
        and n.first_scan > getvariable('scan_before')::integer
        and n.first_scan <= getvariable('scan_after')::integer
)

select
    f.* exclude (disclosure_id, in_scope, linked_since, evidence, citation, certainty),
    hash(f.rule, f.severity, f.evidence, f.citation, f.certainty) as said,
    f.known_since <= getvariable('scan_before')::integer as is_old,
    is_old and held_at(f.first_scan, f.until_scan, getvariable('scan_before')::integer) as held_before,
    coalesce(f.until_scan > getvariable('scan_after')::integer, true) as held_after,
    w.key is not null as reworded
from found f
left join reworded w
    on f.reads = 'transfers' and f.rule = w.rule and f.record_key = w.key and f.first_scan = w.first_scan;

drop table touched_records;
drop table fresh_records;
drop table moved_spans;
drop table moved_suppressions;
drop table touched_ids;
