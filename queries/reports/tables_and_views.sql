/*
title = "Tables and views"
description = """
What there is to ask, and what it holds: first what answers questions, then the findings of each rule, the policy
tables, and last what the others are made of. `row_count` is near enough, and null for a view: counting one would
run it.
"""
*/
with listed as (
    select table_name as name, 'table' as kind, estimated_size as row_count, comment
    from duckdb_tables()
    where database_name = current_database() and not internal
    union all
    select view_name, 'view', null, comment
    from duckdb_views()
    where database_name = current_database() and not internal
),

placed as (
    select
        l.*,
        list_position([
            'answers', 'findings', 'transfers', 'verdicts', 'disclosures', 'judgments', 'disclosure_parts',
            'accounting', 'quarantine', 'rule_runs', 'settings'
        ], l.name) as place,
        case
            when l.comment like 'Helper: %' then 3
            when starts_with(l.name, 'policy_') then 2
            when l.comment like 'Rule (%' then 1
            else 0
        end as part
    from listed l
)

select
    name,
    kind,
    row_count,
    comment
from placed
order by part, place nulls last, name;
