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

-- Whether a text without a table shows constants only. A function of the users' own may read any table, and a variable
-- of the session hold what an earlier query found.
create or replace macro calls_nothing(text) as
    not regexp_matches(
        regexp_replace(lower(text), '\b(current_[a-z_]+|sysdate|getdate)\s*\(\s*\)', '', 'g'), '[($]|:[a-z_]'
    );

-- Of a text that could not be read whole its beginning may tell that a file was written; a table may lie in one.
create or replace macro query_action(kind, direction, file) as
    case
        when kind = 'unload' or (kind in ('create', 'unparsed') and direction = 'out' and file is not null) then 'push'
        when kind = 'get' then 'download'
        when kind = 'share' then 'share'
        else 'query'
    end;

-- The columns of `[{"objectName": ..., "columns": [{"columnName": ...}]}]`, as a list or as the text of one.
create or replace macro accessed_objects(json) as
    case
        when looks_nested(json) and json_valid(json) and try(json_type(json)) = 'ARRAY' then list_filter(
            list_transform(json_extract(json, '$[*]'), lambda o: {
                name: json_extract_string(o, '$.objectName'),
                columns: list_filter(
                    coalesce(json_extract_string(o, '$.columns[*].columnName')::varchar[], []),
                    lambda c: c <> 'TRUNCATED'
                )
            }),
            lambda o: o.name <> 'TRUNCATED'
        )
        else []::struct(name varchar, columns varchar[])[]
    end;

-- Such a list of one table, of which no columns are logged; null where there is none.
create or replace macro one_accessed(name) as
    case
        when name is not null
            then to_json([{'objectName': name, 'columns': []::struct("columnName" varchar)[]}])::varchar
    end;

create or replace macro object_columns(objects) as
    list_sort(list_distinct(flatten(list_transform(objects, lambda o: o.columns))));

-- Whether such a list was cut off: by the database, which says so, or by what carried it, and it is JSON no more.
create or replace macro objects_cut(json) as
    coalesce(length(trim(json)) > 2 and (contains(json, 'TRUNCATED') or not json_valid(json)), false);

-- What stands for the columns that a list does not show any more.
create or replace macro cut_off(is_cut) as
    case
        when is_cut
            then [{
                'kind': 'element', 'item': 'columns that the log cut off', 'why': 'the list of columns was cut off'
            }]
        else []
    end;

-- Tables are named in full or not: the last part is what all logs have.
create or replace macro table_key(name) as upper(regexp_extract(name, '[^.]+$'));

-- The programs that the name of a table stands for.
create or replace macro table_programs(name) as
    case
        when contains(upper(name), 'MDCR') then ['medicare']
        when contains(upper(name), 'MDCD') then ['medicaid']
        when regexp_matches(upper(name), '(^|[._])(TMSIS|TAF)_') then ['medicaid', 'chip']
        else []
    end;

-- Said by the last part of the name where that tells it.
create or replace macro table_holds(name) as
    'table '
    || case when table_programs(table_key(name)) = table_programs(name) then table_key(name) else name end
    || ' holds '
    || case table_programs(name)[1]
        when 'medicare' then 'Medicare'
        when 'medicaid' then case when len(table_programs(name)) = 2 then 'Medicaid and CHIP' else 'Medicaid' end
    end;

-- The programs of several tables, each as deduced from the first that stands for it.
create or replace macro programs_of_tables(names) as
    list_filter(
        list_transform(['medicare', 'medicaid', 'chip'], lambda program: {
            'kind': 'program', 'item': program, 'why': list_sort(list_transform(
                list_filter(names, lambda n: list_contains(table_programs(n), program)), lambda n: table_holds(n)
            ))[1]
        }),
        lambda d: d.why is not null
    );

create or replace macro is_named(name, tables) as
    list_contains(list_transform(tables, lambda t: table_key(t)), table_key(name));

-- The columns of tables put out whole, but for those that the text leaves out by name.
create or replace macro opened_columns(objects, open_tables, excluded) as
    list_distinct(flatten(list_transform(
        list_filter(objects, lambda o: is_named(o.name, open_tables)),
        lambda o: list_filter(o.columns, lambda c: not coalesce(list_contains(
            list_transform(excluded, lambda x: upper(regexp_extract(x, '[^.]+\.[^.]+$'))),
            table_key(o.name) || '.' || upper(c)
        ), false))
    )));
