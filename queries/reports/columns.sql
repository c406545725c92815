/*
title = "The columns of every table and view"
description = "One row a column, with its type and what it holds; tables and views by name, columns in their order."
*/
select
    table_name,
    column_name,
    data_type as column_type,
    comment
from duckdb_columns()
where not internal and database_name = current_database()
order by table_name, column_index;
