/*
title = "Tables of a scan"
description = """
What a scan keeps. `records` has one narrow row a record: what repeats (what was disclosed, who acted)
stands once in `logged_disclosures` and `contexts` and is joined by number. `occurred_at` is in UTC; the
moment tells whether it is an instant, a day, or not known. `record_key` is the file's
number times 2^36 plus the record's number in its file.
"""
*/
create table if not exists settings (
    as_of date,
    since date,
    regime_now varchar,
    court_zone varchar,
    policy_sha256 varchar,
    queries_sha256 varchar,
    auditscan_version varchar
);

-- What decides scope, and does not move with the as-of date: a rule that reads it and not `settings` cannot see
-- that date.
create table if not exists scope_settings (since date);

create table if not exists sources (
    source_id integer,
    path varchar,
    sha256 varchar,
    bytes bigint,
    format varchar,
    zone varchar,
    status varchar,
    records bigint,
    not_transfers bigint,
    quarantined bigint,
    blank_lines bigint,
    fields varchar[],
    unknown_fields varchar[],
    note varchar,
    scan_id integer,
    tail_of integer,
    tail_offset bigint,
    lines_before bigint
);

create table if not exists quarantine (
    source_id integer,
    source_record bigint,
    reason varchar,
    byte_offset bigint,
    byte_length bigint,
    bytes blob
);

create table if not exists records (
    record_key bigint,
    transfer_id varchar,
    occurred_at timestamp,
    moment_id integer,
    disclosure_id integer,
    context_id integer,
    record_count bigint
);

create table if not exists logged_disclosures (
    disclosure_id integer,
    sender varchar,
    recipient varchar,
    programs varchar[],
    states varchar[],
    elements varchar[],
    populations varchar[],
    purpose varchar,
    unreadable struct(field varchar, raw varchar)[],
    element_basis varchar
);

create table if not exists contexts (
    context_id integer,
    actor varchar,
    action varchar,
    system varchar,
    authority varchar,
    outcome varchar,
    unreadable struct(field varchar, raw varchar)[],
    content varchar
);

-- Records that say again what an earlier record said: same transfer_id, same content.
create table if not exists duplicates (record_key bigint, kept_key bigint);

-- Records that share their transfer_id with a record of other content.
create table if not exists conflicts (record_key bigint, transfer_id varchar, versions bigint);

create table if not exists rule_runs (
    rule varchar,
    severity varchar,
    outcome varchar,
    hits bigint,
    message varchar
);

-- What rules without parameters found when the database was judged, so that answers need not ask each of them again.
create table if not exists disclosure_hits (rule varchar, disclosure_id integer);

-- Each word of `logged_disclosures`, or of some of them, with what it is a word for.
create or replace macro logged_words(said) as table
select disclosure_id, 'program' as kind, unnest(programs) as item from query_table(said)
union all
select disclosure_id, 'state', unnest(states) from query_table(said)
union all
select disclosure_id, 'category', unnest(elements) from query_table(said)
union all
select disclosure_id, 'population', unnest(populations) from query_table(said)
union all
select disclosure_id, 'purpose', purpose from query_table(said);

-- The words of which the policy tables know a meaning, in look-up form.
create or replace macro words_of_policy() as table
select 'program' as kind, alias_key, program as meaning, origin from policy_programs
union all
select 'state', alias_key, state, origin from policy_states
union all
select 'category', alias_key, category, origin from policy_elements
union all
select 'population', alias_key, population, origin from policy_populations
union all
select 'purpose', alias_key, purpose, origin from policy_purposes
union all
select 'outcome', alias_key, outcome, origin from policy_outcomes;
