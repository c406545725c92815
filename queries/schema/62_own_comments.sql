/*
title = "Comments on columns of one table"
description = """
Table, column and comment: what a column holds that means more, or something else, in this table or view than in
others.
"""
*/
values
    ('accounting.transfers', 'Records kept as transfers, counted and not taken as what is left.'),
    ('agreements.kind', 'Always agreement.'),
    ('ambiguous_links.record_key', 'The one record.'),
    ('answer_rows.action', 'The action as a normalized word: push, download, query, view, share, use, or else as '
        'logged. Null: nothing logged.'),
    ('answer_rows.certainty', 'How sure the line of policy is that decided the verdict now, A (official) to D. Null: '
        'no line decided it.'),
    ('answers_wide.action', 'The action as a normalized word: push, download, query, view, share, use, or else as '
        'logged. Null: nothing logged.'),
    ('answers_wide.certainty', 'How sure the line of policy is that decided the verdict now, A (official) to D. Null: '
        'no line decided it.'),
    ('answers_wide.verdict_now', 'Where the transfer is counted now: enjoined, review, permitted, outside, attempt, '
        'unattributed or out_of_scope.'),
    ('answers_wide.verdict_then', 'Where it is counted under the regime of its own day: the same words as '
        'verdict_now.'),
    ('context_meanings.action', 'The action as a normalized word: push, download, query, view, share, use, or else as '
        'logged. Null: nothing logged.'),
    ('contexts.content', 'All of it as JSON text: two contexts are one where this is the same.'),
    ('contexts.outcome', 'How it ended, as logged. Null: nothing logged.'),
    ('digest_checks.content_sha256', 'The SHA-256 of the unpacked content of the file.'),
    ('digest_checks.path', 'The file of that name. Null: none was read.'),
    ('digest_checks.state', 'As listed, differs, not here, or not compared: the file could not be read to its end.'),
    ('digest_entries.sha256', 'The SHA-256 of its unpacked content, as the digest has it.'),
    ('digest_entries.source_id', 'The digest.'),
    ('disclosure_lists.kind', 'What it is a list of: category, population, program or state.'),
    ('disclosure_lists.parties_in_scope', 'Whether its parties are those that are asked about.'),
    ('disclosure_lists.purpose_kind', 'As in disclosures.'),
    ('disclosure_meanings.key', 'The category, population, program or USPS code; unclassified or unknown for what no '
        'table knows.'),
    ('disclosure_meanings.kind', 'category, population, program or state.'),
    ('disclosure_parties.element_basis', 'Disclosed (put out), aggregate (counted), accessed (looked at), declared, '
        'inferred (from a name) or unknown.'),
    ('disclosure_parties.unattributed', 'Whether neither side is known: it may be a transfer from CMS to DHS, or '
        'none.'),
    ('disclosures.unattributed', 'Whether neither side is known: it may be a transfer from CMS to DHS, or none.'),
    ('duplicates.kept_key', 'The record_key of the record that is kept, whose path and place sort first.'),
    ('file_versions.first_scan', 'The scan that first found this content at this path.'),
    ('file_versions.source_id', 'Its content: the row of sources. Null: nothing of it was read.'),
    ('finding_spans.certainty', 'How sure the citation is: A to D. Null for findings on one transfer.'),
    ('finding_spans.citation', 'The clause it rests on. Null for findings on one transfer.'),
    ('finding_spans.evidence', 'What gave it away. Null for findings on one transfer: see findings.'),
    ('finding_spans.first_scan', 'The first scan that found it so.'),
    ('finding_spans.key', 'disclosure_id or record_key. Null: about a log.'),
    ('finding_spans.subject', 'What of the logs met the rule. Null: about a disclosure or transfer.'),
    ('finding_spans.until_scan', 'The first scan that did not any more. Null: it holds.'),
    ('implied_categories.category', 'The category that counts as permitted.'),
    ('implied_categories.implied_by', 'The permitted category beside which it says nothing new.'),
    ('judgments.certainty', 'How sure the line of policy is that decided the verdict, A to D: the surest of what '
        'bars, the least sure of what lets pass. Null: none decided.'),
    ('judgments.verdict', 'Worst over its states: enjoined, review, permitted or outside. Scope, unknown parties and '
        'times are not looked at here.'),
    ('kept_records.occurred_at', 'When, in UTC; a bare day is its midnight. Null: the time is not known.'),
    ('records_asked_for.occurred_at', 'When, in UTC; a bare day is its midnight. Null: the time is not known.'),
    ('linked_records.disclosure_id', 'What was disclosed, as all traces of the transfer tell it.'),
    ('linked_records.occurred_at', 'When, in UTC; a bare day is its midnight. Null: the time is not known.'),
    ('linked_records.record_count', 'How many people or rows. Null: no trace tells.'),
    ('links.how', 'By an id that several logs name (id), or by name, size and time of a file (file).'),
    ('links.kept_key', 'The record it is counted under: the strongest evidence among them.'),
    ('links.record_key', 'The trace.'),
    ('list_meanings.key', 'The category, population, program or USPS code; unclassified or unknown for what no table '
        'knows.'),
    ('list_meanings.kind', 'category, population, program or state.'),
    ('list_meanings.told', 'The same as findings tell it.'),
    ('list_parts.citation', 'The clause, statute or document it rests on.'),
    ('list_parts.severity', 'enjoined, review, permitted or outside.'),
    ('list_severities.enjoined_categories', 'Its categories that the regime bars, sorted. Empty: there are none.'),
    ('list_severities.severity', 'The worst in it: 3 enjoined, 2 review, 1 permitted, 0 outside.'),
    ('list_states.plaintiff_states', 'Those that the regime protects, sorted. Empty: there are none.'),
    ('list_states.some_covered', 'Whether the regime protects at least one of them.'),
    ('list_states.some_unknown', 'Whether one of them at least is not known.'),
    ('list_states.some_unsettled', 'Whether for one of them at least it is not settled that the regime protects it.'),
    ('lists.items', 'Its items as logged, sorted. Empty: nothing logged.'),
    ('lists.kind', 'What it is a list of: category (its elements), population, program or state.'),
    ('logged_disclosures.deduced', 'The items of the lists that no word of the log names, and what each was deduced '
        'from. Null: none.'),
    ('logged_disclosures.element_basis', 'How the elements are known: disclosed, aggregate, accessed, declared, '
        'inferred, unknown. Null: a canonical log.'),
    ('logged_disclosures.populations', 'Words for whose data it is as logged, sorted. Empty: nothing logged.'),
    ('logged_disclosures.programs', 'Words for programs as logged, sorted. Empty: nothing logged.'),
    ('logged_disclosures.states', 'Words for states as logged, sorted. Empty: nothing logged.'),
    ('logged_parties.agency', 'The agency it names. Null: the tables know none, or several that disagree.'),
    ('logged_parties.certainty', 'How sure the line of parties.csv is, A to D. Null: it does not say, or a word of '
        'agencies.csv.'),
    ('logged_parties.origin', 'File and line of the policy tables that say so. Null: no agency was found.'),
    ('logged_parties.side', 'sender (CMS), recipient (DHS and its parts), vendor (works for whoever hired it), '
        'elsewhere, or unknown.'),
    ('merged_contents.disclosure_id', 'What all traces together say was disclosed.'),
    ('merged_contents.record_count', 'How many people or rows, by the trace that tells it.'),
    ('merged_contents.record_key', 'The record that the transfer is counted under.'),
    ('policy_agencies.agency', 'The agency it stands for.'),
    ('policy_agencies.side', 'sender (CMS), recipient (DHS and its parts), vendor (works for whoever hired it) or '
        'elsewhere.'),
    ('policy_boundary_days.day', 'The day, in the zone of the court.'),
    ('policy_codes.element', 'The element that holds the code.'),
    ('policy_codes.note', 'What else is to be known. Null: nothing.'),
    ('policy_codes.source', 'Where that is written.'),
    ('policy_elements.category', 'The category that decides its severity.'),
    ('policy_elements.element', 'The element, as its source writes it.'),
    ('policy_implied_by.category', 'The category that counts as permitted then.'),
    ('policy_implied_by.implied_by', 'The category that has to be permitted and disclosed.'),
    ('policy_instrument_categories.category', 'The category.'),
    ('policy_instrument_days.day', 'The day that a source names.'),
    ('policy_instrument_days.kind', 'signed or end.'),
    ('policy_instrument_programs.program', 'The program.'),
    ('policy_instruments.kind', 'agreement or notice.'),
    ('policy_outcomes.alias_key', 'The normalized word that is looked up.'),
    ('policy_outcomes.outcome', 'success, failure, partial, empty or unknown.'),
    ('policy_parties.agency', 'The agency it stands for, as policy_agencies names it.'),
    ('policy_parties.certainty', 'How sure that is: A official text, B quotes it, C paraphrased or inferred, D '
        'unverified. Null: not said.'),
    ('policy_parties.kind', 'mail_domain, account (of AWS), network, name (a whole text) or token (one word of a '
        'name): asked in this order.'),
    ('policy_parties.source', 'Who says so. Null: not said.'),
    ('policy_programs.program', 'The program it stands for.'),
    ('policy_purposes.purpose', 'immigration_enforcement, other or unknown.'),
    ('policy_regime_states.certainty', 'How sure that is, A to D. Null: as sure as the evidence of the regime says.'),
    ('policy_regime_states.note', 'What is known of its standing, in words. Null: nothing more.'),
    ('policy_regime_states.status', 'covered, or unsettled where no order or filing settles it.'),
    ('policy_regimes.citation', 'The order it rests on.'),
    ('policy_regimes.evidence', 'How sure its terms are: A official text, B quotes it, C paraphrases it, D '
        'unverified.'),
    ('policy_regimes.last_day', 'Last day it is in force. Null: open end.'),
    ('policy_reported_transfers.day', 'The day that is reported. Null: not reported.'),
    ('policy_reported_transfers.elements', 'Data elements that are reported. Empty: not reported.'),
    ('policy_reported_transfers.evidence', 'How sure the report is: A official text, B quotes it, C paraphrases it, D '
        'unverified.'),
    ('policy_reported_transfers.note', 'What else is reported. Null: nothing.'),
    ('policy_reported_transfers.states', 'States that are reported. Empty: not reported.'),
    ('policy_severities.certainty', 'How sure that is, A to D. Null: as sure as the evidence of the regime says.'),
    ('policy_states.state', 'USPS code; * for all states of policy_nation.'),
    ('quarantine.bytes', 'Its first 65,536 bytes, in UTF-8; 0xff stands for what could not be decoded. Null unless '
        '--keep-bytes was said: place and hash of the file find them.'),
    ('quarantine.reason', 'What is wrong with it, in plain words.'),
    ('quarantine.source_record', 'Where the record is in its file, as `sources.places` counts: of text the line on '
        'which it begins.'),
    ('quarantine_states.source_record', 'The number of the record in it.'),
    ('quarantine_states.state', 'open: somebody has to look; suppressed; gone: no path holds its content any more.'),
    ('quarantine_states.subject', 'What it is known by when it is suppressed.'),
    ('receipts.sha256', 'Hash of the receipt, byte by byte.'),
    ('records.occurred_at', 'When, in UTC; a bare day is its midnight. Null: the time is not known.'),
    ('repeated_sayings.kept_key', 'The one of them that is counted.'),
    ('rule_bits.place', 'The rule''s place in the order of reasons, from 0.'),
    ('rule_runs.hits', 'How many transfers met it; files, for a rule about files. 0 where it did not run.'),
    ('rule_runs.outcome', 'ran, not applicable (no log has a field it needs) or failed.'),
    ('scan_rules.hits', 'What met it, in the whole ledger.'),
    ('scan_rules.outcome', 'ran, not applicable (no log has a field it needs) or failed.'),
    ('scan_rules.sha256', 'Hash of its query file.'),
    ('scans.scan_id', 'Number of the scan: 1, 2, 3 and so on.'),
    ('selected_disclosures.deduced', 'Whether the verdict would be another without what was deduced.'),
    ('selected_disclosures.verdict_now', 'Verdict of the content under the regime of the as-of date; scope and '
        'unknown parties are not looked at here.'),
    ('selected_tallies.deduced', 'Whether the verdict now would be another without what was deduced.'),
    ('set_aside.reason', 'Why the records are no transfers.'),
    ('severities.certainty', 'How sure that is, A to D. Null: as sure as the evidence of the regime says.'),
    ('severities.origin', 'File and line of the policy tables that name it. Null: the default of the regime decided.'),
    ('sources.content_sha256', 'Of a file that a CloudTrail digest may list: the SHA-256 of its unpacked content, as '
        'AWS takes it. Null: others.'),
    ('sources.scan_id', 'The nightly scan that read it. Null: not read into a ledger.'),
    ('span_judgments.verdict', 'The worst verdict under the regimes of the span.'),
    ('span_regimes.moment_id', 'The moment of the span, see moments.'),
    ('span_regimes.regime_id', 'A regime in force on one of its days.'),
    ('spans.last_day', 'The last day that the record names.'),
    ('spans.moment_id', 'The moment that stands for the span, in the place of its first.'),
    ('suppressed_findings.first_scan', 'The first scan in which it was hidden.'),
    ('suppressed_findings.records', 'On how many transfers it stands: more than one where several share the id and '
        'differ.'),
    ('suppressed_findings.rule', 'The rule of the finding; quarantine: a record that could not be read.'),
    ('suppressed_findings.subject', 'What of the logs it is about. Null: about a transfer.'),
    ('suppressed_findings.transfer_id', 'The transfer it is about. Null: about a log.'),
    ('suppressed_transfers.rules', 'The rules whose findings on it are suppressed, in the order of their names.'),
    ('suppressed_now.rule', 'The rule of the finding; quarantine: a record that could not be read.'),
    ('suppressed_now.subject', 'What of the logs it is about. Null: about a transfer.'),
    ('suppressed_now.transfer_id', 'The transfer it is about. Null: about a log.'),
    ('suppression_spans.first_scan', 'The first scan in which it was in force so.'),
    ('suppression_spans.origin', 'File and line.'),
    ('suppression_spans.reason', 'Why, in the words of its owner.'),
    ('suppression_spans.recipient_agency', 'The agency it is about. Null: any.'),
    ('suppression_spans.rule', 'The rule it is about; quarantine: it is about records that could not be read. Null: '
        'any rule.'),
    ('suppression_spans.source_file', 'The files it is about, as a pattern with * and ?. Null: any.'),
    ('suppression_spans.state', 'The state it is about. Null: any.'),
    ('suppression_spans.subject', 'What of the logs it is about; of quarantine, the number of a record. Null: any.'),
    ('suppression_spans.transfer_id', 'The transfer it is about. Null: any.'),
    ('suppression_spans.until_day', 'The last day on which it holds.'),
    ('trace_rows.bytes', 'How many bytes moved, or the size of the file. Null: not logged.'),
    ('trace_rows.note', 'As in `traces`.'),
    ('trace_rows.said_key', 'The record_key in `trace_sayings` of what the record shares with others. Null: it shares '
        'nothing.'),
    ('trace_sayings.record_key', 'The first record that says it.'),
    ('traces.bytes', 'How many bytes moved, or the size of the file. Null: not logged.'),
    ('traces.note', 'What makes the mapping of this record weaker than usual, in words; in registers also where the '
        'row was printed, as a Bates number.'),
    ('transfer_traces.bytes', 'How many bytes.'),
    ('transfer_traces.how', 'How it was linked: id, file, or repeat for one that says again what another says. Null: '
        'it stands alone.'),
    ('transfer_traces.note', 'As in `traces`.'),
    ('transfer_traces.occurred_at', 'When, as its own log tells.'),
    ('transfer_traces.record_key', 'The trace.'),
    ('transfers.instant', 'When, in UTC, for comparing and sorting; a bare day is its midnight. Null: the time is not '
        'known.'),
    ('verdict_moves.attempt', 'Whether these are failed attempts, which count apart.'),
    ('verdict_moves.scan_id', 'The scan that judged anew.'),
    ('verdict_moves.transfers', 'How many.'),
    ('verdicts.certainty', 'How sure the line of policy is that decided the verdict now, A (official) to D. Null: no '
        'line decided it.');
