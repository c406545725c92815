/*
title = "Worse under a reported order that is not applied"
description = """
The policy holds a regime that is reported, switched off, and would be in force on the as-of date: as it ships, the
pause of late May 2026. Under it the verdict now would be worse.
"""
severity = "note"
reads = "disclosures"
citation = "Reported only: pause of CMS to ICE sharing, late May 2026"
evidence = "D"
why = """
If the report is right the transfer would be barred now. No verdict is made of it: date, text and scope of the order \
were not found.
"""
false_positives = "The pause may have ended, may reach other states or people, or may not have been ordered."
*/
with reported as (
    select r.*
    from policy_regimes r
    cross join settings s
    where
        not r.enabled
        and s.as_of between r.first_day and coalesce(r.last_day, date '9999-12-31')
)

select
    j.disclosure_id,
    string_agg(
        r.regime_id || ' is switched off; under it ' || j.verdict || ', now ' || coalesce(n.verdict, 'outside')
        || presumed(d.purpose_kind),
        '; ' order by r.regime_id
    ) as evidence,
    string_agg(r.citation, '; ' order by r.regime_id) as citation,
    max(r.evidence) as certainty
from judgments j
inner join reported r on j.regime_id = r.regime_id
inner join disclosure_parties d on j.disclosure_id = d.disclosure_id
cross join settings s
left join judgments n on j.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
where
    d.parties_in_scope
    -- Whose party is unknown stays with a person, whatever order holds.
    and not d.unknown_agency
    and severity_rank(j.verdict) > severity_rank(coalesce(n.verdict, 'outside'))
group by j.disclosure_id
