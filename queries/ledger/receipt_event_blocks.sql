/*
title = "Hashes of findings on single transfers"
description = """
One row for what a scan began, or ended, to find among 10,000 records of a file: the sha256 of its lines, which are
joined by line feeds and in the order of record and rule. A line is the record_key, the rule, its severity, the scan
that found it first, and four columns that are null here, as hyphens; with bars between them. Looks at the records from
`first_key` up to `until_key`; of every scan, or where `receipt_scan` is set, of that one.
"""
*/
with begun_or_ended as (
    select
        first_scan as scan_id,
        'event findings begun' as part,
        *
    from finding_spans
    where
        reads = 'transfers' and key >= getvariable('first_key')::bigint and key < getvariable('until_key')::bigint
    union all
    select
        until_scan,
        'event findings ended',
        *
    from finding_spans
    where
        reads = 'transfers' and key >= getvariable('first_key')::bigint and key < getvariable('until_key')::bigint
        and until_scan is not null
),

lines as (
    select
        scan_id,
        part,
        key // 68719476736 as source_id,
        key % 68719476736 // 10000 as block,
        concat_ws(
            '|', key, rule, severity, first_scan, coalesce('=' || subject, '-'), coalesce('=' || evidence, '-'),
            coalesce('=' || citation, '-'), coalesce('=' || certainty, '-')
        ) as line,
        key,
        rule
    from begun_or_ended
    where getvariable('receipt_scan') is null or scan_id = getvariable('receipt_scan')::integer
),

hashed as (
    select
        scan_id,
        part,
        source_id,
        block,
        sha256(string_agg(line, chr(10) order by key, rule, line)) as sha256,
        count(*) as findings
    from lines
    group by all
)

select
    scan_id,
    part,
    to_json({source_id: source_id, block: block, sha256: sha256, findings: findings})::varchar as line
from hashed
order by scan_id, part, source_id, block;
