/*
title = "What is said otherwise about single transfers"
description = """
Leaves `changed_events`: findings on a transfer that were there before policy or rules changed, and say something else.
"""
*/
create or replace temp table changed_events as
select distinct
    e.rule,
    e.record_key
from event_findings e
inner join events_before b on e.rule = b.rule and e.record_key = b.record_key
where hash(e.severity, e.evidence, e.citation, e.certainty) <> b.said;

drop table events_before;
