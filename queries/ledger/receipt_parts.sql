/*
title = "What each scan added to the ledger"
description = """
One line of JSON for each row that a scan left and no later scan changes: sources and quarantine, how rules ended,
verdicts that moved, findings and suppressions that began or ended; in a fixed order. Findings on single transfers, of
which there are most, are hashed by `receipt_event_blocks`. Of every scan; where `receipt_scan` is set, of that one.
"""
*/
with lines as (
    select
        scan_id,
        'scans' as part,
        to_json(s)::varchar as line
    from scans s -- noqa: AL05
    union all
    select
        scan_id,
        'sources',
        to_json(s)::varchar
    from sources s -- noqa: AL05
    union all
    select
        s.scan_id,
        'quarantine',
        to_json({
            source_id: q.source_id, source_record: q.source_record, reason: q.reason, byte_offset: q.byte_offset,
            byte_length: q.byte_length, bytes: hex(q.bytes)
        })::varchar
    from quarantine q
    left join sources s on q.source_id = s.source_id
    union all
    select
        scan_id,
        'scan_rules',
        to_json(r)::varchar
    from scan_rules r -- noqa: AL05
    union all
    select
        scan_id,
        'verdict_moves',
        to_json(m)::varchar
    from verdict_moves m -- noqa: AL05
    union all
    select
        f.first_scan,
        'finding_spans begun',
        to_json({
            rule: f.rule, reads: f.reads, key: f.key, subject: f.subject, severity: f.severity, evidence: f.evidence,
            citation: f.citation, certainty: f.certainty
        })::varchar
    from finding_spans f
    where f.reads <> 'transfers'
    union all
    select
        f.until_scan,
        'finding_spans ended',
        to_json({rule: f.rule, reads: f.reads, key: f.key, subject: f.subject, first_scan: f.first_scan})::varchar
    from finding_spans f
    where f.reads <> 'transfers' and f.until_scan is not null
    union all
    select
        p.first_scan,
        'suppression_spans begun',
        to_json({
            suppression_id: p.suppression_id, finding_id: p.finding_id, rule: p.rule, transfer_id: p.transfer_id,
            subject: p.subject, source_file: p.source_file, state: p.state, recipient_agency: p.recipient_agency,
            reason: p.reason, owner: p.owner, until_day: p.until_day, max_findings: p.max_findings, origin: p.origin
        })::varchar
    from suppression_spans p
    union all
    select
        p.until_scan,
        'suppression_spans ended',
        to_json({suppression_id: p.suppression_id, first_scan: p.first_scan})::varchar
    from suppression_spans p
    where p.until_scan is not null
)

select
    scan_id,
    part,
    line
from lines
where getvariable('receipt_scan') is null or scan_id = getvariable('receipt_scan')::integer
order by scan_id, part, line;
