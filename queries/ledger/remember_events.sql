/*
title = "What was said about single transfers"
description = """
Leaves `events_before`: every finding on a single transfer with a hash of what it says, before policy or rules change.
"""
*/
create or replace temp table events_before as
select
    rule,
    record_key,
    hash(severity, evidence, citation, certainty) as said
from event_findings;
