/*
title = "What two policies say differently"
description = """
Each entry of the policy tables that differs between two policies, in the schemas `before` and `after`: what it
said, what it says, null where it says nothing, and the file and line of both.
"""
*/
select
    coalesce(a.policy_table, b.policy_table) as policy_table,
    coalesce(a.entry, b.entry) as entry,
    b.said as said_before,
    a.said as said_after,
    b.origin as origin_before,
    a.origin as origin_after
from before.policy_entries b
full join after.policy_entries a on b.policy_table = a.policy_table and b.entry = a.entry
where b.said is distinct from a.said
order by policy_table, entry;
