/*
title = "Write down what is suppressed from a scan on"
description = """
Closes what is in force no more, or otherwise than before, and opens what is: suppressions from `asked_suppressions`,
the findings they hide from `suppression_matches`; those named in `in_force` only.
"""
[params.scan_id]
type = "integer"
unit = "scan"
required = true
description = "The scan."

[params.in_force]
type = "varchar[]"
description = "Names of the suppressions that are in force."
*/
create or replace temp table standing_suppressions as
select *
from asked_suppressions
where list_contains(getvariable('in_force')::varchar[], suppression_id);

create or replace temp table unchanged_suppressions as
-- Where it stands in the file is no part of what it says.
select * exclude (origin, first_scan, until_scan)
from suppression_spans
where until_scan is null
intersect
select * exclude (origin)
from standing_suppressions;

update suppression_spans
set until_scan = getvariable('scan_id')::integer
where until_scan is null and suppression_id not in (select suppression_id from unchanged_suppressions);

insert into suppression_spans by name
select
    *,
    getvariable('scan_id')::integer as first_scan
from standing_suppressions
where suppression_id not in (select suppression_id from unchanged_suppressions);

create or replace temp table hidden_now as
select *
from suppression_matches
where list_contains(getvariable('in_force')::varchar[], suppression_id);

create or replace temp table hidden_still as
select * exclude (first_scan, until_scan)
from suppressed_findings
where until_scan is null
intersect
select * from hidden_now;

update suppressed_findings
set until_scan = getvariable('scan_id')::integer
where
    until_scan is null
    and (suppression_id, rule, coalesce(transfer_id, ''), coalesce(subject, ''), records) not in (
        select (suppression_id, rule, coalesce(transfer_id, ''), coalesce(subject, ''), records) from hidden_still
    );

insert into suppressed_findings by name
select
    n.*,
    getvariable('scan_id')::integer as first_scan
from (
    select * from hidden_now
    except
    select * from hidden_still
) n
order by n.suppression_id, n.rule, n.transfer_id, n.subject;

drop table standing_suppressions;
drop table unchanged_suppressions;
drop table hidden_now;
drop table hidden_still;
drop table suppression_matches;
drop table asked_suppressions;
