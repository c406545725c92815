/*
title = "What is unsettled"
description = """
The rules that ask a person to look and that found something, most hits first. Their headers say why.
"""
*/
select
    rule,
    hits
from rule_runs
where severity = 'review' and outcome = 'ran' and hits > 0
order by hits desc, rule asc;
