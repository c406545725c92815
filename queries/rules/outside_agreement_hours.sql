/*
title = "Access outside the agreed hours"
description = "A query, view or download on a day or at an hour that the agreement does not allow."
severity = "review"
reads = "transfers"
alone = true
citation = "Information Exchange Agreement of July 2025"
evidence = "B"
why = "The agreement as reported allows access on weekdays from nine to five; the zone is assumed."
false_positives = "Holidays are not known here; a scheduled job started within the hours may be logged after them."
requires = ["occurred_at", "action"]
*/
with closed as (
    select
        m.moment_id,
        a.instrument_id,
        a.title,
        coalesce(m.quarter at time zone a.hours_zone, m.court_day::timestamp) as local_time,
        m.quarter is not null as timed,
        a.hours_zone
    from moments m
    inner join agreements a
        on a.hours_from is not null
        and m.court_day between a.dated and a.last_end
    where
        isodow(coalesce(m.quarter at time zone a.hours_zone, m.court_day::timestamp)) not in (
            select w.weekday
            from policy_instrument_weekdays w
            where w.instrument_id = a.instrument_id
        )
        or (
            m.quarter is not null
            and (
                (m.quarter at time zone a.hours_zone)::time < a.hours_from::time
                or (m.quarter at time zone a.hours_zone)::time >= a.hours_to::time
            )
        )
)

select
    e.record_key,
    case
        when c.timed then strftime(c.local_time, '%a %Y-%m-%d between %H:%M and ')
            || strftime(c.local_time + interval 15 minute, '%H:%M ') || c.hours_zone
        else strftime(c.local_time, '%a %Y-%m-%d')
    end as evidence,
    c.title as citation,
    'B' as certainty
from events e
inner join closed c on e.moment_id = c.moment_id
inner join context_meanings x on e.context_id = x.context_id
where
    e.in_scope
    and x.action in ('query', 'view', 'download')
