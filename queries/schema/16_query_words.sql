/*
title = "Macros for logs of queries"
description = "What the logs of databases have in common: which columns a query put out, and what it was."
*/
-- Columns put out by name, and tables put out whole, which stay unknown until a log of accesses lists their columns.
create or replace macro put_out(outputs, open_tables) as
    list_sort(list_distinct(outputs || list_transform(open_tables, lambda t: t || '.*')));

-- Why the record of a query is no transfer; null where data left, or may have.
create or replace macro stays_inside(kind, direction) as
    case direction
        when 'in' then 'a load into the database'
        when 'stay' then 'a table was written from others'
        when 'none' then 'a statement that moves no data'
    end;

create or replace macro query_action(kind) as
    case kind
        when 'unload' then 'push'
        when 'get' then 'download'
        when 'share' then 'share'
        else 'query'
    end;

-- The columns of `[{"objectName": ..., "columns": [{"columnName": ...}]}]`, as a list or as the text of one.
create or replace macro accessed_objects(json) as
    case
        when looks_nested(json) and json_valid(json) and json_type(json) = 'ARRAY' then list_filter(
            list_transform(json_extract(json, '$[*]'), lambda o: {
                name: json_extract_string(o, '$.objectName'),
                columns: list_filter(
                    coalesce(json_extract_string(o, '$.columns[*].columnName')::varchar[], []), lambda c: c is not null
                )
            }),
            lambda o: o.name is not null
        )
        else []::struct(name varchar, columns varchar[])[]
    end;

create or replace macro object_columns(objects) as
    list_sort(list_distinct(flatten(list_transform(objects, lambda o: o.columns))));

-- A database is where its tables lie: the first part of a full name, else the one that the session was in.
create or replace macro database_of(names, current_name) as
    coalesce(
        list_filter(
            list_transform(names, lambda n: case when len(string_split(n, '.')) = 3 then string_split(n, '.')[1] end),
            lambda d: d is not null
        )[1],
        current_name
    );
