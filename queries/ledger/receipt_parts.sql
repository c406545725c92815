/*
title = "What each scan added to the ledger"
description = """
One line of JSON for each row that a scan left and no later scan changes: sources and quarantine, how rules ended,
verdicts that moved, findings and suppressions that began or ended; in a fixed order. Findings on single transfers, of
which there are most, are hashed by `receipt_event_blocks`. Of every scan; where `receipt_scan` is set, of that one.
"""
*/
-- Column by column: one that a later version adds is not part of what was hashed before.
with lines as (
    select
        scan_id,
        'scans' as part,
        to_json({
            scan_id: scan_id, started_at: started_at, finished_at: finished_at, as_of: as_of, regime_now: regime_now,
            policy_sha256: policy_sha256, queries_sha256: queries_sha256, auditscan_version: auditscan_version,
            engine_version: engine_version, judged_all: judged_all, first_source: first_source, missed: missed,
            complete: complete, incomplete_because: incomplete_because, exit_code: exit_code
        })::varchar as line
    from scans
    union all
    select
        scan_id,
        'sources',
        to_json({
            source_id: source_id, path: path, sha256: sha256, bytes: bytes, format: format, zone: zone, status: status,
            records: records, not_transfers: not_transfers, quarantined: quarantined, blank_lines: blank_lines,
            fields: fields, unknown_fields: unknown_fields, note: note, scan_id: scan_id, tail_of: tail_of,
            tail_offset: tail_offset, lines_before: lines_before, read_as: read_as, places: places, sheets: sheets,
            counts: counts, content_sha256: content_sha256
        })::varchar
    from sources
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
        to_json({
            scan_id: scan_id, rule: rule, sha256: sha256, severity: severity, outcome: outcome, hits: hits,
            message: message
        })::varchar
    from scan_rules
    union all
    select
        scan_id,
        'verdict_moves',
        to_json({
            scan_id: scan_id, time: time, verdict_before: verdict_before, verdict_after: verdict_after,
            attempt: attempt, transfers: transfers, because: because
        })::varchar
    from verdict_moves
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
