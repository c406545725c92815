/*
title = "What rules find about affected transfers"
description = """
Adds to `found_events` the hits, among the records of `affected_records`, of rules that look at each transfer alone.
Run while the views are narrowed to these.
"""

[params.asked_few]
type = "varchar[]"
required = true
description = "Rules that were asked about affected records only."
*/
insert into found_events
select distinct
    rule,
    severity,
    record_key
from event_findings
where
    list_contains(getvariable('asked_few')::varchar[], rule)
    and record_key in (select record_key from affected_records);
