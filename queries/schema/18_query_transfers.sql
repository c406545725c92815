/*
title = "From the statements of a database to transfers"
description = """
What all histories of queries share. Each names its fields alike in a `with` and hands that, and the language of its
texts, to `query_transfers`, which asks what each text put out: where it moved something, to whom it was shown, how it
ended and how many rows came out.
"""
*/
-- What every source names: where a log has no such field it is left out.
create or replace macro query_fields() as table
select
    null::bigint as record_no,
    null::varchar as unreadable,
    null::varchar as aside,
    null::varchar as query_text,
    null::varchar as query_id,
    null::varchar as occurred_at,
    null::varchar as occurred_until,
    null::varchar as database_name,
    null::varchar as session,
    null::varchar as recipient,
    null::varchar as actor,
    null::varchar as system,
    null::varchar as logged_type,
    null::varchar as status,
    null::varchar as row_count,
    null::varchar as unloaded_rows,
    null::bigint as bytes,
    null::varchar as peer,
    null::varchar as link_key,
    null::varchar as shared_with,
    null::varchar as result_file,
    null::varchar as base_objects,
    null::varchar as direct_objects,
    null::varchar as remark
where false;

-- The transfers of a history of queries: `queries` is the name of a `with` that holds the fields above, `language` that
-- of its texts. What a text put out is told once for all the times it ran: a history of a million has some thousand.
create or replace macro query_transfers(queries, language) as table
with given as (
    select
        q.*,
        r.made_by,
        coalesce(r.context, '') as context
    from (
        from query_fields()
        union all by name
        from query_table(queries)
    ) q
    -- Where an earlier statement of the log made the tables that one reads, it is read together with that statement.
    left join (select distinct * from memory.made_readings) r
        on q.query_id is not distinct from r.query_id and q.occurred_at = r.occurred_at
        and q.session is not distinct from r.session and q.query_text = r.query_text
),

statements as (
    select distinct
        query_text,
        context,
        base_objects,
        direct_objects,
        logged_type
    from given
),

read as (
    select
        s.*,
        p.* exclude (text, dialect, context),
        coalesce(p.problem, case when p.text is null then 'the text is missing' end) as trouble,
        accessed_objects(s.base_objects) || accessed_objects(s.direct_objects) as objects,
        objects_cut(s.base_objects) or objects_cut(s.direct_objects) as is_cut,
        upper(coalesce(unless_blank(trim(s.logged_type)), regexp_extract(s.query_text, '^\s*(\w+)', 1))) as type_word
    from statements s
    left join (
        select *, '' as context from memory.parsed_texts
        union all by name
        select distinct * from memory.parsed_in_context
    ) p on p.dialect = language and s.query_text = p.text and s.context = p.context
),

-- A record that brings its accesses expands its own whole tables; what it does not list stays open.
expanded as (
    select
        *,
        opened_columns(objects, open_tables, excluded) as opened,
        list_filter(open_tables, lambda t: not is_named(t, list_transform(
            list_filter(objects, lambda o: len(o.columns) > 0), lambda o: o.name
        ))) as still_open,
        cut_off(is_cut and (trouble is not null or len(open_tables) > 0)) as lost,
        -- Without a text the tables that the log names tell it.
        case
            when trouble is not null and len(coalesce(programs, [])) = 0
                then programs_of_tables(list_transform(objects, lambda o: o.name))
            else []
        end as named_programs
    from read
),

told as (
    select
        *,
        (
            case
                when trouble is not null then object_columns(objects)
                else list_sort(list_distinct(put_out(outputs, still_open) || coalesce(opened, [])))
            end
            || list_transform(lost, lambda d: d.item)
        ) as told_elements
    from expanded
),

meant as (
    select
        * exclude (kind),
        -- A table that lies elsewhere is a file.
        case when kind in ('create', 'insert') and direction = 'out' then 'unload' else kind end as kind,
        databases_of(coalesce(tables, []) || list_transform(objects, lambda o: o.name), language) as databases,
        puts_rows_out(query_text) as puts_rows,
        coalesce(kind = 'select' and regexp_matches(query_text, '(?i)^[^;]*\blimit\s+0\s*;?\s*$'), false) as puts_none,
        coalesce(deduced, []) || named_programs || lost as all_deduced,
        nullif(coalesce(
            nullif(list_filter(programs, lambda x: x <> 'unknown'), []),
            list_transform(named_programs, lambda d: d.item)
        ), []) as known_programs,
        case
            when trouble is null and kind = 'select' and len(tables) = 0 and calls_nothing(query_text)
                then 'a query of no table'
            when
                trouble is not null and coalesce(kind, 'unparsed') = 'unparsed' and coalesce(direction, '') <> 'out'
                and harmless_type(type_word)
                and not regexp_matches(
                    coalesce(query_text, ''),
                    '(?i)\b(directory|share|datashare|account|replication|failover|listing|returning|output)'
                )
                then 'a statement that moves no data'
            when trouble is not null and type_word in ('COPY', 'LOAD') and language = 'databricks'
                then 'a load into the database'
            else statement_stays(kind, direction, query_text)
        end as stays,
        -- Of a text that cannot be read whole its type tells whether it shows rows.
        coalesce(kind in ('select', 'unload') and trouble is null or kind = 'unparsed' and type_word = 'SELECT', false)
            as shows_rows
    from told
),

ended as (
    select
        g.* exclude (recipient),
        m.* exclude (query_text, context, base_objects, direct_objects, logged_type, kind),
        case when g.shared_with is null then m.kind else 'share' end as kind,
        case
            when g.shared_with is not null then g.shared_with
            when m.kind = 'share' then names_let_in(coalesce(m.let_in, joined_accounts(g.query_text)))
            else joined([g.recipient, store_of(m.file), store_of(g.result_file)], '; ')
        end as recipient,
        case when m.kind = 'unload' then g.unloaded_rows else g.row_count end as rows_out,
        -- Rows cannot be of more states, or people, than there are rows: of which, nobody can tell.
        coalesce(
            m.kind = 'select' and (m.puts_rows or m.picks_persons)
            and try_cast(g.row_count as bigint) between 1 and 50 and list_contains(m.states, 'ALL'), false
        ) as is_few,
        coalesce(m.kind = 'select' and m.puts_rows and g.row_count = '1', false) as is_one
    from given g
    left join meant m
        on g.query_text is not distinct from m.query_text
        and g.context = m.context
        and g.base_objects is not distinct from m.base_objects
        and g.direct_objects is not distinct from m.direct_objects
        and g.logged_type is not distinct from m.logged_type
)

select
    record_no,
    unreadable,
    coalesce(aside, stays) as set_aside,
    query_id as transfer_id,
    occurred_at,
    occurred_until,
    case
        -- Last the one in which the session was: names that are not whole lie there.
        when len(database_name) > 0
            then list_filter(coalesce(databases, []), lambda d: d <> database_name) || [database_name]
        else databases
    end as places,
    recipient,
    actor,
    query_action(kind, direction, file) as action,
    system,
    known_programs as programs,
    case when not is_few then states end as states,
    nullif(told_elements, []) as elements,
    case
        when aggregate then 'aggregate'
        when len(coalesce(told_elements, [])) = 0 then 'unknown'
        when trouble is not null then 'accessed'
        else 'disclosed'
    end as element_basis,
    nullif(case
        when is_one then list_filter(populations, lambda x: not list_contains(
            list_transform(
                list_filter(deduced, lambda d: d.kind = 'population' and d.why = 'no filter on people'),
                lambda d: d.item
            ), x
        ))
        else populations
    end, []) as populations,
    -- A count of zero rows unloaded stands in the records of all other statements too; what other statements report
    -- as their result is not the rows that went out.
    coalesce(
        nullif(unloaded_rows, '0'),
        case when coalesce(kind, 'unparsed') not in ('unload', 'get', 'share') then row_count end
    ) as record_count,
    case
        when
            status = 'success' and shows_rows
            and (
                try_cast(rows_out as double) = 0
                and coalesce(try_cast(unloaded_rows as double), 0) = 0
                and coalesce(try_cast(row_count as double), 0) = 0
                or puts_none
            )
            then 'empty'
        else coalesce(status, 'unknown')
    end as outcome,
    link_key,
    coalesce(file, result_file) as file_name,
    bytes,
    peer,
    case
        when is_few or is_one then list_filter(all_deduced, lambda d: not (
            is_few and d.kind = 'state' or is_one and d.kind = 'population' and d.why = 'no filter on people'
        ))
        else all_deduced
    end as deduced,
    population_filter,
    used as used_elements,
    still_open as open_tables,
    excluded,
    nullif(objects, []) as accessed,
    query_text,
    session,
    nullif(concat_ws(
        '; ', trouble,
        case when is_cut then 'the list of columns was cut off' end,
        'tables that it reads were made by ' || made_by,
        case when is_few then 'there are fewer rows than states: of which they are is not known' end,
        remark
    ), '') as note
from ended;
