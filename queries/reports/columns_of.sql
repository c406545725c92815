/*
title = "The columns of a table or view"
description = """
Each column of the table or view named in `table_name`, in order, with its type and what it holds. A temporary one
goes before one of the database, as it does in a query.
"""

[params.table_name]
type = "varchar"
required = true
description = "A table or view: `tables_and_views` lists them."
*/
select
    column_name,
    data_type as column_type,
    comment
from duckdb_columns()
where
    lower(table_name) = lower(getvariable('table_name'))
    and not internal
    and schema_name = 'main'
    and database_name in ('temp', current_database())
qualify rank() over (order by database_name = 'temp' desc) = 1
order by column_index;
