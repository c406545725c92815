/*
title = "Comments on tables and views"
description = """
Name and comment: what each table and view holds, a sentence each. They go with a kept database into every client. A
helper, which few will ask about, says so first. The views of rules say what the headers of the rules say.
"""
*/
values
    ('answers', 'One row a transfer: what was disclosed, the verdicts now and then, the flags, and the rules it met. '
        'The columns of an answer file.'),
    ('findings', 'One row a rule and transfer that met it, with the words that gave it away and the clause. Whatever '
        'is asked of it runs every rule on every transfer.'),
    ('transfers', 'One row a transfer, repeats left out, with everything that was logged and how the words were read. '
        'Not judged.'),
    ('verdicts', 'One row a transfer, narrow: the verdicts now and then, and the flags. Join transfers on record_key '
        'for the rest.'),
    ('disclosures', 'One row a distinct content: what was disclosed to whom about whom, after the policy tables. What '
        'the regimes judge.'),
    ('judgments', 'One row a disclosure and regime, regimes switched off included: its content, its states, and the '
        'verdict. Now, then and what-if are joins with it.'),
    ('disclosure_parts', 'One row a disclosure, regime and part of its content: the severity, and the line of the '
        'policy tables that decided.'),
    ('parts_now', 'The parts of disclosures between CMS and DHS under the regime of the as-of date, for rules. Where '
        'that regime protects no state, those that would only need review are left out.'),
    ('accounting', 'One row a file in the order of reading: records = transfers + not_transfers + duplicates + '
        'quarantined.'),
    ('sources', 'One row a file that was read, as the reading left it. The view accounting adds what became of its '
        'records.'),
    ('quarantine', 'One row a record that could not be read as one: the reason and the place. They make a scan '
        'incomplete.'),
    ('rule_runs', 'One row a rule: how it ended on this database. A rule that failed makes the scan incomplete.'),
    ('settings', 'One row: what the database was judged by.'),
    ('duplicates', 'One row a record that says again what another record says: same transfer_id, same content. It is '
        'no transfer of its own.'),
    ('conflicts', 'One row a record that shares its transfer_id with a record of other content. All of them are kept '
        'and judged.'),
    ('agreements', 'One row an agreement between the agencies, with the days on which sources let it end. An '
        'agreement is not a permission of the court.'),
    ('barred_lists', 'Helper: the categories, populations and programs of each list that each order bars.'),
    ('selected_tallies', 'Counts of transfers by disclosure and regime then, with verdicts, narrowed by '
        'select_states, select_recipients, select_verdicts, select_from, select_until.'),
    ('selected_week_tallies', 'Counts of transfers by week and verdicts, narrowed by select_states, '
        'select_recipients, select_verdicts, select_from, select_until.'),
    ('policy_regimes', 'One row a regime, a legal situation with a first and a last day: regimes.toml.'),
    ('policy_regime_states', 'One row a regime and state that it protects, or may. A regime without any reaches '
        'nobody.'),
    ('policy_severities', 'One row a regime and category, population or program that it names.'),
    ('policy_implied_by', 'Categories that say nothing new beside another one that is permitted and disclosed too.'),
    ('policy_boundary_days', 'Days on which an order was entered, began or ceased to apply: the hour is not known.'),
    ('policy_instruments', 'One row an agreement or notice of the agencies. None is a permission of the court.'),
    ('policy_instrument_days', 'Days that sources name for an agreement or notice; where they disagree, each of them.'),
    ('policy_instrument_weekdays', 'Weekdays on which an agreement grants access.'),
    ('policy_instrument_categories', 'Categories of data that an agreement or notice describes.'),
    ('policy_instrument_programs', 'Programs that an agreement or notice is about.'),
    ('policy_reported_transfers', 'Transfers that the public record reports. Cases to compare with, not findings.'),
    ('policy_agencies', 'Words for agencies, and the side each is on: agencies.csv.'),
    ('policy_parties', 'What stands in a log instead of the name of an agency: parties.csv. Asked where '
        'policy_agencies knows no word.'),
    ('policy_programs', 'Words for programs: programs.csv.'),
    ('policy_populations', 'Words for whose data it is: populations.csv.'),
    ('policy_outcomes', 'Words for how a transfer ended: outcomes.csv.'),
    ('policy_purposes', 'Words for what data were for: purposes.csv.'),
    ('policy_states', 'Words for states, codes and names: states.csv and whole_country.csv.'),
    ('policy_nation', 'The 50 states and DC, which a word for the whole country stands for.'),
    ('policy_elements', 'Data elements by name, and the category of each: elements.csv. The names come from CMS, the '
        'categories from us.'),
    ('policy_codes', 'Codes in CMS files and what they mean: codes.csv. For reading logs by eye; nothing is judged by '
        'them.'),
    ('policy_settings', 'One row: what holds for all of the policy tables.'),
    ('records', 'Helper: one narrow row a record that was read, repeats included; the view transfers spells it out.'),
    ('kept_records', 'Helper: the records without their repeats: one row a transfer.'),
    ('records_asked_for', 'Helper: the kept records of the days that are asked for; none where no day is.'),
    ('events', 'Helper: one narrow row a transfer, for rules about single events: they stay the same whatever the '
        'as-of date.'),
    ('logged_disclosures', 'Helper: the distinct contents as they were logged, before any table is asked what a word '
        'means.'),
    ('contexts', 'Helper: who did it and how, as logged: one row a distinct combination.'),
    ('context_meanings', 'Helper: what the logged actions and outcomes mean, one row a context.'),
    ('moments', 'Helper: one row a quarter of an hour or day on which anything happened, with its day at the court '
        'and the regime then.'),
    ('disclosure_meanings', 'Helper: one row a disclosure and meaning of its words: categories, populations, programs '
        'and states.'),
    ('severities', 'Helper: the severity of each category, population and program that occurs, under each regime.'),
    ('implied_categories', 'Helper: categories of a list that say nothing new under a regime.'),
    ('scope_settings', 'Helper: what of the settings decides scope. Apart from settings, so that what reads it does '
        'not change with the as-of date.'),
    ('tallies', 'Helper: counts of transfers by disclosure and regime then, right under every as-of date. The reports '
        'read these and no record.'),
    ('verdict_classes', 'Helper: disclosures that every regime judges alike share a class.'),
    ('week_tallies', 'Helper: counts of transfers by class of disclosures and week, right under every as-of date.'),
    ('selected_verdicts', 'Helper: the transfers that a selection leaves, with their verdicts.'),
    ('selected_disclosures', 'Helper: the disclosures that select_states and select_recipients leave, with what the '
        'regime now makes of them.'),
    ('rule_bits', 'Helper: the bit of each rule in the columns named bits, the gravest rule first.'),
    ('disclosure_hits', 'Helper: which disclosures met which rules when the database was judged. Rules with '
        'parameters are not among them.'),
    ('disclosure_bits', 'Helper: which rules about disclosures a disclosure met.'),
    ('event_bits', 'Helper: which rules about single events a transfer met; one that met none has no row.'),
    ('met_rules', 'Helper: which rules a transfer met, about its disclosure and about the event.'),
    ('reasons', 'Helper: the rules a transfer met, by name.'),
    ('disclosure_findings', 'Helper: what rules found about what was disclosed to whom about whom: one row a rule and '
        'disclosure.'),
    ('event_findings', 'Helper: what rules found about single events: one row a rule and transfer.'),
    ('source_findings', 'What rules found about the logs themselves: one row a rule and subject.'),
    ('scans', 'One row a nightly scan. Empty: no ledger.'),
    ('file_versions', 'One row a path and content that a nightly scan met: a path whose content changed has several.'),
    ('finding_spans', 'What each rule found, from which scan to which: findings on a disclosure hold for every '
        'transfer that made it.'),
    ('scan_rules', 'How each rule ended in each nightly scan.'),
    ('verdict_moves', 'How many transfers a change of policy, of queries, or of the day of now, moved from one '
        'verdict to another.'),
    ('suppression_spans', 'The suppressions in force, from which scan to which: one that is past its day or meets too '
        'much is not.'),
    ('suppressed_findings', 'Which findings each suppression hid, from which scan to which.'),
    ('suppressed_now', 'What is suppressed on the day of now by the last nightly scan, one row a finding: until when, '
        'by whom and why. Empty: nothing, or no ledger.'),
    ('suppressed_transfers', 'Helper: the rules of which findings on a transfer are suppressed, one row a transfer.'),
    ('receipts', 'What each nightly scan read and said, with hashes: each receipt names the one before.'),
    ('contents_at_hand', 'Helper: what was read of the logs that the last nightly scan found: a path holds the parts '
        'it grew by.'),
    ('repeated_sayings', 'Helper: records that say the same, the one that is counted among them; traces of other logs '
        'are left out.'),
    ('contents_elsewhere', 'Helper: logs that are gone by their bytes, and all of whose records stand in a file at '
        'hand: packed, or moved.'),
    ('quarantine_states', 'How it stands with each record that could not be read.'),
    ('source_days', 'How many records each file has on each day: all of them, duplicates too.'),
    ('source_order', 'Files in which time goes back by more than an hour from one record to the next.'),
    ('id_runs', 'Numbers at the end of transfer ids, as runs without a gap, over all files.'),
    ('stream_days', 'How many records each stream has on each day: files whose names differ only in digits are one '
        'stream.'),
    ('logged_parties', 'Each text that stands as sender or recipient, the agency it names, and the line of the policy '
        'tables that says so.'),
    ('onward_transfers', 'One row a transfer in which DHS or a part of it passes data on to anybody but CMS. Out of '
        'scope: no order judged here speaks of them.'),
    ('traces', 'Helper: what the log of another system tells of a record beside the canonical fields. None for most '
        'records.'),
    ('trace_rows', 'Helper: `traces` as it is kept. What several records of a block share is null in it.'),
    ('trace_sayings', 'Helper: what several records of a block share, which name it by its record_key.'),
    ('calls', 'Helper: calls of a database that count as transfers, for no log has records of all that they ran.'),
    ('ran_calls', 'Helper: calls of which a log has records of what they ran, by what these put out, with the first '
        'of them.'),
    ('set_aside', 'Helper: records that are no transfers, counted by what they are.'),
    ('digest_entries', 'Helper: what the CloudTrail digests among the files list.'),
    ('digest_checks', 'Each log that a CloudTrail digest lists, and whether the file of that name is as listed. No '
        'signature is checked.'),
    ('links', 'Helper: traces that one transfer left in several logs, each with the one it is counted under.'),
    ('ambiguous_links', 'Helper: traces that may be of one transfer, but were not made one.'),
    ('merged_contents', 'Helper: what the traces of a transfer say together, in the place of what its own record '
        'says.'),
    ('link_settings', 'Helper: one row; how the database was judged.'),
    ('linked_records', 'Helper: every record, with what is known of its transfer from other logs too.'),
    ('transfer_traces', 'The traces of transfers: one row for each record that tells of a file, a query or another '
        'log.'),
    ('answers_wide', 'One row a transfer, as people ask for it: counted by verdict_now it gives the numbers of the '
        'report. Attempts are counted apart; who acted, how each part is known and where the record stands are '
        'columns.'),
    ('answer_rows', 'Helper: the columns of answers, and those of answers_wide that are known with them.'),
    ('spans', 'Helper: records that stand for all that moved from a first to a last day.'),
    ('span_regimes', 'Helper: the regimes of each span of days in which the law changed.'),
    ('span_judgments', 'Helper: the worst verdict on a disclosure under the regimes of a span of days.'),
    ('lists', 'Helper: one row a different list of states, programs, people or elements. Disclosures share them.'),
    ('list_meanings', 'Helper: one row a list and meaning of its items.'),
    ('list_severities', 'Helper: a list of elements, people or programs under one regime.'),
    ('list_states', 'Helper: a list of states under one regime.'),
    ('disclosure_parties', 'Helper: disclosures without their lists, of which it holds the numbers.'),
    ('disclosure_lists', 'Helper: the four lists of each disclosure.'),
    ('list_parts', 'Helper: one row a list, regime and part of the list: as disclosure_parts, once for all '
        'disclosures that share it.');
