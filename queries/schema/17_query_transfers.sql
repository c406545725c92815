/*
title = "From the statements of a database to transfers"
description = """
What all histories of queries share. Each names its fields alike in a `with` and hands that, and the language of its
texts, to `query_transfers`, which asks what each text put out: where it moved something, to whom it was shown, how it
ended and how many rows came out.
"""
*/
create or replace macro clock_time(t) as
    try_strptime(t, ['%m/%d/%Y %I:%M:%S %p', '%b %d %Y %I:%M:%S %p', '%Y-%m-%d %I:%M:%S %p']);

-- A time as clients of databases write it: a number since 1970 (no bare day, which is a smaller one), as in mail, with a
-- comma before the fraction, with the name of its clock, or as a browser shows it.
create or replace macro query_time(t) as
    case
        when regexp_full_match(t, '\d{4}-\d\d-\d\d[ T][\d:.]+ ?(Z|[+-][\d:]+)?') then t
        when try_cast(t as double) >= 1000000000 then instant_of_epoch(t)
        when try_strptime(t, '%a, %d %b %Y %H:%M:%S %z') is not null
            then epoch_text(epoch_us(try_strptime(t, '%a, %d %b %Y %H:%M:%S %z')))
        when clock_time(replace(t, ',', '')) is not null
            then strftime(clock_time(replace(t, ',', '')), '%Y-%m-%dT%H:%M:%S')
        when regexp_matches(t, ':\d\d,\d') then replace(t, ',', '.')
        when regexp_full_match(t, '20\d\d[01]\d[0-3]\d') then left(t, 4) || '-' || t[5:6] || '-' || t[7:8]
        when regexp_full_match(t, '[\d: T.-]+ [A-Z][a-z]+/[A-Za-z_/]+')
            then coalesce(epoch_text(epoch_us(try_cast(t as timestamptz))), t)
        when t like '% UTC' or t like '% GMT' then left(t, len(t) - 4) || 'Z'
        else t
    end;

-- How a statement ended, by the word of its log; what is running, queued or called something else is not known.
create or replace macro query_status(t) as
    case
        when regexp_full_match(trim(t), '(?i)success(ful)?|succeeded|finished|completed?|done|ok') then 'success'
        when regexp_matches(t, '(?i)^\s*(fail|error|incident|abort|cancel|reject|denied|timed? ?out)') then 'failure'
        else 'unknown'
    end;

-- A text without its comments, which may stand before its first word.
create or replace macro without_comments(t) as
    trim(regexp_replace(coalesce(t, ''), '/\*.*?\*/|--[^\n]*', ' ', 'gs'), e' \t\r\n;');

-- What it makes, changes or drops: `alter session`, `create or replace table`; one entry a statement.
create or replace macro changed_objects(t) as
    list_transform(
        regexp_extract_all(
            lower(without_comments(t)), '(?:^|;)\s*(?:create|alter|undrop)\s+(?:or\s+(?:replace|alter|refresh)\s+)?((?:\w+\s+){0,4}\w+)', 1
        ),
        lambda words: regexp_split_to_array(words, '\s+')
    );

-- Whether all of them are objects of which it is known that making or changing them lets nothing out.
create or replace macro changes_only_known(t) as
    len(list_filter(changed_objects(t), lambda words: not list_has_any(words, [
        'aggregate', 'alert', 'catalog', 'column', 'database', 'dashboard', 'domain', 'dynamic', 'encoding', 'extension',
        'format', 'function', 'group', 'index', 'library', 'login', 'macro', 'masking', 'materialized', 'model', 'monitor',
        'network', 'package', 'parameter', 'password', 'pipe', 'policy', 'procedure', 'profile', 'resource', 'role', 'rule',
        'schema', 'secret', 'sequence', 'server', 'service', 'session', 'share', 'datashare', 'stage', 'statistics',
        'stream', 'streamlit', 'synonym', 'system', 'table', 'tablespace', 'tag', 'task', 'trigger', 'type', 'user', 'view',
        'volume', 'warehouse', 'account', 'notebook', 'compute', 'connection', 'integration', 'repository', 'application',
        'recipient', 'provider', 'credential', 'location', 'certificate', 'key', 'constraint', 'domain', 'rls'
    ]))) = 0;

-- Statements that let another account have a database or a share: their words, not their kind.
create or replace macro opens_to_accounts(t) as
    regexp_matches(
        lower(without_comments(t)),
        '\b(allowed_accounts|enable\s+(replication|failover)\s+to\s+accounts|'
        || '(create|alter)\s+(external\s+|organization\s+)?listing)\b'
    );

-- A right to read that was given on something. What is done with it stands in the history of whoever got it.
create or replace macro grants_rights(t) as regexp_matches(lower(without_comments(t)), '^(grant|alter\s+default\s+privileges)\s');

-- Why the record of a statement is no transfer; null where data left, or may have.
create or replace macro statement_stays(kind, direction, query) as
    case
        when direction in ('in', 'stay') then stays_inside(kind, direction)
        when direction <> 'none' or opens_to_accounts(query) then null
        when grants_rights(query) then 'a grant of rights inside of the database'
        when changes_only_known(query) then stays_inside(kind, direction)
        else unknown_operation(upper(regexp_extract(without_comments(query), '^\w+(\s+\w+)?')))
    end;

-- Types of statements, as logs call them, that move nothing: asked only where the text itself cannot be read.
create or replace macro harmless_type(t) as
    regexp_full_match(
        upper(t),
        '(UPDATE|DELETE|TRUNCATE|DROP|OPTIMIZE|VACUUM|REFRESH|RESTORE|ANALYZE|COMMENT|REVOKE|SHOW|DESCRIBE|DESC|EXPLAIN|'
        || 'USE|SET|RESET|LIST|BEGIN|COMMIT|ROLLBACK|ALTER_SESSION|ALTER|GRANT|CREATE_VIEW)(_[A-Z_]+)?( [A-Z]+)?'
    );

-- The file outside of the catalog that a statement of Databricks writes its rows to, though it calls it a table.
create or replace macro written_path(query) as
    nullif(coalesce(
        nullif(regexp_extract(
            query,
            '(?i)^\s*(?:insert\s+(?:into|overwrite)\s+(?:table\s+)?|create\s+(?:or\s+replace\s+)?(?:external\s+)?table\s+'
            || '(?:if\s+not\s+exists\s+)?|merge\s+into\s+)(?:delta|parquet|csv|json|orc|avro|text|iceberg)\s*\.\s*`([^`]+)`',
            1
        ), ''),
        regexp_extract(
            query, '(?is)^\s*create\s+(?:or\s+replace\s+)?(?:external\s+)?table\s.*?\boptions\s*\([^)]*\bpath\b[''"]?\s*=?\s*[''"]([^''"]+)',
            1
        ),
        ''
    ), '');

-- Who a share, a listing or a replica was given to: accounts, recipients, or at least the share.
create or replace macro let_in(query) as
    nullif(regexp_replace(regexp_replace(trim(coalesce(
        nullif(regexp_extract(query, '(?is)\badd\s+([\w.",\s-]+?)\s+to\s+allowed_accounts\b', 1), ''),
        nullif(regexp_extract(
            query,
            '(?is)(?:\b|_)accounts?\s*=?\s*\(?\s*([\w.''",\s-]+?)\s*'
            || '(?:\)|;|$|\bshare_restrictions\b|\bas\s+replica\b|\bignore\b|\breplication_schedule\b|\bvia\b|\bwith\b)',
            1
        ), ''),
        nullif(regexp_extract(
            query, '(?is)\bto\s+(?:account|namespace|recipient|share|database\s+role)\s+([\w.''"`@-]+)', 1
        ), '')
    )), '[''"`]', '', 'g'), '\s*,\s*', '; ', 'g'), '');

-- Whose place a file was written to: the bucket, or the account of an object store.
create or replace macro store_of(file) as
    nullif(coalesce(
        nullif(regexp_extract(file, '(?i)^(?:s3[an]?|s3gov|gcs|gs)://([^/]+)', 1), ''),
        nullif(regexp_extract(file, '(?i)^(?:abfss?|wasbs?)://[^@/]+@([^./]+)', 1), ''),
        nullif(regexp_extract(file, '(?i)^azure://([^./]+)', 1), '')
    ), '');

-- The databases in which the tables of a statement lie, and the one that its session was in. Where a name of two parts
-- begins with a database, and not with a schema, it counts too.
create or replace macro databases_of(names, session_database, language) as
    nullif(list_sort(list_distinct(list_filter(
        list_transform(names, lambda n: case
            when len(string_split(n, '.')) >= 3 or (len(string_split(n, '.')) = 2 and language in ('oracle', 'teradata'))
                then trim(string_split(n, '.')[1], '"`[]')
        end) || [session_database],
        lambda d: len(d) > 0
    ))), []);

-- Whether each row that came out is a row of a table: no function may have put many into one.
create or replace macro puts_rows_out(query) as
    not regexp_matches(
        regexp_replace(
            lower(coalesce(query, '(')),
            '\b(in|and|or|not|where|on|from|join|exists|as|using|select|upper|lower|trim|to_date|date|year|substr|substring|'
            || 'left|right|coalesce|nvl|cast|to_char|to_number|concat|top)\s*\(',
            ' ', 'g'
        ),
        '[a-z_0-9"`]\s*\(|\bgroup\s+by\b|;\s*\S|\[|\bpivot\b|\bmatch_recognize\b'
    );

-- Rows cannot be of more states than there are rows: of which, nobody can tell.
create or replace macro fewer_than_states(states, row_count, query) as
    coalesce(
        list_contains(states, 'ALL') and try_cast(row_count as bigint) between 1 and 50 and puts_rows_out(query), false
    );

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

-- The transfers of a history of queries: `queries` is the name of a `with` that holds the fields above, `language` that of
-- its texts. What a text put out is told once for all the times it ran: a history of a million has some thousand of them.
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
        written_path(s.query_text) as path,
        accessed_objects(s.base_objects) || accessed_objects(s.direct_objects) as objects,
        objects_cut(s.base_objects) or objects_cut(s.direct_objects) as is_cut,
        upper(coalesce(unless_blank(trim(s.logged_type)), regexp_extract(s.query_text, '^\s*(\w+)', 1))) as type
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
        * exclude (kind, file),
        case
            when kind = 'share' or (direction = 'none' and opens_to_accounts(query_text)) then 'share'
            when path is not null and direction = 'stay' or kind in ('create', 'insert') and direction = 'out'
                then 'unload'
            else kind
        end as kind,
        coalesce(path, file) as file,
        case
            when trouble is null and kind = 'select' and len(tables) = 0 and calls_nothing(query_text)
                then 'a query of no table'
            when path is not null and direction = 'stay' then null
            when trouble is not null and direction is distinct from 'out' and harmless_type(type)
                and not regexp_matches(coalesce(query_text, ''), '(?i)\b(directory|share|datashare|accounts?)\b')
                then 'a statement that moves no data'
            when trouble is not null and type in ('COPY', 'LOAD') and language = 'databricks'
                then 'a load into the database'
            else statement_stays(kind, direction, query_text)
        end as stays,
        -- Of a text that cannot be read whole its type tells whether it shows rows.
        coalesce(kind in ('select', 'unload') and trouble is null or kind = 'unparsed' and type = 'SELECT', false)
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
            when m.kind = 'share' then let_in(g.query_text)
            else unless_blank(concat_ws('; ', g.recipient, store_of(m.file), store_of(g.result_file)))
        end as recipient,
        case when m.kind = 'unload' then g.unloaded_rows else g.row_count end as rows_out,
        fewer_than_states(m.states, case when m.kind = 'select' then g.row_count end, g.query_text) as is_few,
        coalesce(m.kind = 'select' and g.row_count = '1' and puts_rows_out(g.query_text), false) as is_one
    from given g
    left join meant m
        on g.query_text is not distinct from m.query_text
        and g.context = m.context
        and g.base_objects is not distinct from m.base_objects
        and g.direct_objects is not distinct from m.direct_objects
        and g.logged_type is not distinct from m.logged_type
),

known as (
    select
        *,
        list_filter(coalesce(deduced, []) || named_programs || lost, lambda d: not (
            is_few and d.kind = 'state' or is_one and d.kind = 'population' and d.why = 'no filter on people'
        )) as all_deduced,
        nullif(coalesce(
            nullif(list_filter(programs, lambda x: x <> 'unknown'), []),
            list_transform(named_programs, lambda d: d.item)
        ), []) as known_programs,
        nullif(list_filter(populations, lambda x: not (is_one and list_contains(
            list_transform(
                list_filter(deduced, lambda d: d.kind = 'population' and d.why = 'no filter on people'),
                lambda d: d.item
            ), x
        ))), []) as known_populations
    from ended
)

select
    record_no,
    unreadable,
    coalesce(aside, stays) as set_aside,
    query_id as transfer_id,
    occurred_at,
    occurred_until,
    databases_of(tables || list_transform(objects, lambda o: o.name), database_name, language) as places,
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
    known_populations as populations,
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
                and coalesce(try_cast(unloaded_rows as double), 0) = 0 and coalesce(try_cast(row_count as double), 0) = 0
                or kind = 'select' and regexp_matches(query_text, '(?i)^[^;]*\blimit\s+0\s*;?\s*$')
            )
            then 'empty'
        else coalesce(status, 'unknown')
    end as outcome,
    link_key,
    coalesce(file, result_file) as file_name,
    bytes,
    peer,
    all_deduced as deduced,
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
from known;
