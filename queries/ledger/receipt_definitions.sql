/*
title = "What tables, views and macros are"
description = "One row for each, as JSON: its kind, its name and the SQL that makes it."
*/
select to_json({kind: 'table', name: table_name, sql: sql})::varchar as line
from duckdb_tables()
where database_name = current_database() and not internal
union all
-- The engine writes one type by either of two names, by turns, whenever it loads a view.
select to_json({kind: 'view', name: view_name, sql: replace(sql, 'TIMESTAMP_US', 'TIMESTAMP')})::varchar
from duckdb_views()
where database_name = current_database() and not internal
union all
select to_json({kind: 'macro', name: function_name, sql: macro_definition, parameters: parameters})::varchar
from duckdb_functions()
where database_name = current_database() and not internal
order by line;
