/*
title = "Comments on what the views are made of"
description = """
Tables and views that others are built on: a sentence each, and one a column. Their comments begin with
`Helper`, which is how a list of tables puts them last.
"""
*/
comment on table records is
    'Helper: one narrow row a record that was read, repeats included; the view transfers spells it out.';
comment on column records.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column records.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column records.occurred_at is 'When, in UTC; a bare day is its midnight. Null: the time is not known.';
comment on column records.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';
comment on column records.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column records.context_id is 'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column records.record_count is
    'People or rows, as the log counts them. Null: not logged, or no whole number.';

comment on view kept_records is 'Helper: the records without their repeats: one row a transfer.';
comment on column kept_records.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column kept_records.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column kept_records.occurred_at is 'When, in UTC; a bare day is its midnight. Null: the time is not known.';
comment on column kept_records.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';
comment on column kept_records.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column kept_records.context_id is
    'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column kept_records.record_count is
    'People or rows, as the log counts them. Null: not logged, or no whole number.';

comment on view events is
    'Helper: one narrow row a transfer, for rules about single events: they stay the same whatever the as-of date.';
comment on column events.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column events.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column events.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column events.context_id is 'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column events.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';
comment on column events.precision is 'instant, day or unknown: how much the log says of the time.';
comment on column events.court_day is
    'The calendar day in the zone of the court; a bare day as it stands. Null: the time is not known.';
comment on column events.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column events.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column events.unknown_agency is
    'Whether one party is CMS or DHS and the other unknown or a vendor: verdicts stay at review.';
comment on column events.parties_in_scope is
    'Whether the parties are CMS and DHS, or one of them and somebody unknown or a vendor.';
comment on column events.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column events.element_basis is
    'How its elements are known: disclosed, aggregate, accessed, declared, inferred or unknown.';

comment on table logged_disclosures is
    'Helper: the distinct contents as they were logged, before any table is asked what a word means.';
comment on column logged_disclosures.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column logged_disclosures.sender is 'Who sent the data, as logged. Null: nothing logged.';
comment on column logged_disclosures.recipient is 'Who got the data, as logged. Null: nothing logged.';
comment on column logged_disclosures.programs is 'Words for programs as logged, sorted. Empty: nothing logged.';
comment on column logged_disclosures.states is 'Words for states as logged, sorted. Empty: nothing logged.';
comment on column logged_disclosures.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column logged_disclosures.populations is
    'Words for whose data it is as logged, sorted. Empty: nothing logged.';
comment on column logged_disclosures.purpose is 'What the data were for, as logged. Null: nothing logged.';
comment on column logged_disclosures.unreadable is
    'Fields that hold something not of their type, with the raw text: they count as unknown. Empty: there are none.';

comment on table contexts is 'Helper: who did it and how, as logged: one row a distinct combination.';
comment on column contexts.context_id is 'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column contexts.actor is 'The person or account that acted, as logged. Null: nothing logged.';
comment on column contexts.action is
    'What was done (push, download, query, view ...), as logged. Null: nothing logged.';
comment on column contexts.system is 'The system it was done in, as logged. Null: nothing logged.';
comment on column contexts.authority is 'The legal authority that the log names, as logged. Null: nothing logged.';
comment on column contexts.outcome is 'How it ended, as logged. Null: nothing logged.';
comment on column contexts.unreadable is
    'Fields that hold something not of their type, with the raw text: they count as unknown. Empty: there are none.';
comment on column contexts.content is 'All of it as JSON text: two contexts are one where this is the same.';

comment on table context_meanings is 'Helper: what the logged actions and outcomes mean, one row a context.';
comment on column context_meanings.context_id is
    'Number of who did it and how: actor, action, system, authority and outcome.';
comment on column context_meanings.action is
    'The action as a normalized word: push, download, query, view, share, use, or else as logged. Null: nothing '
    'logged.';
comment on column context_meanings.outcome is
    'success, failure (an attempt: nothing is known to have passed), partial, or unknown.';

comment on table moments is
    'Helper: one row a quarter of an hour or day on which anything happened, with its day at the court and the regime'
    ' then.';
comment on column moments.moment_id is
    'Number of the quarter of an hour or the day it falls in; one number stands for no known time.';
comment on column moments.precision is 'instant, day or unknown: how much the log says of the time.';
comment on column moments.quarter is 'When the quarter of an hour begins. Null: a bare day, or the time is not known.';
comment on column moments.court_day is
    'The calendar day in the zone of the court; a bare day as it stands. Null: the time is not known.';
comment on column moments.week is 'The Monday of the week of the court''s day. Null: the time is not known.';
comment on column moments.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';

comment on view disclosure_meanings is
    'Helper: one row a disclosure and meaning of its words: categories, populations, programs and states.';
comment on column disclosure_meanings.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosure_meanings.kind is 'category, population, program or state.';
comment on column disclosure_meanings.key is
    'The category, population, program or USPS code; unclassified or unknown for what no table knows.';
comment on column disclosure_meanings.items is
    'The words that were logged for it, sorted. Null or empty: nothing was logged.';

comment on table severities is
    'Helper: the severity of each category, population and program that occurs, under each regime.';
comment on column severities.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column severities.kind is 'What the part is: category, population or program.';
comment on column severities.key is 'The category, population or program.';
comment on column severities.severity is 'enjoined, review, permitted or outside.';
comment on column severities.listed is 'Whether the regime names it; if not, the regime''s default decided.';
comment on column severities.certainty is
    'How sure the line that decided is, A to D. Null: as sure as the evidence of the regime says.';
comment on column severities.origin is
    'File and line of the policy tables that name it. Null: the default of the regime decided.';

comment on table implied_categories is 'Helper: categories of a list that say nothing new under a regime.';
comment on column implied_categories.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column implied_categories.list_id is 'Number of the list.';
comment on column implied_categories.category is 'The category that counts as permitted.';
comment on column implied_categories.implied_by is 'The permitted category beside which it says nothing new.';

comment on table scope_settings is
    'Helper: what of the settings decides scope. Apart from settings, so that what reads it does not change with the '
    'as-of date.';
comment on column scope_settings.since is 'First day asked about: earlier transfers are out of scope.';

comment on table tallies is
    'Helper: counts of transfers by disclosure and regime then, right under every as-of date. The reports read these '
    'and no record.';
comment on column tallies.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column tallies.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column tallies.timed is 'Whether it is known when they happened.';
comment on column tallies.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column tallies.attempt is 'Whether they failed: judged alike, counted apart.';
comment on column tallies.transfers is 'How many transfers.';
comment on column tallies.people is
    'Sum of their record_count: one person may be counted in many. Null: none of them has a count.';
comment on column tallies.counted is 'How many of the transfers have a record_count.';
comment on column tallies.most_people is 'The largest record_count among them. Null: none of them has a count.';

comment on table verdict_classes is 'Helper: disclosures that every regime judges alike share a class.';
comment on column verdict_classes.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column verdict_classes.class_id is 'Number of the class.';

comment on table week_tallies is
    'Helper: counts of transfers by class of disclosures and week, right under every as-of date.';
comment on column week_tallies.class_id is 'The class of disclosures: see verdict_classes.';
comment on column week_tallies.week is 'The Monday of the week of the court''s day. Null: the time is not known.';
comment on column week_tallies.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column week_tallies.in_scope is
    'Whether it is asked about: from CMS to DHS, or one side unknown, and not before the first day asked about.';
comment on column week_tallies.attempt is 'Whether they failed: judged alike, counted apart.';
comment on column week_tallies.transfers is 'How many transfers.';

comment on view selected_disclosures is
    'Helper: the disclosures that select_states and select_recipients leave, with what the regime now makes of them.';
comment on column selected_disclosures.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column selected_disclosures.settled is
    'Whether both parties are known: else verdicts stay at review.';
comment on column selected_disclosures.verdict_now is
    'Verdict of the content under the regime of the as-of date; scope and unknown parties are not looked at here.';
comment on column selected_disclosures.content_enjoined is
    'Whether the content is barred under that regime, whatever the state.';
comment on column selected_disclosures.some_covered is 'Whether the regime protects at least one of its states.';

comment on view rule_bits is 'Helper: the bit of each rule in the columns named bits, the gravest rule first.';
comment on column rule_bits.place is 'The rule''s place in the order of reasons, from 0.';
comment on column rule_bits.rule is 'The id of the rule: its file''s name in queries/rules.';
comment on column rule_bits.bit is 'The number with this one bit set.';

comment on table disclosure_hits is
    'Helper: which disclosures met which rules when the database was judged. Rules with parameters are not among them.';
comment on column disclosure_hits.rule is 'The rule: the name of its query file.';
comment on column disclosure_hits.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';

comment on view disclosure_bits is 'Helper: which rules about disclosures a disclosure met.';
comment on column disclosure_bits.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosure_bits.anywhere_bits is
    'The rules that count out of scope too, a bit each, as rule_bits numbers them; 0 is none.';
comment on column disclosure_bits.bits is 'The rules it met, a bit each, as rule_bits numbers them; 0 is none.';

comment on view event_bits is 'Helper: which rules about single events a transfer met; one that met none has no row.';
comment on column event_bits.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column event_bits.bits is 'The rules it met, a bit each, as rule_bits numbers them; 0 is none.';

comment on view met_rules is 'Helper: which rules a transfer met, about its disclosure and about the event.';
comment on column met_rules.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column met_rules.bits is 'The rules it met, a bit each, as rule_bits numbers them; 0 is none.';

comment on view reason_sets is 'Helper: the combinations of rules that occur, spelled out.';
comment on column reason_sets.bits is 'The rules it met, a bit each, as rule_bits numbers them; 0 is none.';
comment on column reason_sets.reasons is 'The rules, worst first, then by name.';

comment on view reasons is 'Helper: the rules a transfer met, by name.';
comment on column reasons.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column reasons.reasons is 'The rules it met, worst first, then by name. Empty: none.';
