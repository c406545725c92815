/*
title = "The answers"
description = """
One row a transfer, with the columns the tool promises, in the types it promises. Reads the reasons of
the rules. Rows come in no order of their own; files are written in the order of occurred_at (nulls
last), transfer_id, source_file, source_record.
"""
*/
create or replace view answers as
select
    t.transfer_id,
    t.occurred_at,
    t.sender_agency,
    t.recipient_agency,
    t.states,
    t.programs,
    t.populations,
    t.elements,
    d.categories,
    t.record_count,
    t.outcome,
    s.regime_now,
    v.verdict_now,
    v.regime_then,
    v.verdict_then,
    v.flag_category,
    v.flag_state,
    v.flag_category or v.flag_state as flagged,
    coalesce(j.plaintiff_states, []) as plaintiff_states,
    coalesce(j.enjoined_categories, []) as enjoined_categories,
    d.unclassified_elements,
    coalesce(r.reasons, []) as reasons,
    t.source_file,
    t.source_record
from transfers t
inner join verdicts v on t.record_key = v.record_key
inner join disclosures d on t.disclosure_id = d.disclosure_id
cross join settings s
left join judgments j on t.disclosure_id = j.disclosure_id and s.regime_now = j.regime_id
left join reasons r on t.record_key = r.record_key;
