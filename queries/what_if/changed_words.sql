/*
title = "Words that mean something else"
description = """
Leaves the table `changed_words`: each word of a log to which two policies give different meanings, what it meant and
means, and the file and line that say so.
"""
*/
create or replace temp table changed_words as
select
    coalesce(a.kind, b.kind) as kind,
    coalesce(a.alias_key, b.alias_key) as alias_key,
    coalesce(b.meaning, 'unknown') || ' -> ' || coalesce(a.meaning, 'unknown') as what,
    coalesce(a.origin, b.origin) as origin
from before.policy_words b
full join after.policy_words a on b.kind = a.kind and b.alias_key = a.alias_key
where b.meaning is distinct from a.meaning;
