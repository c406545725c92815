/*
title = "State whose protection is unsettled"
description = "A state that sources name as a plaintiff, without an order or filing that settles it."
severity = "review"
reads = "disclosures"
citation = "Amended complaint of Aug 2025; press"
evidence = "C"
why = "Whether the order reaches data of this state is not settled by what could be read."
false_positives = "None known."
*/
select
    d.disclosure_id,
    string_agg(m.key, ', ' order by m.key) as evidence,
    any_value(r.citation) as citation,
    max(coalesce(p.certainty, r.evidence)) as certainty
from disclosure_parties d
inner join list_meanings m on d.state_list = m.list_id
inner join settings s on true
inner join policy_regime_states p on s.regime_now = p.regime_id and m.key = p.state and p.status = 'unsettled'
inner join policy_regimes r on p.regime_id = r.regime_id
where d.parties_in_scope
group by d.disclosure_id
