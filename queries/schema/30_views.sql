/*
title = "Views of the transfers"
description = """
`transfers` is one row an event with everything that was logged; `verdicts` the same events, narrow,
with what was decided; `disclosure_parts` each part of a disclosure under each regime, for the rules and
for explanations.
"""
*/
-- Every record with what is known of its transfer, from other logs too.
create or replace view linked_records as
select
    r.record_key,
    r.transfer_id,
    r.occurred_at,
    coalesce(p.moment_id, r.moment_id) as moment_id,
    coalesce(m.disclosure_id, r.disclosure_id) as disclosure_id,
    r.context_id,
    coalesce(r.record_count, m.record_count) as record_count
from records r
left join merged_contents m on r.record_key = m.record_key
left join spans p on r.record_key = p.record_key;

-- The worst verdict on a disclosure under the regimes of a span of days.
create or replace macro worst_of_spans(spans, judged) as table
select
    j.disclosure_id,
    r.span_id,
    severity_name(max(severity_rank(j.verdict))) as verdict
from (select distinct span_id, regime_id from query_table(spans)) r
inner join query_table(judged) j on r.regime_id = j.regime_id
group by all;

create or replace view span_judgments as
select * from worst_of_spans('span_regimes', 'judgments');

create or replace view kept_records as
select *
from linked_records r
anti join duplicates d on r.record_key = d.record_key;

-- Disclosures that every regime judges alike share a class: counts by class stay right under every as-of date.
create or replace macro judged_classes() as table
with vectors as (
    select
        d.disclosure_id,
        d.parties_in_scope,
        d.unknown_agency,
        d.unattributed,
        list((
            100 * severity_rank(j.verdict) + 10 * severity_rank(j.content_before_purpose) + j.some_covered::integer
        )::smallint order by j.regime_id) as judged
    from disclosure_parties d
    inner join judgments j on d.disclosure_id = j.disclosure_id
    group by all
)

select
    disclosure_id,
    -- The first of its class: what is read later cannot take its place, so counts by class can be added to.
    min(disclosure_id) over (partition by parties_in_scope, unknown_agency, unattributed, judged) as class_id
from vectors;

-- Some records, `kept_records` or those that are new, with what decides their verdicts beside what was disclosed; the
-- same under every as-of date.
create or replace macro scoped(chosen) as table
select
    r.*,
    m.precision,
    m.court_day,
    m.until_day,
    m.week,
    m.regime_then,
    m.span_id,
    d.recipient_agency,
    d.unknown_agency,
    d.parties_in_scope,
    d.parties_in_scope and coalesce(m.until_day >= s.since, true) as in_scope,
    d.unattributed and coalesce(m.until_day >= s.since, true) as unattributed,
    c.attempt,
    d.element_basis
from query_table(chosen) r
inner join moments m on r.moment_id = m.moment_id
inner join context_meanings c on r.context_id = c.context_id
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
cross join scope_settings s;

create or replace macro tallied(chosen) as table
select
    disclosure_id,
    regime_then,
    span_id,
    precision <> 'unknown' as timed,
    in_scope,
    unattributed,
    attempt,
    count(*) as transfers,
    sum(record_count) as people,
    count(record_count) as counted,
    max(record_count) as most_people
from scoped(chosen)
group by all;

create or replace macro tallied_by_week(chosen) as table
select
    k.class_id,
    r.week,
    r.regime_then,
    r.span_id,
    r.in_scope,
    r.unattributed,
    r.attempt,
    count(*) as transfers
from scoped(chosen) r
inner join verdict_classes k on r.disclosure_id = k.disclosure_id
group by all;

create or replace view transfers as
select
    r.record_key,
    r.transfer_id,
    time_text(m.precision, r.occurred_at) as occurred_at,
    d.sender,
    d.recipient,
    d.sender_agency,
    d.recipient_agency,
    c.actor,
    c.action,
    c.system,
    c.authority,
    d.programs,
    d.states,
    d.elements,
    d.populations,
    r.record_count,
    d.purpose,
    a.outcome,
    s.path as source_file,
    number_found(s.places, r.record_key) as source_record,
    place_text(s.places, s.sheets, r.record_key % 68719476736) as place,
    r.occurred_at as instant,
    r.disclosure_id,
    r.context_id,
    r.moment_id
from kept_records r
inner join moments m on r.moment_id = m.moment_id
inner join disclosures d on r.disclosure_id = d.disclosure_id
inner join contexts c on r.context_id = c.context_id
inner join context_meanings a on r.context_id = a.context_id
inner join sources s on s.source_id = r.record_key // 68719476736;

-- A record that says again what another says is a trace of the transfer that the other is a trace of.
create or replace view transfer_traces as
with traced as (
    select
        t.*,
        coalesce(u.kept_key, t.record_key) as counted_key,
        case when u.record_key is not null and l.record_key is null then 'repeat' else l.how end as how
    from traces t
    left join duplicates u on t.record_key = u.record_key
    left join links l on t.record_key = l.record_key
)

select
    coalesce(k.kept_key, t.counted_key) as transfer_key,
    c.transfer_id,
    t.record_key,
    t.how,
    t.log,
    case when r.moment_id < 2000000000 then r.occurred_at end as occurred_at,
    t.occurred_until,
    t.event_count,
    t.file_name,
    t.bytes,
    t.peer,
    d.element_basis,
    t.population_filter,
    t.query_text,
    t.note,
    s.path as source_file,
    number_found(s.places, t.record_key) as source_record,
    place_text(s.places, s.sheets, t.record_key % 68719476736) as place
from traced t
inner join records r on t.record_key = r.record_key
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
inner join sources s on s.source_id = t.record_key // 68719476736
left join links k on t.counted_key = k.record_key
inner join records c on c.record_key = coalesce(k.kept_key, t.counted_key);

create or replace view onward_transfers as
select t.* exclude (programs, states, elements, populations, instant, disclosure_id, context_id, moment_id)
from transfers t
inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
where d.onward;

-- The parts of each list under each regime, with the line of policy that decided.
create or replace view list_parts as
select
    m.list_id,
    s.regime_id,
    m.kind,
    m.key,
    m.items,
    m.deduced,
    m.told,
    case
        when i.category is not null then 'permitted'
        -- Counts and sums tell of nobody in particular.
        when l.aggregate and s.severity = 'enjoined' then 'review'
        else s.severity
    end as severity,
    i.implied_by,
    s.listed,
    coalesce(s.origin, r.origin) as origin,
    r.citation,
    s.certainty
from list_meanings m
inner join lists l on m.list_id = l.list_id
inner join severities s on m.kind = s.kind and m.key = s.key
inner join policy_regimes r on s.regime_id = r.regime_id
left join implied_categories i
    on m.kind = 'category' and m.list_id = i.list_id and s.regime_id = i.regime_id and m.key = i.category
where m.kind <> 'state';

-- The parts of each disclosure.
create or replace view disclosure_parts as
select
    d.disclosure_id,
    p.regime_id,
    d.kind,
    p.* exclude (list_id, regime_id, kind)
from disclosure_lists d
inner join list_parts p on d.list_id = p.list_id
where d.kind <> 'state';

-- The same for the regime in force on the as-of date. What a regime that reaches nobody leaves undecided
-- is no question for anybody: it would put a reason to review on every transfer before the first order.
create or replace view parts_now as
with now as (
    select p.*
    from list_parts p
    inner join settings s on p.regime_id = s.regime_now
    where p.severity = 'enjoined' or s.regime_now in (select regime_id from policy_regime_states)
)

select
    d.disclosure_id,
    p.regime_id,
    d.kind,
    p.* exclude (list_id, regime_id, kind),
    d.purpose_kind,
    j.content_before_purpose,
    j.content
from disclosure_lists d
inner join now p on d.list_id = p.list_id
inner join judgments j on d.disclosure_id = j.disclosure_id and p.regime_id = j.regime_id
where d.parties_in_scope and d.kind <> 'state';

-- What rules find of the parts of one kind that are so severe: of those with one of the keys, or of all but some. A
-- finding a disclosure.
create or replace macro parts_found(found_kind, severities, keys := null::varchar[], but := []::varchar[]) as table
select
    disclosure_id,
    string_agg(told, '; ' order by key) || presumed(any_value(purpose_kind)) as evidence,
    any_value(citation) as citation,
    min(certainty) as certainty
from parts_now
where
    kind = found_kind
    and list_contains(severities, severity)
    and coalesce(list_contains(keys, key), true)
    and not list_contains(but, key)
group by disclosure_id;

-- What rules on single events ask of a transfer, without its lists, and the same under every as-of date.
create or replace view events as
select * exclude (occurred_at, record_count, week)
from scoped('kept_records');

-- The agreements as the rules use them: their first day, and the days on which sources let them end.
create or replace view agreements as
select
    i.*,
    min(d.day) filter (where d.kind = 'end') as first_end,
    max(d.day) filter (where d.kind = 'end') as last_end,
    string_agg(d.day::varchar, ', ' order by d.day) filter (where d.kind = 'end') as end_days
from policy_instruments i
left join policy_instrument_days d on i.instrument_id = d.instrument_id
where i.kind = 'agreement'
group by all;

create or replace view verdicts as
with asked as (
    select
        r.*,
        m.precision,
        m.court_day,
        m.week,
        m.regime_then,
        m.span_id,
        x.attempt,
        not d.unknown_agency as settled,
        d.parties_in_scope and coalesce(m.until_day >= s.since, true) as in_scope,
        d.unattributed and coalesce(m.until_day >= s.since, true) as unattributed,
        s.regime_now
    from kept_records r
    inner join moments m on r.moment_id = m.moment_id
    inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
    inner join context_meanings x on r.context_id = x.context_id
    cross join settings s
)

select
    a.record_key,
    a.transfer_id,
    time_text(a.precision, a.occurred_at) as occurred_at,
    a.disclosure_id,
    a.context_id,
    a.moment_id,
    a.record_count,
    case when a.precision = 'instant' then a.occurred_at end as instant,
    a.court_day,
    a.week,
    a.regime_then,
    a.in_scope,
    a.unattributed,
    a.attempt,
    verdict_of(a.in_scope, a.unattributed, a.settled, n.verdict) as verdict_now,
    verdict_of(
        a.in_scope, a.unattributed, a.settled and a.precision <> 'unknown', coalesce(p.verdict, t.verdict)
    ) as verdict_then,
    a.in_scope and coalesce(n.content_before_purpose = 'enjoined', false) as flag_category,
    a.in_scope and coalesce(n.some_covered, false) as flag_state,
    case
        when a.in_scope and a.settled and n.verdict <> n.verdict_as_logged then 'deduced'
        else 'logged'
    end as verdict_basis,
    case when a.in_scope and a.settled then n.certainty end as certainty
from asked a
left join judgments n on a.disclosure_id = n.disclosure_id and a.regime_now = n.regime_id
left join judgments t on a.disclosure_id = t.disclosure_id and a.regime_then = t.regime_id
left join span_judgments p on a.disclosure_id = p.disclosure_id and a.span_id = p.span_id;
