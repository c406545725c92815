/*
title = "Canonical log, JSON"
description = """
Records of a canonical log whose values are JSON texts: NDJSON, a JSON array, and Parquet, whose values
are turned into JSON. Reads `incoming`, one row a record: the id, the time and the count as plain text,
the other fields as JSON text, and `bad_` fields where one of the three is no scalar. `row_bytes` is what
the three take in a line without blanks: the byte accounting of a file adds it up, and a line with
anything else in it does not add up. It is null where a value may have been written in another length
than it was read, or is none that JSON knows. `others` are the texts of the fields that mean nothing to a transfer.
"""
*/
select
    i.record_no,
    unless_blank(i.transfer_id) as transfer_id,
    i.bad_id,
    i.occurred_at as occurred_text,
    i.bad_time,
    i.record_count as count_text,
    i.bad_count,
    i.sender::varchar as sender,
    i.recipient::varchar as recipient,
    i.programs::varchar as programs,
    i.states::varchar as states,
    i.elements::varchar as elements,
    null::varchar as element_basis,
    i.populations::varchar as populations,
    i.purpose::varchar as purpose,
    i.actor::varchar as actor,
    i.action::varchar as action,
    i.system::varchar as system,
    i.authority::varchar as authority,
    i.outcome::varchar as outcome,
    json_fields(i.unread) as unread,
    case
        -- Text that could be a bare number or word may lack the quotes that are counted for it.
        when could_be_bare(i.transfer_id) then null
        -- A count that begins with a letter: quoted text, or `NaN`, which is no JSON.
        when i.record_count >= ':' then null
        -- So may a field that means nothing to a transfer.
        when i.others <> '' and may_be_no_json('[' || i.others || ']') then null
        else strlen(i.transfer_id) + 17 + strlen(i.occurred_at) + 17 + coalesce(strlen(i.record_count) + 16, 0) + 2
    end as row_bytes,
    -- An object, or text that looks like one: only a closer look can tell.
    looks_nested(i.transfer_id) or looks_nested(i.occurred_at) or looks_nested(i.record_count)
    -- Nothing that is known: no record, unless it is one that says so.
    or coalesce(
        i.transfer_id, i.occurred_at, i.record_count, i.sender::varchar, i.recipient::varchar, i.actor::varchar,
        i.action::varchar, i.system::varchar, i.authority::varchar, i.programs::varchar, i.states::varchar,
        i.elements::varchar, i.populations::varchar, i.purpose::varchar, i.outcome::varchar
    ) is null as unclear
from incoming i
