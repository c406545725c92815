/*
title = "Begin and end findings on single transfers"
description = """
Ends the spans of what is found no more, or says something else now, and begins those of what is new. Reads
`found_events` and `changed_events`. What a rule that failed had found stays: nobody knows better.
"""

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan that found it."

[params.asked_few]
type = "varchar[]"
required = true
description = "Rules that were asked about affected records only."

[params.some_asked_all]
type = "boolean"
required = true
description = "Whether there are others, asked about every record."
*/
create or replace temp table ended_spans as
with candidates as (
    -- Few of a ledger's many spans are on affected records: the join finds their places without reading the others.
    select s.rowid as span, s.rule, s.key
    from finding_spans s
    semi join affected_records a on s.key = a.record_key
    where
        s.reads = 'transfers'
        and s.until_scan is null
        and list_contains(getvariable('asked_few')::varchar[], s.rule)
    union all
    select s.rowid, s.rule, s.key
    from finding_spans s
    where
        getvariable('some_asked_all')::boolean
        and s.reads = 'transfers'
        and s.until_scan is null
        and not list_contains(getvariable('asked_few')::varchar[], s.rule)
)

select
    s.span,
    s.rule
from candidates s
left join found_events f on s.rule = f.rule and s.key = f.record_key
left join changed_events c on s.rule = c.rule and s.key = c.record_key
where
    (f.rule is null or c.rule is not null)
    and s.rule not in (
        select rule
        from rule_runs
        where outcome = 'failed'
    );

update finding_spans
set until_scan = getvariable('scan_id')::integer
where rowid in (select span from ended_spans);

create or replace temp table open_spans as
select
    s.rule,
    s.key
from finding_spans s
inner join found_events f on s.rule = f.rule and s.key = f.record_key
where s.reads = 'transfers' and s.until_scan is null;

create or replace temp table begun_spans as
select
    f.rule,
    f.severity,
    f.record_key
from found_events f
anti join open_spans s on f.rule = s.rule and f.record_key = s.key;

insert into finding_spans by name
select
    rule,
    'transfers' as reads,
    record_key as key,
    severity,
    getvariable('scan_id')::integer as first_scan
from begun_spans
order by rule, record_key;

-- Rules that were asked about few records counted few: with what the scan before counted, and what began and ended
-- since, that is all of them.
update rule_runs
set hits = coalesce((
    select b.hits
    from scan_rules b
    where b.rule = rule_runs.rule and b.scan_id = getvariable('scan_id')::integer - 1
), 0)
+ (
    select count(*)
    from begun_spans n
    where n.rule = rule_runs.rule
)
- (
    select count(*)
    from ended_spans e
    where e.rule = rule_runs.rule
)
where list_contains(getvariable('asked_few')::varchar[], rule) and outcome = 'ran';

drop table ended_spans;
drop table open_spans;
drop table begun_spans;
drop table found_events;
drop table changed_events;
