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
    null::varchar as remark,
    -- Calls that ran the statement; none where it ran in no call, null where the log does not tell.
    null::varchar[] as ran_by
where false;

-- What a text says of rows that are fewer than the states, or of a single one, it says of no others.
create or replace macro said_number(statement_no, few, one) as statement_no * 4 + few::integer * 2 + one::integer;

-- One row is not of all people for want of a filter on them.
create or replace macro said_people(populations, deduced, one) as
    case
        when one
            then list_filter(populations, lambda p: not list_contains(
                list_transform(
                    list_filter(deduced, lambda d: d.kind = 'population' and d.why = 'no filter on people'),
                    lambda d: d.item
                ), p
            ))
        else populations
    end;

create or replace macro said_deduced(deduced, few, one) as
    case
        when few or one
            then list_filter(deduced, lambda d: not (
                few and d.kind = 'state' or one and d.kind = 'population' and d.why = 'no filter on people'
            ))
        else deduced
    end;

-- The transfers of a history of queries: `queries` is the name of a `with` that holds the fields above, `language` that
-- of its texts. What a text put out is told once for all the times it ran, in a row without a `record_no` that records
-- name by `said_no`: a history of a million has some thousand texts, and their lists are most of what a record takes.
create or replace macro query_transfers(queries, language) as table
with given as not materialized (
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
    select
        *,
        row_number() over () as statement_no
    from (
        select distinct
            query_text,
            context,
            base_objects,
            direct_objects,
            logged_type,
            database_name
        from given
    ) different
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

-- Once, for its numbers are given by chance.
meant as materialized (
    select
        * exclude (kind),
        -- A table that lies elsewhere is a file.
        case when kind in ('create', 'insert') and direction = 'out' then 'unload' else kind end as kind,
        databases_of(coalesce(tables, []) || list_transform(objects, lambda o: o.name), language) as databases,
        case when kind = 'share' then names_let_in(coalesce(let_in, joined_accounts(query_text))) end as names_in,
        coalesce(kind = 'select' and puts_rows_out(query_text), false) as counts_people,
        -- Rows cannot be of more states, or people, than there are rows: of which, nobody can tell.
        coalesce(
            kind = 'select' and (puts_rows_out(query_text) or picks_persons) and list_contains(states, 'ALL'), false
        ) as counts_states,
        coalesce(kind = 'select' and regexp_matches(query_text, '(?i)^[^;]*\blimit\s+0\s*;?\s*$'), false) as puts_none,
        coalesce(deduced, []) || named_programs || lost as all_deduced,
        nullif(coalesce(
            nullif(list_filter(programs, lambda x: x <> 'unknown'), []),
            list_transform(named_programs, lambda d: d.item)
        ), []) as known_programs,
        case
            when aggregate then 'aggregate'
            when len(coalesce(told_elements, [])) = 0 then 'unknown'
            when trouble is not null then 'accessed'
            else 'disclosed'
        end as basis,
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
        upper(logged_type) in ('MULTI_STATEMENT', 'CALL', 'EXECUTE_IMMEDIATE', 'EXECUTE_TASK', 'SCRIPT')
        or regexp_matches(query_text, '(?i)^\s*(call|execute|begin|declare)\b|;\s*\S') as may_run_others,
        -- Of a text that cannot be read whole its type tells whether it shows rows.
        coalesce(kind in ('select', 'unload') and trouble is null or kind = 'unparsed' and type_word = 'SELECT', false)
            as shows_rows
    from told
),

ended as (
    select
        g.* exclude (recipient),
        m.statement_no,
        m.stays,
        m.direction,
        m.file,
        m.basis,
        m.trouble,
        m.is_cut,
        m.shows_rows,
        m.puts_none,
        g.ran_by is not null and m.may_run_others as is_call,
        case when g.shared_with is null then m.kind else 'share' end as kind,
        case
            when g.shared_with is not null then g.shared_with
            when m.kind = 'share' then m.names_in
            else joined([g.recipient, store_of(m.file), store_of(g.result_file)], '; ')
        end as recipient,
        case when m.kind = 'unload' then g.unloaded_rows else g.row_count end as rows_out,
        m.counts_states and coalesce(try_cast(g.row_count as bigint) between 1 and 50, false) as is_few,
        m.counts_people and coalesce(g.row_count = '1', false) as is_one,
        said_number(m.statement_no, is_few, is_one) as said_no
    from given g
    left join meant m
        on g.query_text is not distinct from m.query_text
        and g.context = m.context
        and g.base_objects is not distinct from m.base_objects
        and g.direct_objects is not distinct from m.direct_objects
        and g.logged_type is not distinct from m.logged_type
        and g.database_name is not distinct from m.database_name
)

select
    record_no,
    unreadable,
    coalesce(aside, stays) as set_aside,
    query_id as transfer_id,
    occurred_at,
    occurred_until,
    recipient,
    actor,
    query_action(kind, direction, file) as action,
    system,
    is_call,
    ran_by,
    said_no,
    basis as element_basis,
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
    session,
    nullif(concat_ws(
        '; ', trouble,
        case when is_cut then 'the list of columns was cut off' end,
        'tables that it reads were made by ' || made_by,
        case when is_few then 'there are fewer rows than states: of which they are is not known' end,
        remark
    ), '') as note
from ended
union all by name
select
    said_number(m.statement_no, f.few, o.one) as said_no,
    case
        -- Last the one in which the session was: names that are not whole lie there.
        when len(m.database_name) > 0
            then list_filter(coalesce(m.databases, []), lambda d: d <> m.database_name) || [m.database_name]
        else m.databases
    end as places,
    m.known_programs as programs,
    case when not f.few then m.states end as states,
    nullif(m.told_elements, []) as elements,
    nullif(said_people(m.populations, m.deduced, o.one), []) as populations,
    said_deduced(m.all_deduced, f.few, o.one) as deduced,
    m.population_filter,
    m.used as used_elements,
    m.still_open as open_tables,
    m.excluded,
    nullif(m.objects, []) as accessed,
    m.query_text
from meant m
cross join (values (false), (true)) f (few)
cross join (values (false), (true)) o (one)
where f.few <= m.counts_states and o.one <= m.counts_people;
