/*
title = "What tables, views, macros and all else of a database are"
description = """
One row for each, as JSON: its kind, its name and the SQL that makes it, with its schema where that is not `main`. Then
schemas, types, sequences, indexes and triggers that somebody put there, for a ledger has none; and every comment.
"""
*/
with here as (
    select 'table' as kind, schema_name, table_name as name, sql, comment
    from duckdb_tables()
    where database_name = current_database() and not internal
    union all by name
    select
        'view' as kind,
        schema_name,
        view_name as name,
        -- The engine writes one type by either of two names, by turns, whenever it loads a view.
        replace(sql, 'TIMESTAMP_US', 'TIMESTAMP') as sql,
        comment
    from duckdb_views()
    where database_name = current_database() and not internal
    union all by name
    select 'macro' as kind, schema_name, function_name as name, macro_definition as sql, parameters, comment
    from duckdb_functions()
    where database_name = current_database() and not internal
    union all by name
    select
        'type' as kind,
        schema_name,
        type_name as name,
        to_json({type: logical_type, labels: labels, parameters: parameters::varchar})::varchar as sql,
        comment
    from duckdb_types()
    where database_name = current_database() and not internal
    union all by name
    select 'sequence' as kind, schema_name, sequence_name as name, sql, comment
    from duckdb_sequences()
    where database_name = current_database()
    union all by name
    select 'index' as kind, schema_name, index_name as name, sql, comment
    from duckdb_indexes()
    where database_name = current_database()
    union all by name
    select 'trigger' as kind, schema_name, trigger_name as name, sql, comment
    from duckdb_triggers()
    where database_name = current_database()
    union all by name
    select 'schema' as kind, schema_name, schema_name as name, sql, comment
    from duckdb_schemas()
    where database_name = current_database() and not (internal and comment is null)
    union all by name
    select 'column' as kind, schema_name, table_name || '.' || column_name as name, comment
    from duckdb_columns()
    where database_name = current_database() and not internal and comment is not null
)

select
    -- What is not said is left out.
    json_merge_patch('{}', to_json({
        kind: kind, schema: nullif(schema_name, 'main'), name: name, sql: sql, parameters: parameters, comment: comment
    }))::varchar as line
from here
order by line;
