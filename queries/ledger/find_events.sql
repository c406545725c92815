/*
title = "What rules find about single transfers"
description = """
Leaves `found_events`: every hit of the rules on single transfers, but for those that `find_new_events` asks about
fewer of them.
"""

[params.asked_few]
type = "varchar[]"
required = true
description = "Rules that were asked about affected records only."
*/
create or replace temp table found_events as
select distinct
    rule,
    severity,
    record_key
from event_findings
where not list_contains(getvariable('asked_few')::varchar[], rule);

create temp table if not exists changed_events (rule varchar, record_key bigint);

create temp table if not exists affected_records (record_key bigint);
