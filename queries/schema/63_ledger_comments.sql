/*
title = "Comments on the tables of a ledger"
description = "What the tables hold that nightly scans leave behind: a sentence each, and one a column."
*/
comment on view disclosure_findings is
    'Helper: what rules found about what was disclosed to whom about whom: one row a rule and disclosure.';
comment on column disclosure_findings.rule is 'The rule: the name of its query file.';
comment on column disclosure_findings.severity is 'grave, review or note.';
comment on column disclosure_findings.disclosure_id is
    'The disclosure: a number that transfers with the same content share.';
comment on column disclosure_findings.evidence is 'What gave it away: words of the log, or what follows from them.';
comment on column disclosure_findings.citation is 'The clause, statute or document that this hit rests on.';
comment on column disclosure_findings.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';

comment on view event_findings is
    'Helper: what rules found about single events: one row a rule and transfer.';
comment on column event_findings.rule is 'The rule: the name of its query file.';
comment on column event_findings.severity is 'grave, review or note.';
comment on column event_findings.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column event_findings.evidence is 'What gave it away: words of the log, or what follows from them.';
comment on column event_findings.citation is 'The clause, statute or document that this hit rests on.';
comment on column event_findings.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';

comment on view source_findings is 'What rules found about the logs themselves: one row a rule and subject.';
comment on column source_findings.rule is 'The rule: the name of its query file.';
comment on column source_findings.severity is 'grave, review or note.';
comment on column source_findings.subject is
    'What of the logs met the rule, in words that stay the same from scan to scan.';
comment on column source_findings.evidence is 'What gave it away: words of the log, or what follows from them.';
comment on column source_findings.citation is 'What the rule rests on.';
comment on column source_findings.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';

comment on table scans is 'One row a nightly scan. Empty: no ledger.';
comment on column scans.scan_id is 'Number of the scan: 1, 2, 3 and so on.';
comment on column scans.started_at is 'When it began, in UTC.';
comment on column scans.finished_at is 'When the database was ready, in UTC.';
comment on column scans.as_of is 'The day of now: which regime is in force.';
comment on column scans.regime_now is 'The regime in force on that day. Null: none.';
comment on column scans.policy_sha256 is 'Hash of what the policy tables said.';
comment on column scans.queries_sha256 is 'Hash of the query files that judged.';
comment on column scans.auditscan_version is 'The version that judged.';
comment on column scans.engine_version is 'The version of DuckDB.';
comment on column scans.judged_all is
    'Why every transfer was judged: first scan, policy, queries, regime now, or since. Null: only what was new.';
comment on column scans.first_source is 'The files it read have this source_id or a higher one.';
comment on column scans.missed is 'How many scans the schedule wanted between the one before and this one.';
comment on column scans.complete is 'Whether everything was read and every rule ran.';
comment on column scans.incomplete_because is 'A sentence for everything that was not looked at.';
comment on column scans.exit_code is 'The exit code it came to, before anybody was told.';

comment on table file_versions is
    'One row a path and content that a nightly scan met: a path whose content changed has several.';
comment on column file_versions.path is 'The file, as it was named or found.';
comment on column file_versions.sha256 is 'Hash of its content. Null: it could not be read.';
comment on column file_versions.bytes is 'Size of the file, packed as it lies.';
comment on column file_versions.change is
    'How it came: new, copy, renamed, grown, rewritten, restored (an earlier content again), unreadable or skipped.';
comment on column file_versions.source_id is 'Its content: the row of sources. Null: nothing of it was read.';
comment on column file_versions.earlier_sha256 is 'What stood at the path before. Null: nothing.';
comment on column file_versions.earlier_path is 'Where the same content was seen first. Null: nowhere else.';
comment on column file_versions.first_scan is 'The scan that first found this content at this path.';
comment on column file_versions.last_scan is
    'The last scan that found it there. Earlier than the last scan of all: it is gone, or has other content.';
comment on column file_versions.note is 'What was odd about it. Empty: nothing.';
comment on column file_versions.mtime_ns is 'When the file says it was changed, in nanoseconds since 1970.';
comment on column file_versions.ctime_ns is
    'When the file system last changed it or its name, in nanoseconds since 1970.';
comment on column file_versions.inode is 'Its number in the file system.';
comment on column file_versions.device is 'Number of the file system.';
comment on column file_versions.hashed_at is 'When its content was last hashed, in UTC.';

comment on table finding_spans is
    'What each rule found, from which scan to which: findings on a disclosure hold for every transfer that made it.';
comment on column finding_spans.rule is 'The rule: the name of its query file.';
comment on column finding_spans.reads is 'disclosures, transfers or sources: what the finding is about.';
comment on column finding_spans.key is 'disclosure_id or record_key. Null: about a log.';
comment on column finding_spans.subject is 'What of the logs met the rule. Null: about a disclosure or transfer.';
comment on column finding_spans.severity is 'grave, review or note.';
comment on column finding_spans.evidence is
    'What gave it away. Null for findings on one transfer: see findings.';
comment on column finding_spans.citation is 'The clause it rests on. Null for findings on one transfer.';
comment on column finding_spans.certainty is
    'How sure the citation is: A to D. Null for findings on one transfer.';
comment on column finding_spans.first_scan is 'The first scan that found it so.';
comment on column finding_spans.until_scan is 'The first scan that did not any more. Null: it holds.';

comment on table scan_rules is 'How each rule ended in each nightly scan.';
comment on column scan_rules.scan_id is 'Number of the scan.';
comment on column scan_rules.rule is 'The rule: the name of its query file.';
comment on column scan_rules.sha256 is 'Hash of its query file.';
comment on column scan_rules.severity is 'grave, review or note.';
comment on column scan_rules.outcome is 'ran, not applicable or failed.';
comment on column scan_rules.hits is 'What met it, in the whole ledger.';
comment on column scan_rules.message is 'Why it failed, or did not apply.';

comment on table verdict_moves is
    'How many transfers a change of policy, of queries, or of the day of now, moved from one verdict to another.';
comment on column verdict_moves.scan_id is 'The scan that judged anew.';
comment on column verdict_moves.time is 'now or then: which of the two verdicts.';
comment on column verdict_moves.verdict_before is
    'The verdict before; attempt: it was one, and is none.';
comment on column verdict_moves.verdict_after is
    'The verdict after; attempt: it is one, and was none.';
comment on column verdict_moves.attempt is 'Whether these are failed attempts, which count apart.';
comment on column verdict_moves.transfers is 'How many.';
comment on column verdict_moves.because is 'The lines of policy that did it, or what else changed.';

comment on table suppression_spans is
    'The suppressions in force, from which scan to which: one that is past its day or meets too much is not.';
comment on column suppression_spans.suppression_id is 'Its name in the file.';
comment on column suppression_spans.finding_id is 'The one finding it is about. Null: any.';
comment on column suppression_spans.rule is
    'The rule it is about; quarantine: it is about records that could not be read. Null: any rule.';
comment on column suppression_spans.transfer_id is 'The transfer it is about. Null: any.';
comment on column suppression_spans.subject is
    'What of the logs it is about; of quarantine, the number of a record. Null: any.';
comment on column suppression_spans.source_file is 'The files it is about, as a pattern with * and ?. Null: any.';
comment on column suppression_spans.state is 'The state it is about. Null: any.';
comment on column suppression_spans.recipient_agency is 'The agency it is about. Null: any.';
comment on column suppression_spans.reason is 'Why, in the words of its owner.';
comment on column suppression_spans.owner is 'Who answers for it.';
comment on column suppression_spans.until_day is 'The last day on which it holds.';
comment on column suppression_spans.max_findings is 'How many findings it may meet. Null: any number.';
comment on column suppression_spans.origin is 'File and line.';
comment on column suppression_spans.first_scan is 'The first scan in which it was in force so.';
comment on column suppression_spans.until_scan is 'The first scan in which it was not any more. Null: it is.';

comment on table suppressed_findings is 'Which findings each suppression hid, from which scan to which.';
comment on column suppressed_findings.suppression_id is 'The suppression: its name in the file.';
comment on column suppressed_findings.rule is
    'The rule of the finding; quarantine: a record that could not be read.';
comment on column suppressed_findings.transfer_id is 'The transfer it is about. Null: about a log.';
comment on column suppressed_findings.subject is 'What of the logs it is about. Null: about a transfer.';
comment on column suppressed_findings.records is
    'On how many transfers it stands: more than one where several share the id and differ.';
comment on column suppressed_findings.first_scan is 'The first scan in which it was hidden.';
comment on column suppressed_findings.until_scan is 'The first scan in which it was not any more. Null: it is.';

comment on table receipts is 'What each nightly scan read and said, with hashes: each receipt names the one before.';
comment on column receipts.scan_id is 'Number of the scan.';
comment on column receipts.sha256 is 'Hash of the receipt, byte by byte.';
comment on column receipts.body is 'The receipt: JSON, the very bytes of the file in receipts/.';

comment on view contents_at_hand is
    'Helper: what was read of the logs that the last nightly scan found: a path holds the parts it grew by.';
comment on column contents_at_hand.path is 'The file, as it was named or found.';
comment on column contents_at_hand.source_id is 'What was read of it: a row of sources.';

comment on view repeated_sayings is
    'Helper: records that say the same, the one that is counted among them; traces of other logs are left out.';
comment on column repeated_sayings.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column repeated_sayings.kept_key is 'The one of them that is counted.';

comment on view contents_elsewhere is
    'Helper: logs that are gone by their bytes, and all of whose records stand in a file at hand: packed, or moved.';
comment on column contents_elsewhere.path is 'The file that is gone.';
comment on column contents_elsewhere.sha256 is 'Hash of its content.';
comment on column contents_elsewhere.elsewhere is 'The file that has its records.';

comment on view quarantine_states is 'How it stands with each record that could not be read.';
comment on column quarantine_states.source_id is 'The file: a row of sources.';
comment on column quarantine_states.source_record is 'The number of the record in it.';
comment on column quarantine_states.path is 'The file, as it was named or found.';
comment on column quarantine_states.subject is 'What it is known by when it is suppressed.';
comment on column quarantine_states.state is
    'open: somebody has to look; suppressed; gone: no path holds its content any more.';
