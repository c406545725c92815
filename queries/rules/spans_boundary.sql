/*
title = "Span of days within which the law changed"
description = """
One row stands for what moved from a first to a last day, and an order was entered, or began or ceased to apply, on a
day after the first.
"""
severity = "review"
reads = "transfers"
alone = true
citation = "Orders of 12 Aug 2025 and 29 Dec 2025"
evidence = "A"
why = "The verdict then goes by the first day: what moved on the later days may have been barred when it did."
false_positives = "Rows whose transfers all took place before the change."
requires = ["occurred_at"]
*/
with spans as (
    select
        t.record_key,
        t.event_count,
        coalesce(
            (
                timezone('UTC', instant_of(t.occurred_until, coalesce(nullif(s.zone, ''), 'UTC')))
                at time zone p.court_zone
            )::date,
            day_of(t.occurred_until)
        ) as last_day
    from traces t
    inner join sources s on s.source_id = t.record_key // 68719476736
    cross join policy_settings p
    -- A single transfer goes by the moment at which it began, however long it took.
    where t.event_count > 1 or strlen(t.occurred_until) = 10
),

changed as (
    select
        e.record_key,
        e.court_day,
        s.last_day,
        s.event_count,
        list_filter(b.days, lambda day: day > e.court_day and day <= s.last_day) as days
    from events e
    inner join spans s on e.record_key = s.record_key
    cross join (select list(day order by day) as days from policy_boundary_days) b
    where e.in_scope and s.last_day > e.court_day
)

select
    record_key,
    court_day || ' to ' || last_day
    || case when event_count > 1 then ', ' || event_count || ' transfers' else '' end
    || '; the law changed on ' || array_to_string(days, ', ') as evidence,
    'Orders of 12 Aug 2025 and 29 Dec 2025' as citation,
    'A' as certainty
from changed
where len(days) > 0
