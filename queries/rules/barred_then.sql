/*
title = "Barred when it happened"
description = "The verdict under the order in force on the day of the transfer is enjoined."
severity = "grave"
reads = "transfers"
alone = true
citation = "The order in force on the day of the transfer"
evidence = "B"
why = "A transfer made while an order barred it is the gravest finding."
false_positives = "A zone that was declared wrongly moves a transfer over the edge of a day."
requires = ["occurred_at"]
*/
-- What moved within a span of days moved under each of its regimes, for all that the log says.
with under as (
    select
        record_key,
        disclosure_id,
        court_day::varchar as days,
        regime_then as regime_id
    from events
    where in_scope and not unknown_agency and span_id is null
    union all
    select
        e.record_key,
        e.disclosure_id,
        e.court_day || ' to ' || e.until_day,
        r.regime_id
    from events e
    inner join span_regimes r on e.moment_id = r.moment_id
    where e.in_scope and not e.unknown_agency
)

select
    u.record_key,
    u.regime_id || ', in force on ' || u.days || ': ' || array_to_string(l.plaintiff_states, ', ')
    || presumed(d.purpose_kind) as evidence,
    r.citation,
    coalesce(j.certainty, r.evidence) as certainty
from under u
inner join judgments j on u.disclosure_id = j.disclosure_id and u.regime_id = j.regime_id
inner join policy_regimes r on j.regime_id = r.regime_id
inner join disclosure_parties d on u.disclosure_id = d.disclosure_id
inner join list_states l on d.state_list = l.list_id and u.regime_id = l.regime_id
where j.verdict = 'enjoined'
