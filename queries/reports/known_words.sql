/*
title = "The words that answers are made of"
description = """
Each word that can stand in an answer, by what it is the word for, and each `spelling` that stands for it, in look-up
form: `california` and `ca` for CA, `barred` for enjoined. Verdicts, outcomes, regimes, states, agencies, categories,
populations, programs and rules. They come from the policy tables and the rules, not from the logs: what no log says is
here too.
"""
*/
with words as (
    select
        'verdict' as kind,
        unnest(['enjoined', 'review', 'permitted', 'outside', 'out_of_scope', 'unattributed']) as word,
        word as spelling
    union
    select 'verdict', unnest(['enjoined', 'permitted', 'unattributed']), unnest(['barred', 'allowed', 'not_attributed'])
    union
    select 'outcome', unnest(['success', 'failure', 'partial', 'empty', 'unknown']) as word, word as spelling
    union
    select 'regime', regime_id, lower(regime_id) from policy_regimes
    union
    select 'state', state, alias_key
    from policy_states
    -- The word for all of them, which becomes the states one by one.
    where state <> '*'
    union
    select 'agency', agency, alias_key from policy_agencies
    union
    select 'category', category, lower(category) from policy_elements
    union
    select
        unnest(['state', 'agency', 'population', 'program', 'category']) as kind,
        nobody_knows(kind) as word,
        word as spelling
    union
    select 'population', population, unnest([alias_key, population]) from policy_populations
    union
    select 'program', program, unnest([alias_key, program]) from policy_programs
    union
    select 'rule', rule, lower(rule) from rule_runs
)

select
    kind,
    word,
    spelling
from words
where word is not null
order by kind, word, spelling;
