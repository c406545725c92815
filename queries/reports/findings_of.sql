/*
title = "Why these transfers"
description = """
The findings of the transfers named in the variable `record_keys`, worst first. Unset, it names none.
"""
*/
select
    record_key,
    rule,
    severity,
    evidence,
    citation,
    certainty
from findings
where list_contains(getvariable('record_keys')::bigint[], record_key)
order by
    record_key,
    case severity when 'enjoined' then 0 when 'review' then 1 else 2 end,
    rule;
