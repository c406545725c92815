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
*/
create or replace temp table ended_spans as
select s.rowid as span
from finding_spans s
left join found_events f on s.rule = f.rule and s.key = f.record_key
left join changed_events c on s.rule = c.rule and s.key = c.record_key
where
    s.reads = 'transfers'
    and s.until_scan is null
    and (f.rule is null or c.rule is not null)
    and s.rule not in (
        select rule
        from rule_runs
        where outcome = 'failed'
    )
    and (
        not list_contains(getvariable('asked_few')::varchar[], s.rule)
        or s.key in (select record_key from affected_records)
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

insert into finding_spans
select
    f.rule,
    'transfers',
    f.record_key,
    null,
    f.severity,
    null,
    null,
    null,
    getvariable('scan_id')::integer,
    null
from found_events f
anti join open_spans s on f.rule = s.rule and f.record_key = s.key
order by f.rule, f.record_key;

drop table ended_spans;
drop table open_spans;
drop table found_events;
drop table changed_events;

-- Rules that were asked about few records counted few: what holds of the others stands in the spans.
update rule_runs
set hits = (
    select count(distinct s.key)
    from finding_spans s
    where s.rule = rule_runs.rule and s.reads = 'transfers' and s.until_scan is null
)
where list_contains(getvariable('asked_few')::varchar[], rule) and outcome = 'ran';
