/*
title = "The transfers among the mapped records"
description = """
Canonical values as the JSON texts that staging reads, of the records that are transfers; and beside them what only
traces keep.
"""
*/
create or replace temp view mapped as
select
    record_no,
    coalesce(
        unless_blank(transfer_id),
        -- Two files fetched in one second are two transfers: what only traces keep tells them apart.
        'content-' || left(sha256(concat_ws(
            chr(10), occurred_at, sender, recipient, actor, action, system, record_count, outcome, file_name, bytes,
            peer, link_key, occurred_until, event_count, array_to_string(states, ';'), array_to_string(elements, ';'),
            purpose, authority, query_text, note, array_to_string(open_tables, ';'), to_json(accessed)::varchar
        )), 32)
    ) as transfer_id,
    null::varchar as bad_id,
    occurred_at as occurred_text,
    null::varchar as bad_time,
    record_count as count_text,
    null::varchar as bad_count,
    -- Where the log does not say whose data moved: whose systems wrote the log, if somebody said that.
    to_json(coalesce(sender, getvariable('held_by')))::varchar as sender,
    to_json(recipient)::varchar as recipient,
    to_json(programs)::varchar as programs,
    to_json(states)::varchar as states,
    to_json(elements)::varchar as elements,
    element_basis,
    to_json(populations)::varchar as populations,
    to_json(purpose)::varchar as purpose,
    to_json(actor)::varchar as actor,
    to_json(action)::varchar as action,
    to_json(system)::varchar as system,
    to_json(authority)::varchar as authority,
    to_json(outcome)::varchar as outcome,
    null::bigint as row_bytes,
    false as unclear
from mapped_rows
where set_aside is null and unreadable is null;
