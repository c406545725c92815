/*
title = "The records of one transfer"
description = """
What was logged under the id in `explain_id`, and what was decided: one row a record that was
kept, more than one where the log says different things under one id.
"""

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
select
    t.record_key,
    t.transfer_id,
    t.occurred_at,
    v.court_day::varchar as court_day,
    t.sender,
    t.recipient,
    t.sender_agency,
    t.recipient_agency,
    d.sender_basis,
    d.recipient_basis,
    deduces('place', l.deduced) as sender_is_place,
    deduced_item('sender', l.deduced) as held_by,
    t.actor,
    t.action,
    t.system,
    t.authority,
    t.purpose,
    d.purpose_kind,
    t.record_count,
    t.outcome,
    t.source_file,
    t.source_record,
    t.place,
    t.disclosure_id,
    t.elements,
    d.element_basis,
    v.in_scope,
    d.parties_in_scope,
    d.unknown_agency,
    s.regime_now,
    v.verdict_now,
    v.regime_then,
    v.verdict_then,
    v.flag_category,
    v.flag_state
from transfers t
inner join verdicts v on t.record_key = v.record_key
inner join disclosures d on t.disclosure_id = d.disclosure_id
inner join logged_disclosures l on t.disclosure_id = l.disclosure_id
cross join settings s
where t.transfer_id = getvariable('explain_id')
order by t.source_file, t.record_key
