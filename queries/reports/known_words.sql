/*
title = "The words that answers are made of"
description = """
Each word that can stand in an answer, by what it is the word for: verdicts, outcomes, regimes, states, agencies,
categories, populations, programs and rules. They come from the policy tables and the rules, not from the logs: what
no log says is here too.
"""
*/
with words as (
    select
        'verdict' as kind,
        unnest(['enjoined', 'review', 'permitted', 'outside', 'out_of_scope']) as word
    union
    select
        'outcome',
        unnest(['success', 'failure', 'partial', 'unknown'])
    union
    select
        'regime',
        regime_id
    from policy_regimes
    union
    select
        'state',
        state
    from policy_states
    -- The word for all of them, which becomes the states one by one.
    where state <> '*'
    union
    select
        'agency',
        agency
    from policy_agencies
    union
    select
        'category',
        category
    from policy_elements
    union
    select
        'category',
        'unclassified'
    union
    select
        unnest(['state', 'population', 'program']),
        'unknown'
    union
    select
        'population',
        population
    from policy_populations
    union
    select
        'program',
        program
    from policy_programs
    union
    select
        'rule',
        rule
    from rule_runs
)

select
    kind,
    word
from words
where word is not null
order by kind, word;
