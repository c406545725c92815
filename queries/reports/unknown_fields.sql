/*
title = "Fields no transfer has"
description = """
Fields of each file that mean nothing to a transfer and were left out of the judging, with the field whose
name is nearest, if one is near.
"""
*/
with fields as (
    select unnest([
        'transfer_id', 'occurred_at', 'sender', 'recipient', 'actor', 'action', 'system', 'authority',
        'programs', 'states', 'elements', 'populations', 'record_count', 'purpose', 'outcome'
    ]) as field
),

unknown as (
    select
        path,
        unnest(unknown_fields) as unknown_field
    from sources
)

select
    u.path,
    u.unknown_field,
    arg_max(f.field, jaro_winkler_similarity(word(u.unknown_field), f.field))
        filter (where damerau_levenshtein(word(u.unknown_field), f.field) <= 2) as nearest
from unknown u
cross join fields f
group by all
order by u.path, u.unknown_field;
