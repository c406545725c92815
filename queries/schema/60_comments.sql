/*
title = "Comments on what a person asks about"
description = """
What the tables and views hold that answer a question: a sentence each, and one a column, with its unit and what
null means. They go with the database into every client. Made last, for a view or table that is made anew loses
its comments.
"""
*/
comment on view answers is
    'One row a transfer: what was disclosed, the verdicts now and then, the flags, and the rules it met. The columns '
    'of an answer file.';
comment on column answers.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column answers.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column answers.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column answers.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column answers.states is
    'USPS codes after states.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers.programs is
    'Programs after programs.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers.populations is
    'Whose data, after populations.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column answers.categories is
    'Categories of the elements after elements.csv, sorted; unclassified for a word it does not know. Never empty.';
comment on column answers.record_count is
    'People or rows, as the log counts them (sources.counts). Null: not logged, or no whole number.';
comment on column answers.outcome is
    'success, partial, failure or empty (attempts: nothing is known to have passed), or unknown.';
comment on column answers.regime_now is 'The regime in force on the as-of date. Null: none covers that day.';
comment on column answers.verdict_now is
    'Verdict under the regime of the as-of date: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column answers.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column answers.verdict_then is
    'Verdict under the regime of the transfer''s own day: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column answers.flag_category is
    'Whether the content is barred under the regime now, whatever the state. False out of scope.';
comment on column answers.flag_state is
    'Whether a state that the order now in force protects is among its states, whatever the content. False out of '
    'scope.';
comment on column answers.flagged is 'flag_category or flag_state.';
comment on column answers.plaintiff_states is
    'Its states that the regime now in force protects, sorted. Empty: there are none.';
comment on column answers.enjoined_categories is
    'Its categories that the regime now in force bars, sorted. Empty: there are none.';
comment on column answers.unclassified_elements is
    'Elements, as logged, that elements.csv does not know. Empty: there are none.';
comment on column answers.reasons is 'The rules it met, worst first, then by name. Empty: none.';
comment on column answers.source_file is 'The file the transfer was read from.';
comment on column answers.source_record is
    'Where the record is in its file: the line on which it begins, its row, or its item; see place.';
comment on column answers.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records, sheet "2025", row 27.';
comment on column answers.court_day is
    'The calendar day in the zone of the court, by which the law goes. Null: the time is not known.';
comment on column answers.attempt is 'Whether it failed or nothing came out: judged alike, and counted apart.';
comment on column answers.verdict_basis is
    'logged where the verdict now would be the same without what was deduced, else deduced.';
comment on column answers.record_key is
    'Number of the record in this database: joins findings, transfers and transfer_traces.';

comment on view findings is
    'One row a rule and transfer that met it, with the words that gave it away and the clause. Whatever is asked of '
    'it runs every rule on every transfer.';
comment on column findings.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column findings.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column findings.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column findings.rule is 'The id of the rule: its file''s name in queries/rules.';
comment on column findings.severity is 'How much weight the rule has: grave, review or note.';
comment on column findings.evidence is 'What gave it away: words of the log, or what follows from them.';
comment on column findings.citation is 'The clause, statute or document it rests on.';
comment on column findings.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';
comment on column findings.element_basis is
    'How the elements of the transfer are known: disclosed, aggregate, accessed, declared, inferred or unknown.';

comment on view transfers is
    'One row a transfer, repeats left out, with everything that was logged and how the words were read. Not judged.';
comment on column transfers.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column transfers.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column transfers.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column transfers.sender is 'Who sent the data, as logged. Null: nothing logged.';
comment on column transfers.recipient is 'Who got the data, as logged. Null: nothing logged.';
comment on column transfers.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column transfers.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column transfers.actor is 'The person or account that acted, as logged. Null: nothing logged.';
comment on column transfers.action is
    'What was done (push, download, query, view ...), as logged. Null: nothing logged.';
comment on column transfers.system is 'The system it was done in, as logged. Null: nothing logged.';
comment on column transfers.authority is 'The legal authority that the log names, as logged. Null: nothing logged.';
comment on column transfers.programs is
    'Programs after programs.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column transfers.states is
    'USPS codes after states.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column transfers.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column transfers.populations is
    'Whose data, after populations.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column transfers.record_count is
    'People or rows, as the log counts them (sources.counts). Null: not logged, or no whole number.';
comment on column transfers.purpose is 'What the data were for, as logged. Null: nothing logged.';
comment on column transfers.outcome is
    'success, partial, failure or empty (attempts: nothing is known to have passed), or unknown.';
comment on column transfers.source_file is 'The file the transfer was read from.';
comment on column transfers.source_record is
    'Where the record is in its file, as `sources.places` counts: of text the line on which it begins.';
comment on column transfers.instant is
    'When, in UTC, for comparing and sorting; a bare day is its midnight. Null: the time is not known.';
comment on column transfers.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column transfers.context_id is 'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column transfers.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';

comment on view verdicts is
    'One row a transfer, narrow: the verdicts now and then, and the flags. Join transfers on record_key for the rest.';
comment on column verdicts.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column verdicts.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column verdicts.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column verdicts.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column verdicts.context_id is 'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column verdicts.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';
comment on column verdicts.record_count is
    'People or rows, as the log counts them (sources.counts). Null: not logged, or no whole number.';
comment on column verdicts.court_day is
    'The calendar day in the zone of the court; a bare day as it stands. Null: the time is not known.';
comment on column verdicts.week is 'The Monday of the week of the court''s day. Null: the time is not known.';
comment on column verdicts.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column verdicts.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column verdicts.verdict_now is
    'Verdict under the regime of the as-of date: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column verdicts.verdict_then is
    'Verdict under the regime of the transfer''s own day: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column verdicts.flag_category is
    'Whether the content is barred under the regime now, whatever the state. False out of scope.';
comment on column verdicts.flag_state is
    'Whether a state that the order now in force protects is among its states, whatever the content. False out of '
    'scope.';

comment on view disclosures is
    'One row a distinct content: what was disclosed to whom about whom, after the policy tables. What the regimes '
    'judge.';
comment on column disclosures.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosures.sender is 'Who sent the data, as logged. Null: nothing logged.';
comment on column disclosures.recipient is 'Who got the data, as logged. Null: nothing logged.';
comment on column disclosures.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column disclosures.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column disclosures.sender_side is
    'sender (CMS), recipient (DHS and its parts), vendor, elsewhere, or unknown: the side the sender is on.';
comment on column disclosures.recipient_side is
    'sender (CMS), recipient (DHS and its parts), vendor, elsewhere, or unknown: the side the recipient is on.';
comment on column disclosures.parties_in_scope is
    'Whether the parties are CMS and DHS, or one of them and somebody unknown or a vendor.';
comment on column disclosures.unknown_agency is
    'Whether one party is CMS or DHS and the other unknown or a vendor: verdicts stay at review.';
comment on column disclosures.onward is
    'Whether DHS or a part of it passes data on to anybody but CMS: out of scope, and reported apart.';
comment on column disclosures.states is
    'USPS codes after states.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column disclosures.programs is
    'Programs after programs.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column disclosures.populations is
    'Whose data, after populations.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column disclosures.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column disclosures.categories is
    'Categories of the elements after elements.csv, sorted; unclassified for a word it does not know. Never empty.';
comment on column disclosures.unclassified_elements is
    'Elements, as logged, that elements.csv does not know. Empty: there are none.';
comment on column disclosures.purpose is 'What the data were for, as logged. Null: nothing logged.';
comment on column disclosures.purpose_kind is
    'What purposes.csv makes of the purpose: immigration_enforcement, other, unknown, or presumed where it does not '
    'know it.';
comment on column disclosures.unreadable is
    'Fields that hold something not of their type, with the raw text: they count as unknown. Empty: there are none.';

comment on table judgments is
    'One row a disclosure and regime, regimes switched off included: its content, its states, and the verdict. Now, '
    'then and what-if are joins with it.';
comment on column judgments.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column judgments.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column judgments.content_before_purpose is
    'Worst of its parts before the purpose is looked at: enjoined, review, permitted or outside.';
comment on column judgments.content is
    'Worst of its parts, after the purpose: enjoined, review, permitted or outside, whatever the states.';
comment on column judgments.verdict is
    'Worst over its states: enjoined, review, permitted or outside. Scope, unknown parties and times are not looked '
    'at here.';
comment on column judgments.some_covered is 'Whether the regime protects at least one of its states.';
comment on column judgments.some_unsettled is
    'Whether for one of its states at least it is not settled that the regime protects it.';
comment on column judgments.some_unknown is 'Whether one of its states at least is not known.';

comment on view disclosure_parts is
    'One row a disclosure, regime and part of its content: the severity, and the line of the policy tables that '
    'decided.';
comment on column disclosure_parts.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosure_parts.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column disclosure_parts.kind is 'What the part is: category, population or program.';
comment on column disclosure_parts.key is 'The category, population or program.';
comment on column disclosure_parts.items is
    'The words that were logged for it, sorted. Null or empty: nothing was logged.';
comment on column disclosure_parts.severity is 'enjoined, review, permitted or outside.';
comment on column disclosure_parts.implied_by is
    'The permitted category, disclosed too, beside which this one says nothing new. Null: it stands for itself.';
comment on column disclosure_parts.listed is 'Whether the regime names it; if not, the regime''s default decided.';
comment on column disclosure_parts.origin is 'File and line of the policy tables that say so.';
comment on column disclosure_parts.citation is 'The clause, statute or document it rests on.';
comment on column disclosure_parts.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';

comment on view parts_now is
    'The parts of disclosures between CMS and DHS under the regime of the as-of date, for rules. Where that regime '
    'protects no state, those that would only need review are left out.';
comment on column parts_now.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column parts_now.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column parts_now.kind is 'What the part is: category, population or program.';
comment on column parts_now.key is 'The category, population or program.';
comment on column parts_now.items is 'The words that were logged for it, sorted. Null or empty: nothing was logged.';
comment on column parts_now.severity is 'enjoined, review, permitted or outside.';
comment on column parts_now.implied_by is
    'The permitted category, disclosed too, beside which this one says nothing new. Null: it stands for itself.';
comment on column parts_now.listed is 'Whether the regime names it; if not, the regime''s default decided.';
comment on column parts_now.origin is 'File and line of the policy tables that say so.';
comment on column parts_now.citation is 'The clause, statute or document it rests on.';
comment on column parts_now.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';
comment on column parts_now.purpose_kind is
    'What purposes.csv makes of the purpose: immigration_enforcement, other, unknown, or presumed where it does not '
    'know it.';
comment on column parts_now.content_before_purpose is
    'Worst of its parts before the purpose is looked at: enjoined, review, permitted or outside.';
comment on column parts_now.content is
    'Worst of its parts, after the purpose: enjoined, review, permitted or outside, whatever the states.';

comment on view accounting is
    'One row a file in the order of reading: records = transfers + not_transfers + duplicates + quarantined.';
comment on column accounting.source_id is 'Number of the file, in the order of reading.';
comment on column accounting.path is 'The file, as it was named or found.';
comment on column accounting.sha256 is
    'Hash of the file''s bytes, packed as they lie. Null: it could not be read to its end.';
comment on column accounting.bytes is 'Size of the file, packed as it lies.';
comment on column accounting.format is
    'What it was read as: ndjson, json, csv or parquet, with .gz, .zst, .bz2 or .xz if packed; zip or tar for an '
    'archive that could not be read whole. Null: not recognized.';
comment on column accounting.zone is 'The clock that times without a zone were read by. Empty for a copy.';
comment on column accounting.status is
    'read, damaged (read as far as it goes), copy of another file, empty, no_log, unrecognized or unreadable.';
comment on column accounting.note is 'What was odd about the file. Empty: nothing.';
comment on column accounting.records is 'Records in it.';
comment on column accounting.transfers is 'Records kept as transfers, counted and not taken as what is left.';
comment on column accounting.not_transfers is 'Records that are something else than transfers.';
comment on column accounting.duplicates is 'Records that say again what another record says; for a copy, all of them.';
comment on column accounting.quarantined is 'Records that could not be read: see quarantine.';
comment on column accounting.blank_lines is 'Lines with nothing in them, which are no records.';
comment on column accounting.fields is 'Fields of a transfer that its records have, sorted.';
comment on column accounting.unknown_fields is
    'Fields that mean nothing to a transfer, and were not looked at, sorted.';
comment on column accounting.current is 'False for a file that could not be read, where the same path was read later.';

comment on table sources is
    'One row a file that was read, as the reading left it. The view accounting adds what became of its records.';
comment on column sources.source_id is 'Number of the file, in the order of reading.';
comment on column sources.path is 'The file, as it was named or found.';
comment on column sources.sha256 is
    'Hash of the file''s bytes, packed as they lie. Null: it could not be read to its end.';
comment on column sources.bytes is 'Size of the file, packed as it lies.';
comment on column sources.format is
    'What it was read as: ndjson, json, csv or parquet, with .gz, .zst, .bz2 or .xz if packed; zip or tar for an '
    'archive that could not be read whole. Null: not recognized.';
comment on column sources.zone is 'The clock that times without a zone were read by. Empty for a copy.';
comment on column sources.status is
    'read, damaged (read as far as it goes), copy of another file, empty, no_log, unrecognized or unreadable.';
comment on column sources.records is 'Records in it.';
comment on column sources.not_transfers is 'Records that are something else than transfers.';
comment on column sources.quarantined is 'Records that could not be read: see quarantine.';
comment on column sources.blank_lines is 'Lines with nothing in them, which are no records.';
comment on column sources.fields is 'Fields of a transfer that its records have, sorted.';
comment on column sources.unknown_fields is 'Fields that mean nothing to a transfer, and were not looked at, sorted.';
comment on column sources.note is 'What was odd about the file. Empty: nothing.';
comment on column sources.scan_id is 'The nightly scan that read it. Null: not read into a ledger.';
comment on column sources.tail_of is
    'The source_id of the file that this one goes on from: only what it has more was read. Null: read whole.';
comment on column sources.tail_offset is 'Where the new part begins, in bytes. Null: read whole.';
comment on column sources.lines_before is 'Lines in the part that was read before. Null: read whole.';

comment on table quarantine is
    'One row a record that could not be read as one: the reason and the place. They make a scan incomplete.';
comment on column quarantine.source_id is 'Number of the file, in the order of reading.';
comment on column quarantine.source_record is
    'Where the record is in its file, as `sources.places` counts: of text the line on which it begins.';
comment on column quarantine.reason is 'What is wrong with it, in plain words.';
comment on column quarantine.byte_offset is
    'Where it begins in the unpacked file, from 0. Null: the file had to be rewritten to be read.';
comment on column quarantine.byte_length is 'Its length in bytes.';
comment on column quarantine.bytes is
    'Its first 65,536 bytes, in UTF-8; 0xff stands for what could not be decoded. Null unless --keep-bytes was said: '
    'place and hash of the file find them.';

comment on table rule_runs is
    'One row a rule: how it ended on this database. A rule that failed makes the scan incomplete.';
comment on column rule_runs.rule is 'The id of the rule: its file''s name in queries/rules.';
comment on column rule_runs.severity is 'How much weight the rule has: grave, review or note.';
comment on column rule_runs.outcome is 'ran, not applicable (no log has a field it needs) or failed.';
comment on column rule_runs.hits is 'How many transfers met it; files, for a rule about files. 0 where it did not run.';
comment on column rule_runs.message is 'Which field is missing, or why it failed. Empty: it ran.';

comment on table settings is 'One row: what the database was judged by.';
comment on column settings.as_of is 'The day of now: which regime is in force.';
comment on column settings.since is 'First day asked about: earlier transfers are out of scope.';
comment on column settings.regime_now is 'The regime in force on the as-of date. Null: none covers that day.';
comment on column settings.court_zone is 'The clock by which orders begin and end.';
comment on column settings.policy_sha256 is 'Hash of what the policy tables say.';
comment on column settings.queries_sha256 is 'Hash of the query files that judge; reports are not in it.';
comment on column settings.auditscan_version is 'The version that judged.';

comment on table duplicates is
    'One row a record that says again what another record says: same transfer_id, same content. It is no transfer of '
    'its own.';
comment on column duplicates.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column duplicates.kept_key is 'The record_key of the record that is kept, whose path and place sort first.';

comment on table conflicts is
    'One row a record that shares its transfer_id with a record of other content. All of them are kept and judged.';
comment on column conflicts.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column conflicts.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column conflicts.versions is 'How many different contents the id has.';

comment on view agreements is
    'One row an agreement between the agencies, with the days on which sources let it end. An agreement is not a '
    'permission of the court.';
comment on column agreements.instrument_id is 'The agreement or notice.';
comment on column agreements.kind is 'Always agreement.';
comment on column agreements.title is 'What it is called.';
comment on column agreements.dated is 'The day it bears. Null: not known.';
comment on column agreements.access is 'The access it grants, as reported. Null: not reported.';
comment on column agreements.hours_from is 'From which hour of the day it grants access, as 09:00. Null: not reported.';
comment on column agreements.hours_to is 'Up to which hour of the day it grants access, as 17:00. Null: not reported.';
comment on column agreements.hours_zone is
    'The clock of these hours: assumed, for no source names it. Null: no hours are reported.';
comment on column agreements.origin is 'File and line of the policy tables that say so.';
comment on column agreements.first_end is 'Earliest day that a source names as its end. Null: none does.';
comment on column agreements.last_end is 'Latest day that a source names as its end. Null: none does.';
comment on column agreements.end_days is 'All days that sources name as its end. Null: none does.';

comment on view selected_tallies is
    'Counts of transfers by disclosure and regime then, with verdicts, narrowed by select_states, select_recipients, '
    'select_verdicts, select_from, select_until.';
comment on column selected_tallies.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column selected_tallies.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column selected_tallies.timed is 'Whether it is known when they happened.';
comment on column selected_tallies.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column selected_tallies.attempt is 'Whether they failed: judged alike, counted apart.';
comment on column selected_tallies.transfers is 'How many transfers.';
comment on column selected_tallies.people is
    'Sum of their record_count: one person may be counted in many. Null: none of them has a count.';
comment on column selected_tallies.counted is 'How many of the transfers have a record_count.';
comment on column selected_tallies.most_people is
    'The largest record_count among them. Null: none of them has a count.';
comment on column selected_tallies.verdict_now is
    'Verdict under the regime of the as-of date: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column selected_tallies.verdict_then is
    'Verdict under the regime of the transfer''s own day: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column selected_tallies.flag_category is
    'Whether the content is barred under the regime now, whatever the state. False out of scope.';
comment on column selected_tallies.flag_state is
    'Whether a state that the order now in force protects is among its states, whatever the content. False out of '
    'scope.';

comment on view selected_week_tallies is
    'Counts of transfers by week and verdicts, narrowed by select_states, select_recipients, select_verdicts, '
    'select_from, select_until.';
comment on column selected_week_tallies.week is
    'The Monday of the week of the court''s day. Null: the time is not known.';
comment on column selected_week_tallies.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column selected_week_tallies.attempt is 'Whether they failed: judged alike, counted apart.';
comment on column selected_week_tallies.verdict_now is
    'Verdict under the regime of the as-of date: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column selected_week_tallies.verdict_then is
    'Verdict under the regime of the transfer''s own day: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column selected_week_tallies.transfers is 'How many transfers.';
