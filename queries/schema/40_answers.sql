/*
title = "The answers"
description = """
`answers` has one row a transfer, with the columns the tool promises, in the types it promises. Rows come
in no order of their own; files are written in the order of occurred_at (nulls last), transfer_id,
source_file, source_record. `answers_wide` adds who acted, how each part is known and where the record is found, and
counts what was only attempted as `attempt`; `reasons` holds the ids of the rules that a transfer met, worst first.
"""
*/
-- Each rule is one bit: what the disclosure and what the event met are joined as numbers, and spelled out at the end.
create or replace view met_rules as
select
    v.record_key,
    coalesce(case when v.in_scope then d.bits else d.anywhere_bits end, 0) | coalesce(e.bits, 0) as bits
from verdicts v
left join disclosure_bits d on v.disclosure_id = d.disclosure_id
left join event_bits e on v.record_key = e.record_key;

create or replace view reasons as
select
    m.record_key,
    list_transform(list_filter(r.all_rules, lambda r: m.bits & r.bit <> 0), lambda r: r.rule) as reasons
from met_rules m
cross join (select coalesce(list({rule: rule, bit: bit} order by place), []) as all_rules from rule_bits) r;

-- What is known of a transfer and costs no further look: the columns of answers, and some that wider views show.
create or replace view answer_rows as
select
    v.transfer_id,
    v.occurred_at,
    d.sender_agency,
    d.recipient_agency,
    d.states,
    d.programs,
    d.populations,
    d.elements,
    d.categories,
    v.record_count,
    c.outcome,
    s.regime_now,
    v.verdict_now,
    v.regime_then,
    v.verdict_then,
    v.flag_category,
    v.flag_state,
    v.flag_category or v.flag_state as flagged,
    coalesce(p.plaintiff_states, []) as plaintiff_states,
    coalesce(e.enjoined_categories, []) as enjoined_categories,
    d.unclassified_elements,
    r.reasons,
    f.path as source_file,
    number_found(f.places, v.record_key) as source_record,
    place_text(f.places, f.sheets, v.record_key % 68719476736) as place,
    v.court_day,
    v.attempt,
    v.verdict_basis,
    v.record_key,
    v.certainty,
    c.action,
    d.purpose,
    d.sender_basis,
    d.recipient_basis,
    d.state_basis,
    d.program_basis,
    d.population_basis,
    d.element_basis,
    f.sha256 as source_sha256,
    v.instant,
    v.context_id
from verdicts v
inner join disclosures d on v.disclosure_id = d.disclosure_id
inner join context_meanings c on v.context_id = c.context_id
inner join sources f on f.source_id = v.record_key // 68719476736
cross join settings s
left join list_states p on d.state_list = p.list_id and s.regime_now = p.regime_id
left join list_severities e on d.element_list = e.list_id and s.regime_now = e.regime_id
inner join reasons r on v.record_key = r.record_key;

create or replace view answers as
select * exclude (
    certainty, action, purpose, sender_basis, recipient_basis, state_basis, program_basis, population_basis,
    element_basis, source_sha256, instant, context_id
)
from answer_rows;

-- The answers as people ask for them: counted by its verdicts, this view gives the numbers of the report.
create or replace view answers_wide as
select
    a.* exclude (context_id) replace (
        counted_as(a.verdict_now, a.attempt) as verdict_now,
        counted_as(a.verdict_then, a.attempt) as verdict_then
    ),
    a.verdict_now as judged_now,
    a.verdict_then as judged_then,
    c.actor,
    c.system,
    t.file_name
from answer_rows a
inner join contexts c on a.context_id = c.context_id
left join traces t on a.record_key = t.record_key;
