/*
title = "Tables of a ledger"
description = """
What a database remembers from one nightly scan to the next: the scans, every version of every file that was seen,
when each finding began and ended, how each rule ran, which verdicts a new policy moved, what was suppressed, and
the receipts. A database that no nightly scan made has them too, and they are empty.
"""
*/
-- What a finding is known by: the rule and the transfer or, for findings about the logs, the rule and the subject.
create or replace macro finding_id(rule, about) as 'f-' || left(sha256(rule || chr(10) || about), 16);

-- A span holds from its first scan to the one before `until_scan`, or to this day.
create or replace macro held_at(first_scan, until_scan, scan) as
    first_scan <= scan and coalesce(until_scan > scan, true);

-- Whether it began or ended after one scan and up to another.
create or replace macro moved_between(first_scan, until_scan, before, after) as
    (first_scan > before and first_scan <= after) or (until_scan > before and until_scan <= after);

create table if not exists scans (
    scan_id integer,
    started_at timestamp,
    finished_at timestamp,
    as_of date,
    regime_now varchar,
    policy_sha256 varchar,
    queries_sha256 varchar,
    auditscan_version varchar,
    engine_version varchar,
    judged_all varchar,
    first_source integer,
    missed integer,
    complete boolean,
    incomplete_because varchar[],
    exit_code integer
);

-- One row a path and content: a path whose content changed has several, and the last one seen is the current one.
create table if not exists file_versions (
    path varchar,
    sha256 varchar,
    bytes bigint,
    change varchar,
    source_id integer,
    earlier_sha256 varchar,
    earlier_path varchar,
    first_scan integer,
    last_scan integer,
    note varchar,
    mtime_ns bigint,
    ctime_ns bigint,
    inode ubigint,
    device ubigint,
    hashed_at timestamp
);

-- Findings on a disclosure stand once, however many transfers made it; findings on one record or on a log stand alone.
create table if not exists finding_spans (
    rule varchar,
    reads varchar,
    key bigint,
    subject varchar,
    severity varchar,
    evidence varchar,
    citation varchar,
    certainty varchar,
    first_scan integer,
    until_scan integer
);

create table if not exists scan_rules (
    scan_id integer,
    rule varchar,
    sha256 varchar,
    severity varchar,
    outcome varchar,
    hits bigint,
    message varchar
);

create table if not exists verdict_moves (
    scan_id integer,
    time varchar,
    verdict_before varchar,
    verdict_after varchar,
    attempt boolean,
    transfers bigint,
    because varchar[]
);

create table if not exists suppression_spans (
    suppression_id varchar,
    finding_id varchar,
    rule varchar,
    transfer_id varchar,
    subject varchar,
    source_file varchar,
    state varchar,
    recipient_agency varchar,
    reason varchar,
    owner varchar,
    until_day date,
    max_findings bigint,
    origin varchar,
    first_scan integer,
    until_scan integer
);

-- Whether the file of a suppression is this one: its whole path, or how it ends.
create or replace macro is_file_named(path, source_file) as path glob source_file or path glob ('*/' || source_file);

-- What the suppressions in force hid: findings by what they are known by, not by where they stand.
create table if not exists suppressed_findings (
    suppression_id varchar,
    rule varchar,
    transfer_id varchar,
    subject varchar,
    records bigint,
    first_scan integer,
    until_scan integer
);

create table if not exists receipts (scan_id integer, sha256 varchar, body varchar);

-- For whoever shows what is suppressed all the same.
create or replace view suppressed_now as
select
    f.rule,
    f.transfer_id,
    f.subject,
    max(p.until_day) as suppressed_until,
    string_agg(p.owner || ': ' || p.reason, '; ' order by p.suppression_id) as suppressed_by
from suppressed_findings f
inner join suppression_spans p on f.suppression_id = p.suppression_id and p.until_scan is null
cross join settings s
where f.until_scan is null and p.until_day >= s.as_of
group by f.rule, f.transfer_id, f.subject;

create or replace view suppressed_transfers as
select
    transfer_id,
    list(rule order by rule) as rules
from suppressed_now
where transfer_id is not null
group by transfer_id;

-- What events in the Open Cybersecurity Schema say of where they come from.
create or replace macro ocsf_metadata(made, auditscan_version, of_ledger) as {
    version: '1.5.0',
    product: {name: 'auditscan', vendor_name: 'auditscan', version: auditscan_version},
    log_name: made ->> 'receipt',
    correlation_uid: coalesce(
        case when of_ledger then (select max_by(sha256, scan_id) from receipts) end, made ->> 'rests_on'
    )
};

-- A ledger of an earlier version called the gravest rules by the word of a verdict.
update finding_spans
set severity = 'grave'
where severity = 'enjoined';

update scan_rules
set severity = 'grave'
where severity = 'enjoined';
