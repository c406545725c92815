/*
title = "Party inferred from a name, or chosen among several"
description = """
The agency of a sender or recipient was taken from one word of a longer name, or the text names several parties and one
of them counted.
"""
severity = "note"
reads = "disclosures"
scope = "any"
citation = "None: what the log says"
evidence = "C"
why = "A role or folder named after an agency need not be used by it: the party should be confirmed by a person."
false_positives = "Words that happen to be an abbreviation. A name in parties.csv settles it either way."
*/
-- Each with the texts of both of its sides: where they share one join, every disclosure is held against every party.
with texts as (
    select
        disclosure_id,
        unnest([
            {role: 'recipient', text: recipient, agency: null},
            {role: 'sender', text: sender, agency: sender_agency},
            {role: 'place', text: sender, agency: sender_agency}
        ], recursive := true)
    from disclosure_parties
)

select
    d.disclosure_id,
    string_agg(
        p.role || ' ' || p.text || ': ' || p.agency
        || case when len(p.agencies) > 1 then ' counts, of ' || array_to_string(p.agencies, ', ') else '' end
        || case
            when p.found_by = 'phrase' then ', inferred from the words ' || p.matched
            when party_basis(p.agency, p.found_by) = 'inferred' then ', inferred from the word ' || p.matched
            else ''
        end,
        '; ' order by p.role desc
    ) as evidence,
    'None: what the log says' as citation,
    max(case
        when party_basis(p.agency, p.found_by) = 'inferred' then coalesce(p.certainty, 'C')
        else 'A'
    end) as certainty
from texts d
inner join logged_parties p on d.role = p.role and d.text = p.text
where
    p.agency is not null
    and (p.role = 'recipient' or p.agency = d.agency)
    and (party_basis(p.agency, p.found_by) = 'inferred' or len(p.agencies) > 1)
group by d.disclosure_id
