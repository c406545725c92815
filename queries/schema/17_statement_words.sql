/*
title = "Macros for statements that a database ran"
description = """
What the words of a statement, and of its log, say beside what it put out: how it ended, whether it
stayed inside, whom it let in, where it wrote to, in which databases its tables lie.
"""
*/
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
            lower(without_comments(t)),
            '(?:^|;)\s*(?:create|alter|undrop)\s+(?:or\s+(?:replace|alter|refresh)\s+)?((?:\w+\s+){0,4}\w+)', 1
        ),
        lambda words: regexp_split_to_array(words, '\s+')
    );

-- Whether all of them are objects of which it is known that making or changing them lets nothing out.
create or replace macro changes_only_known(t) as
    len(list_filter(changed_objects(t), lambda words: not list_has_any(words, [
        'account', 'aggregate', 'alert', 'application', 'catalog', 'certificate', 'column', 'compute',
        'connection', 'constraint', 'credential', 'dashboard', 'database', 'datashare', 'domain', 'dynamic',
        'encoding', 'extension', 'format', 'function', 'group', 'index', 'integration', 'key', 'library',
        'location', 'login', 'macro', 'masking', 'materialized', 'model', 'monitor', 'network', 'notebook',
        'package', 'parameter', 'password', 'pipe', 'policy', 'procedure', 'profile', 'provider', 'recipient',
        'repository', 'resource', 'rls', 'role', 'rule', 'schema', 'secret', 'sequence', 'server', 'service',
        'session', 'share', 'stage', 'statistics', 'stream', 'streamlit', 'synonym', 'system', 'table',
        'tablespace', 'tag', 'task', 'trigger', 'type', 'user', 'view', 'volume', 'warehouse'
    ]))) = 0;

-- A right to read that was given on something. What is done with it stands in the history of whoever got it.
create or replace macro grants_rights(t) as
    regexp_matches(lower(without_comments(t)), '^(grant|alter\s+default\s+privileges)\s');

-- Why the record of a statement is no transfer; null where data left, or may have.
create or replace macro statement_stays(kind, direction, query) as
    case
        when direction in ('in', 'stay') then stays_inside(kind, direction)
        when direction <> 'none' then null
        when grants_rights(query) then 'a grant of rights inside of the database'
        when changes_only_known(query) then stays_inside(kind, direction)
        else unknown_operation(upper(regexp_extract(without_comments(query), '^\w+(\s+\w+)?')))
    end;

-- Types of statements, as logs call them, that move nothing: asked only where the text itself cannot be read.
create or replace macro harmless_type(t) as
    regexp_full_match(
        upper(t),
        '(UPDATE|DELETE|TRUNCATE|DROP|OPTIMIZE|VACUUM|REFRESH|RESTORE|ANALYZE|COMMENT|REVOKE|SHOW|DESCRIBE|DESC|EXPLAIN'
        || '|USE|SET|RESET|LIST|BEGIN|COMMIT|ROLLBACK|ALTER_SESSION|ALTER|GRANT|CREATE_VIEW)(_[A-Z_]+)?( [A-Z]+)?'
    );

-- The accounts of `add dhs.ice to allowed_accounts`, which stand before the word.
create or replace macro joined_accounts(query) as
    nullif(regexp_extract(query, '(?is)\badd\s+([\w.",\s-]+?)\s+to\s+allowed_accounts\b', 1), '');

-- Whom a statement lets in, as it names them: `'a', b` are `a; b`.
create or replace macro names_let_in(t) as
    nullif(regexp_replace(regexp_replace(trim(t), '[''"`()]', '', 'g'), '\s*,\s*', '; ', 'g'), '');

-- Whose place a file was written to: the bucket, or the account of an object store.
create or replace macro store_of(file) as
    nullif(coalesce(
        nullif(regexp_extract(file, '(?i)^(?:s3[an]?|s3gov|gcs|gs)://([^/]+)', 1), ''),
        nullif(regexp_extract(file, '(?i)^(?:abfss?|wasbs?)://[^@/]+@([^./]+)', 1), ''),
        nullif(regexp_extract(file, '(?i)^azure://([^./]+)', 1), '')
    ), '');

-- The databases in which tables lie. Where a name of two parts begins with a database, and not with a schema, it counts
-- too.
create or replace macro databases_of(names, language) as
    nullif(list_sort(list_distinct(list_filter(
        list_transform(names, lambda n: case
            when len(string_split(n, '.')) >= case when language in ('oracle', 'teradata') then 2 else 3 end
                then trim(string_split(n, '.')[1], '"`[]')
        end),
        lambda d: len(d) > 0
    ))), []);

-- Whether each row that came out is a row of a table: no function may have put many into one.
create or replace macro puts_rows_out(query) as
    not regexp_matches(
        regexp_replace(
            lower(coalesce(query, '(')),
            '\b(in|and|or|not|where|on|from|join|exists|as|using|select|upper|lower|trim|to_date|date|year|substr|'
            || 'substring|left|right|coalesce|nvl|cast|to_char|to_number|concat|top)\s*\(',
            ' ', 'g'
        ),
        '[a-z_0-9"`]\s*\(|\bgroup\s+by\b|;\s*\S|\[|\bpivot\b|\bmatch_recognize\b'
    );
