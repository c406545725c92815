/*
title = "Canonical log, CSV"
description = """
Records of a canonical log whose values are CSV cells. Reads `incoming`, one row a record with the
canonical fields as the text of their cells. A list is one cell, its items parted by semicolons.
"""
*/
select
    i.record_no,
    unless_blank(i.transfer_id) as transfer_id,
    null::varchar as bad_id,
    i.occurred_at as occurred_text,
    null::varchar as bad_time,
    i.record_count as count_text,
    null::varchar as bad_count,
    i.sender,
    i.recipient,
    i.programs,
    i.states,
    i.elements,
    null::varchar as element_basis,
    i.populations,
    i.purpose,
    i.actor,
    i.action,
    i.system,
    i.authority,
    i.outcome,
    i.unread,
    null::bigint as row_bytes,
    false as unclear
from incoming i
