/*
title = "Span of days within which the law changed"
description = """
One row stands for what moved from a first to a last day, and an order was entered, or began or ceased to apply, on a
day after the first.
"""
severity = "review"
reads = "transfers"
rests_on = "span_regimes"
alone = true
citation = "Orders of 12 Aug 2025 and 29 Dec 2025"
evidence = "A"
why = "The verdict then is the worst of those days: which of them the data moved on, the row does not say."
false_positives = "Rows whose transfers all took place before the change."
requires = ["occurred_at"]
*/
select
    e.record_key,
    e.court_day || ' to ' || e.until_day
    || case when t.event_count > 1 then ', ' || t.event_count || ' transfers' else '' end
    || '; judged by the worst of ' || r.regimes as evidence,
    'Orders of 12 Aug 2025 and 29 Dec 2025' as citation,
    'A' as certainty
from events e
inner join (
    select
        span_id,
        string_agg(distinct regime_id, ', ' order by regime_id) as regimes
    from span_regimes
    group by span_id
) r on e.span_id = r.span_id
inner join traces t on e.record_key = t.record_key
where e.in_scope
