/*
title = "Tables of traces"
description = """
What a log tells of a transfer beside the canonical fields: the file that moved, the query that was run, how many
transfers one row stands for. One row a record of `records`, and none where its log tells nothing of the kind.
Records that are no transfers are counted by what they are. What many of a query history say alike stands once in
`trace_sayings`, under the key of the first of them, which the others name in `said_key`; `traces` shows all of it.
"""
*/
create table if not exists trace_rows (
    record_key bigint,
    log varchar,
    link_key varchar,
    file_name varchar,
    bytes bigint,
    occurred_until varchar,
    event_count bigint,
    peer varchar,
    population_filter varchar,
    used_elements varchar[],
    open_tables varchar[],
    excluded varchar[],
    accessed struct(name varchar, columns varchar[])[],
    query_text varchar,
    note varchar,
    said_key bigint
);

create table if not exists trace_sayings (
    record_key bigint,
    population_filter varchar,
    used_elements varchar[],
    open_tables varchar[],
    excluded varchar[],
    accessed struct(name varchar, columns varchar[])[],
    query_text varchar
);

-- A database of an earlier version has the table without it.
alter table trace_rows add column if not exists said_key bigint;

create or replace view traces as
select
    r.* exclude (said_key) replace (
        coalesce(s.population_filter, r.population_filter) as population_filter,
        coalesce(s.used_elements, r.used_elements) as used_elements,
        coalesce(s.open_tables, r.open_tables) as open_tables,
        coalesce(s.excluded, r.excluded) as excluded,
        coalesce(s.accessed, r.accessed) as accessed,
        coalesce(s.query_text, r.query_text) as query_text
    )
from trace_rows r
left join trace_sayings s on r.said_key = s.record_key;

create table if not exists set_aside (
    source_id integer,
    reason varchar,
    records bigint,
    first_record bigint,
    -- Those that name a part of DHS all the same.
    naming bigint,
    first_naming bigint
);

-- Calls, and texts of several statements, that count as transfers until a log turns out to have records of what they
-- ran, by the language of their texts; and which calls ran something, with a record that says so and what it put out.
create table if not exists calls (record_key bigint, dialect varchar, query_id varchar, names_dhs boolean);

create table if not exists ran_calls (
    record_key bigint,
    dialect varchar,
    query_id varchar,
    programs varchar[],
    states varchar[],
    elements varchar[]
);

-- Traces of one transfer: it is counted once, as the record `kept_key`.
create table if not exists links (record_key bigint, kept_key bigint, how varchar);

create table if not exists ambiguous_links (record_key bigint, other_key bigint, why varchar);

-- What the traces of a transfer say together, in the place of what its own record says.
create table if not exists merged_contents (record_key bigint, disclosure_id integer, record_count bigint);

create table if not exists link_settings (linked boolean);

-- How the elements of a trace are known, the weakest evidence first: its place in the list is its strength.
create or replace macro bases_by_strength() as
    ['unknown', 'inferred', 'accessed', 'aggregate', 'declared', 'disclosed'];

-- A database of an earlier version has the table without it.
alter table sources add column if not exists read_as varchar;

alter table sources add column if not exists lines_before bigint;

alter table logged_disclosures add column if not exists element_basis varchar;

-- It can be told from the others.
alter table logged_disclosures drop column if exists content;

alter table set_aside add column if not exists naming bigint;

alter table set_aside add column if not exists first_naming bigint;

-- How a person counts the records of a file: 'line', 'row', 'item', 'item of Records', 'sheet'; for a workbook the
-- names of its sheets in their order. And what its counts count: 'people', 'rows', or nothing that is known.
alter table sources add column if not exists places varchar;

alter table sources add column if not exists sheets varchar[];

alter table sources add column if not exists counts varchar;

-- Of files that a digest of CloudTrail may list: the hash of what they hold unpacked; and what the digests list.
alter table sources add column if not exists content_sha256 varchar;

create table if not exists digest_entries (source_id integer, object varchar, sha256 varchar);

-- The items of the lists that no word of the log names, and what each was deduced from.
alter table logged_disclosures
add column if not exists deduced struct(kind varchar, item varchar, why varchar)[];

-- Records that stand for all that moved from a first to a last day, and the regimes of the spans in which the law
-- changed: made anew whenever everything is judged.
create table if not exists spans (record_key bigint, first_moment_id integer, last_day date, moment_id integer);

create table if not exists span_regimes (moment_id integer, span_id integer, regime_id varchar);

-- Files are known by their base names, which CloudTrail never gives twice; packed or unpacked.
create or replace view digest_checks as
with listed as (
    select distinct
        object,
        regexp_replace(regexp_extract(object, '[^/]+$'), '[.]gz$', '') as name,
        sha256
    from digest_entries
),

here as (
    select
        path,
        regexp_replace(regexp_extract(path, '[^/]+$'), '[.]gz$', '') as name,
        content_sha256
    from sources
    -- Of a path that was read again, the last.
    qualify source_id = max(source_id) over (partition by path)
)

select
    l.object,
    h.path,
    l.sha256 as listed_sha256,
    h.content_sha256,
    case
        when h.path is null then 'not here'
        when h.content_sha256 is null then 'not compared'
        when h.content_sha256 = l.sha256 then 'as listed'
        else 'differs'
    end as state
from listed l
left join here h on l.name = h.name
order by l.object, h.path;
