/*
title = "The most serious transfers"
description = """
Transfers in scope, attempts left out: those barred now and then first, then those barred now, barred then, and
to review; within each the largest first. Of transfers that disclosed the same between the same parties, with the
same verdicts, the largest stands for all: `like_it` is how many they are, `first_day` and `last_day` when. Finds from
the tallies which disclosures can be on the list, so that no other records are looked at.
"""
selection = true

[params.serious_limit]
type = "integer"
default = 10
unit = "transfers"
description = "How many transfers to list."
*/
with ranked as (
    select
        disclosure_id,
        verdict_now,
        verdict_then,
        any_value(deduced) as deduced,
        sum(transfers)::bigint as like_it,
        max(coalesce(most_people, -1)) as most_people,
        seriousness_of(verdict_now, verdict_then) as seriousness
    from selected_tallies
    where in_scope and not attempt
    group by disclosure_id, verdict_now, verdict_then
),

-- A transfer among the worst n is in one of the n groups whose largest transfers are the worst.
candidates as (
    select *
    from ranked
    where seriousness > 0
    qualify
        rank() over (order by seriousness desc, most_people desc)
        <= coalesce(getvariable('serious_limit')::bigint, 10)
),

-- Everything is carried along: to look these few up in the view of all transfers, a planner that knows
-- nothing of the data builds its tables on all of them.
alike as (
    select
        k.record_key,
        k.transfer_id,
        k.occurred_at,
        k.record_count,
        k.disclosure_id,
        m.precision,
        m.court_day,
        x.outcome,
        c.seriousness,
        c.verdict_now,
        c.verdict_then,
        c.deduced,
        c.like_it,
        min(m.court_day) over same as first_day,
        max(m.court_day) over same as last_day
    from kept_records k
    inner join candidates c on k.disclosure_id = c.disclosure_id
    inner join moments m on k.moment_id = m.moment_id
    inner join selected_tallies t
        on c.disclosure_id = t.disclosure_id
        and c.verdict_now = t.verdict_now
        and c.verdict_then = t.verdict_then
        and t.in_scope
        and not t.attempt
        and t.regime_then is not distinct from m.regime_then
        and t.span_id is not distinct from m.span_id
        and t.timed = (m.precision <> 'unknown')
    inner join context_meanings x on k.context_id = x.context_id and not x.attempt
    cross join settings s
    where
        coalesce(m.until_day >= s.since, true)
        and is_day_asked_for(m.court_day)
    window same as (partition by k.disclosure_id, c.verdict_now, c.verdict_then)
    qualify
        row_number() over (
            partition by k.disclosure_id, c.verdict_now, c.verdict_then
            order by
                k.record_count desc nulls last, k.occurred_at asc nulls last, k.transfer_id asc, k.record_key asc
        ) = 1
),

worst as (
    select *
    from alike
    order by
        seriousness desc,
        record_count desc nulls last,
        occurred_at asc nulls last,
        transfer_id asc,
        record_key asc
    limit coalesce(getvariable('serious_limit')::bigint, 10)
)

select
    w.record_key,
    w.transfer_id,
    time_text(w.precision, w.occurred_at) as occurred_at,
    w.court_day,
    coalesce(d.sender_agency, d.sender) as sender,
    coalesce(d.recipient_agency, d.recipient) as recipient,
    d.states,
    d.programs,
    d.populations,
    d.elements,
    d.element_basis,
    w.record_count,
    s.counts,
    w.outcome,
    w.verdict_now,
    w.verdict_then,
    case when w.deduced then 'deduced' else 'logged' end as verdict_basis,
    w.like_it,
    w.first_day,
    w.last_day,
    s.path as source_file,
    number_found(s.places, w.record_key) as source_record,
    place_text(s.places, s.sheets, w.record_key % 68719476736) as place
from worst w
inner join disclosures d on w.disclosure_id = d.disclosure_id
inner join sources s on s.source_id = w.record_key // 68719476736
order by
    w.seriousness desc,
    w.record_count desc nulls last,
    w.occurred_at asc nulls last,
    w.transfer_id asc,
    w.record_key asc;
