/*
title = "Every transfer"
description = """
One row a transfer of the selection, attempts and what is out of scope among them: barred now and then first, then
barred now, barred then, and to review; within each the largest first. With what was disclosed, both verdicts, the rules
it met, the basis of each part, and the place of its record, with what its log notes of it: in registers also the Bates
number of a row, or the file it was printed in, where a column has it.
"""
selection = true

[params.listed_limit]
type = "integer"
unit = "transfers"
description = "How many transfers to list; all without it."

[params.listed_barred]
type = "boolean"
default = false
description = "Whether to list only those that are barred now or were barred when they happened."
*/
select
    a.record_key,
    a.transfer_id,
    a.occurred_at,
    a.court_day,
    coalesce(a.sender_agency, d.sender) as sender,
    coalesce(a.recipient_agency, d.recipient) as recipient,
    a.states,
    a.programs,
    a.populations,
    a.elements,
    a.categories,
    a.record_count,
    s.counts,
    a.purpose,
    a.action,
    c.actor,
    c.system,
    a.outcome,
    a.attempt,
    a.regime_now,
    a.verdict_now,
    a.regime_then,
    a.verdict_then,
    a.flagged,
    a.plaintiff_states,
    a.enjoined_categories,
    a.reasons,
    u.rules as suppressed_rules,
    a.verdict_basis,
    a.sender_basis,
    a.recipient_basis,
    a.state_basis,
    a.program_basis,
    a.population_basis,
    a.element_basis,
    a.certainty,
    a.source_file,
    a.place,
    replace(t.note, chr(10), '; ') as noted,
    a.source_sha256
from answer_rows a
inner join kept_records k on a.record_key = k.record_key
inner join selected_disclosures n on k.disclosure_id = n.disclosure_id
inner join disclosure_parties d on k.disclosure_id = d.disclosure_id
inner join contexts c on a.context_id = c.context_id
inner join sources s on s.source_id = a.record_key // 68719476736
left join traces t on a.record_key = t.record_key
left join suppressed_transfers u on a.transfer_id = u.transfer_id
where
    is_day_asked_for(a.court_day)
    and is_verdict_asked_for(a.verdict_now, a.verdict_then)
    and ('enjoined' in (a.verdict_now, a.verdict_then) or not coalesce(getvariable('listed_barred')::boolean, false))
order by
    a.attempt asc,
    seriousness_of(a.verdict_now, a.verdict_then) desc,
    less_asked_about(a.verdict_now) asc,
    a.record_count desc nulls last,
    a.occurred_at asc nulls last,
    a.transfer_id asc,
    a.record_key asc
limit coalesce(getvariable('listed_limit')::bigint, 9223372036854775807);
