/*
title = "The policy as one list"
description = """
Every entry of every policy table as text: in which table, under which name, what it says, and the file and line
it comes from. One query over sixty lines, because a table that is left out here would be a difference that
nobody sees.
"""
*/
create or replace table policy_entries as
select
    'regimes' as policy_table,
    regime_id || '.' || name as entry,
    value as said,
    origin
from (
    unpivot (
        select
            regime_id,
            title,
            ordered::varchar as ordered,
            first_day::varchar as first_day,
            last_day::varchar as last_day,
            enabled::varchar as enabled,
            evidence,
            citation,
            default_category,
            default_population,
            default_program,
            other_purpose,
            origin
        from policy_regimes
    )
    on title, ordered, first_day, last_day, enabled, evidence, citation, default_category, default_population,
        default_program, other_purpose
    into name name value value
)
union all
select
    'regime_states' as policy_table,
    regime_id || '.' || state as entry,
    status as said,
    origin as origin
from policy_regime_states
union all
select
    'severities' as policy_table,
    regime_id || '.' || kind || '.' || key as entry,
    severity as said,
    origin as origin
from policy_severities
union all
select
    'implied_by' as policy_table,
    category || ' by ' || implied_by as entry,
    'permitted' as said,
    origin as origin
from policy_implied_by
union all
select
    'boundary_days' as policy_table,
    day::varchar as entry,
    'boundary day' as said,
    origin as origin
from policy_boundary_days
union all
select
    'instruments',
    instrument_id,
    concat_ws('; ', kind, title, dated, access, hours_from, hours_to, hours_zone),
    origin
from policy_instruments
union all
select
    'instrument_days' as policy_table,
    instrument_id || '.' || kind || '.' || day as entry,
    'listed' as said,
    origin as origin
from policy_instrument_days
union all
select
    'instrument_weekdays' as policy_table,
    instrument_id || '.' || weekday as entry,
    'listed' as said,
    origin as origin
from policy_instrument_weekdays
union all
select
    'instrument_categories' as policy_table,
    instrument_id || '.' || list || '.' || category as entry,
    'listed' as said,
    origin as origin
from policy_instrument_categories
union all
select
    'instrument_programs' as policy_table,
    instrument_id || '.' || program as entry,
    'listed' as said,
    origin as origin
from policy_instrument_programs
union all
select
    'agencies' as policy_table,
    alias_key as entry,
    agency || ' (' || side || ')' as said,
    origin as origin
from policy_agencies
union all
select
    'programs' as policy_table,
    alias_key as entry,
    program as said,
    origin as origin
from policy_programs
union all
select
    'populations' as policy_table,
    alias_key as entry,
    population as said,
    origin as origin
from policy_populations
union all
select
    'purposes' as policy_table,
    alias_key as entry,
    purpose as said,
    origin as origin
from policy_purposes
union all
select
    'states' as policy_table,
    alias_key as entry,
    state as said,
    origin as origin
from policy_states
union all
select
    'nation' as policy_table,
    state as entry,
    'listed' as said,
    origin as origin
from policy_nation
union all
select
    'elements' as policy_table,
    alias_key as entry,
    category || coalesce(', also ' || also, '') as said,
    origin as origin
from policy_elements
union all
select
    'codes' as policy_table,
    element || '.' || code as entry,
    concat_ws('; ', meaning, note) as said,
    origin as origin
from policy_codes
union all
select
    'reported_transfers' as policy_table,
    day::varchar || coalesce(' ' || array_to_string(states, ','), '') as entry,
    concat_ws('; ', evidence, array_to_string(elements, ','), note) as said,
    origin as origin
from policy_reported_transfers
union all
select
    'settings',
    'court_zone',
    court_zone,
    null
from policy_settings
union all
select
    'settings',
    'as_of',
    as_of::varchar,
    null
from settings
union all
select
    'settings',
    'regime_now',
    coalesce(regime_now, 'none'),
    null
from settings;
