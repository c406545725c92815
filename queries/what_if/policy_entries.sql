/*
title = "The policy as one list"
description = """
Every entry of every policy table as text: in which table, under which name, what it says, and the file and line
it comes from, in `policy_entries`; in `policy_words` the words of a log that have a meaning. One query over sixty
lines, because a table that is left out here would be a difference that nobody sees.
"""
*/
create or replace table policy_words as
select *
from words_of_policy()
where kind <> 'outcome';

create or replace table policy_entries as
select
    'regimes' as policy_table,
    regime_id || '.' || name as entry,
    value as said,
    origin
from (
    unpivot (select columns(*)::varchar from policy_regimes)
    on columns(* exclude (regime_id, origin))
    into name name value value
)
union all
select 'regime_states', regime_id || '.' || state, status, origin from policy_regime_states
union all
select 'regime_states', regime_id || '.' || state || '.' || name, value, origin
from (
    unpivot (select regime_id, state, certainty, note, origin from policy_regime_states)
    on certainty, note
    into name name value value
)
union all
select 'severities', regime_id || '.' || kind || '.' || key, severity, origin from policy_severities
union all
select 'severities', regime_id || '.' || kind || '.' || key || '.certainty', certainty, origin
from policy_severities
where certainty is not null
union all
select 'implied_by', category || ' by ' || implied_by, 'permitted', origin from policy_implied_by
union all
select 'boundary_days', day::varchar, 'boundary day', origin from policy_boundary_days
union all
select
    'instruments',
    instrument_id,
    concat_ws('; ', kind, title, dated, access, hours_from, hours_to, hours_zone),
    origin
from policy_instruments
union all
select 'instrument_days', instrument_id || '.' || kind || '.' || day, 'listed', origin from policy_instrument_days
union all
select 'instrument_weekdays', instrument_id || '.' || weekday, 'listed', origin from policy_instrument_weekdays
union all
select 'instrument_categories', instrument_id || '.' || list || '.' || category, 'listed', origin
from policy_instrument_categories
union all
select 'instrument_programs', instrument_id || '.' || program, 'listed', origin from policy_instrument_programs
union all
select 'agencies', alias_key, agency || ' (' || side || ')', origin from policy_agencies
union all
select 'parties', kind || ' ' || value_key, agency || coalesce(', ' || certainty, ''), origin from policy_parties
union all
select kind || 's', alias_key, meaning, origin
from policy_words
-- Of an element more than its category is told, below.
where kind <> 'category'
union all
select 'outcomes', alias_key, outcome, origin from policy_outcomes
union all
select 'nation', state, 'listed', origin from policy_nation
union all
select 'elements', alias_key, category || coalesce(', also ' || also, ''), origin from policy_elements
union all
select 'codes', element || '.' || code, concat_ws('; ', meaning, note), origin from policy_codes
union all
select
    'reported_transfers',
    day::varchar || coalesce(' ' || array_to_string(states, ','), ''),
    concat_ws('; ', evidence, array_to_string(elements, ','), note),
    origin
from policy_reported_transfers
union all
select 'settings', name, value, null
from (
    unpivot (
        select
            p.court_zone,
            p.caption,
            p.no_order_read,
            s.as_of::varchar as as_of,
            coalesce(s.regime_now, 'none') as regime_now
        from policy_settings p
        cross join settings s
    )
    on columns(*)
    into name name value value
);
