/*
title = "Comments on the policy tables"
description = """
What the tables of policy hold, a sentence each, and one a column.
"""
*/
comment on table policy_regimes is 'One row a regime, a legal situation with a first and a last day: regimes.toml.';
comment on column policy_regimes.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column policy_regimes.title is 'What it is called.';
comment on column policy_regimes.ordered is
    'The day the order was made. Null: there is no order, or its day is not known.';
comment on column policy_regimes.first_day is 'First day it is in force, in the zone of the court. Null: not known.';
comment on column policy_regimes.last_day is 'Last day it is in force. Null: open end.';
comment on column policy_regimes.enabled is
    'Whether it counts. One that is switched off is judged for what-if and decides no verdict.';
comment on column policy_regimes.evidence is
    'How sure its terms are: A official text, B quotes it, C paraphrases it, D unverified.';
comment on column policy_regimes.citation is 'The order it rests on.';
comment on column policy_regimes.default_category is 'Severity of a category it does not name. Null: review.';
comment on column policy_regimes.default_population is 'Severity of a population it does not name. Null: review.';
comment on column policy_regimes.default_program is 'Severity of a program it does not name. Null: review.';
comment on column policy_regimes.default_category_certainty is
    'How sure default_category is, A to D. Null: as sure as evidence says.';
comment on column policy_regimes.default_population_certainty is
    'How sure default_population is, A to D. Null: as sure as evidence says.';
comment on column policy_regimes.default_program_certainty is
    'How sure default_program is, A to D. Null: as sure as evidence says.';
comment on column policy_regimes.other_purpose is
    'Severity of a content where another purpose than enforcement is logged. Null: the purpose makes no difference.';
comment on column policy_regimes.origin is 'File and line of the policy tables that say so.';

comment on table policy_regime_states is
    'One row a regime and state that it protects, or may. A regime without any reaches nobody.';
comment on column policy_regime_states.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column policy_regime_states.state is 'USPS code.';
comment on column policy_regime_states.status is 'covered, or unsettled where no order or filing settles it.';
comment on column policy_regime_states.certainty is
    'How sure that is, A to D. Null: as sure as the evidence of the regime says.';
comment on column policy_regime_states.note is 'What is known of its standing, in words. Null: nothing more.';
comment on column policy_regime_states.origin is 'File and line of the policy tables that say so.';

comment on table policy_severities is 'One row a regime and category, population or program that it names.';
comment on column policy_severities.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column policy_severities.kind is 'What the part is: category, population or program.';
comment on column policy_severities.key is 'The category, population or program.';
comment on column policy_severities.severity is 'enjoined, review, permitted or outside.';
comment on column policy_severities.certainty is
    'How sure that is, A to D. Null: as sure as the evidence of the regime says.';
comment on column policy_severities.origin is 'File and line of the policy tables that say so.';

comment on table policy_implied_by is
    'Categories that say nothing new beside another one that is permitted and disclosed too.';
comment on column policy_implied_by.category is 'The category that counts as permitted then.';
comment on column policy_implied_by.implied_by is 'The category that has to be permitted and disclosed.';
comment on column policy_implied_by.origin is 'File and line of the policy tables that say so.';

comment on table policy_boundary_days is
    'Days on which an order was entered, began or ceased to apply: the hour is not known.';
comment on column policy_boundary_days.day is 'The day, in the zone of the court.';
comment on column policy_boundary_days.origin is 'File and line of the policy tables that say so.';

comment on table policy_instruments is
    'One row an agreement or notice of the agencies. None is a permission of the court.';
comment on column policy_instruments.instrument_id is 'The agreement or notice.';
comment on column policy_instruments.kind is 'agreement or notice.';
comment on column policy_instruments.title is 'What it is called.';
comment on column policy_instruments.dated is 'The day it bears. Null: not known.';
comment on column policy_instruments.access is 'The access it grants, as reported. Null: not reported.';
comment on column policy_instruments.hours_from is
    'From which hour of the day it grants access, as 09:00. Null: not reported.';
comment on column policy_instruments.hours_to is
    'Up to which hour of the day it grants access, as 17:00. Null: not reported.';
comment on column policy_instruments.hours_zone is
    'The clock of these hours: assumed, for no source names it. Null: no hours are reported.';
comment on column policy_instruments.origin is 'File and line of the policy tables that say so.';

comment on table policy_instrument_days is
    'Days that sources name for an agreement or notice; where they disagree, each of them.';
comment on column policy_instrument_days.instrument_id is 'The agreement or notice.';
comment on column policy_instrument_days.kind is 'signed or end.';
comment on column policy_instrument_days.day is 'The day that a source names.';
comment on column policy_instrument_days.origin is 'File and line of the policy tables that say so.';

comment on table policy_instrument_weekdays is 'Weekdays on which an agreement grants access.';
comment on column policy_instrument_weekdays.instrument_id is 'The agreement or notice.';
comment on column policy_instrument_weekdays.weekday is '1 is Monday, 7 is Sunday.';
comment on column policy_instrument_weekdays.origin is 'File and line of the policy tables that say so.';

comment on table policy_instrument_categories is 'Categories of data that an agreement or notice describes.';
comment on column policy_instrument_categories.instrument_id is 'The agreement or notice.';
comment on column policy_instrument_categories.list is
    'narrow or wide: two places of the same document name different data.';
comment on column policy_instrument_categories.category is 'The category.';
comment on column policy_instrument_categories.origin is 'File and line of the policy tables that say so.';

comment on table policy_instrument_programs is 'Programs that an agreement or notice is about.';
comment on column policy_instrument_programs.instrument_id is 'The agreement or notice.';
comment on column policy_instrument_programs.program is 'The program.';
comment on column policy_instrument_programs.origin is 'File and line of the policy tables that say so.';

comment on table policy_reported_transfers is
    'Transfers that the public record reports. Cases to compare with, not findings.';
comment on column policy_reported_transfers.day is 'The day that is reported. Null: not reported.';
comment on column policy_reported_transfers.evidence is
    'How sure the report is: A official text, B quotes it, C paraphrases it, D unverified.';
comment on column policy_reported_transfers.states is 'States that are reported. Empty: not reported.';
comment on column policy_reported_transfers.elements is 'Data elements that are reported. Empty: not reported.';
comment on column policy_reported_transfers.note is 'What else is reported. Null: nothing.';
comment on column policy_reported_transfers.origin is 'File and line of the policy tables that say so.';

comment on table policy_agencies is 'Words for agencies, and the side each is on: agencies.csv.';
comment on column policy_agencies.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_agencies.alias is 'The word as agencies and logs write it.';
comment on column policy_agencies.agency is 'The agency it stands for.';
comment on column policy_agencies.side is
    'sender (CMS), recipient (DHS and its parts), vendor (works for whoever hired it) or elsewhere.';
comment on column policy_agencies.origin is 'File and line of the policy tables that say so.';

comment on table policy_parties is
    'What stands in a log instead of the name of an agency: parties.csv. Asked where policy_agencies knows no word.';
comment on column policy_parties.kind is
    'mail_domain, account (of AWS), network, name (a whole text) or token (one word of a name): asked in this order.';
comment on column policy_parties.value_key is
    'The value in the form that is compared: domains in lower case, networks canonical, words normalized.';
comment on column policy_parties.value is 'The value as the table writes it.';
comment on column policy_parties.agency is 'The agency it stands for, as policy_agencies names it.';
comment on column policy_parties.certainty is
    'How sure that is: A official text, B quotes it, C paraphrased or inferred, D unverified. Null: not said.';
comment on column policy_parties.source is 'Who says so. Null: not said.';
comment on column policy_parties.first_address is
    'First address of a network: 8 hexadecimal digits, 32 for IP version 6. Null: not a network.';
comment on column policy_parties.last_address is
    'Last address of a network: 8 hexadecimal digits, 32 for IP version 6. Null: not a network.';
comment on column policy_parties.origin is 'File and line of the policy tables that say so.';

comment on table policy_programs is 'Words for programs: programs.csv.';
comment on column policy_programs.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_programs.alias is 'The word as agencies and logs write it.';
comment on column policy_programs.program is 'The program it stands for.';
comment on column policy_programs.origin is 'File and line of the policy tables that say so.';

comment on table policy_populations is 'Words for whose data it is: populations.csv.';
comment on column policy_populations.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_populations.alias is 'The word as agencies and logs write it.';
comment on column policy_populations.population is 'The population it stands for.';
comment on column policy_populations.origin is 'File and line of the policy tables that say so.';

comment on table policy_outcomes is 'Words for how a transfer ended: outcomes.csv.';
comment on column policy_outcomes.alias_key is
    'The normalized word that is looked up.';
comment on column policy_outcomes.alias is 'The word as agencies and logs write it.';
comment on column policy_outcomes.outcome is 'success, failure, partial, empty or unknown.';
comment on column policy_outcomes.origin is 'File and line of the policy tables that say so.';
comment on table policy_purposes is 'Words for what data were for: purposes.csv.';
comment on column policy_purposes.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_purposes.alias is 'The word as agencies and logs write it.';
comment on column policy_purposes.purpose is 'immigration_enforcement, other or unknown.';
comment on column policy_purposes.origin is 'File and line of the policy tables that say so.';

comment on table policy_states is 'Words for states, codes and names: states.csv and whole_country.csv.';
comment on column policy_states.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_states.state is 'USPS code; * for all states of policy_nation.';
comment on column policy_states.name is 'The name of the state or territory.';
comment on column policy_states.code_system is
    'What the word is: FIPS, USPS, name, a T-MSIS pseudo-code, or a word for the whole country.';
comment on column policy_states.origin is 'File and line of the policy tables that say so.';

comment on table policy_nation is 'The 50 states and DC, which a word for the whole country stands for.';
comment on column policy_nation.state is 'USPS code.';
comment on column policy_nation.origin is 'File and line of the policy tables that say so.';

comment on table policy_elements is
    'Data elements by name, and the category of each: elements.csv. The names come from CMS, the categories from us.';
comment on column policy_elements.alias_key is
    'The word in normalized form: folded, every run of other than letters and digits one _.';
comment on column policy_elements.element is 'The element, as its source writes it.';
comment on column policy_elements.category is 'The category that decides its severity.';
comment on column policy_elements.also is 'Further categories it touches, parted by ; and not judged. Null: none.';
comment on column policy_elements.files is 'CMS files it occurs in, parted by ;. Null: not known.';
comment on column policy_elements.description is 'What it holds, as its source says. Null: it does not say.';
comment on column policy_elements.origin is 'File and line of the policy tables that say so.';

comment on table policy_codes is
    'Codes in CMS files and what they mean: codes.csv. For reading logs by eye; nothing is judged by them.';
comment on column policy_codes.element is 'The element that holds the code.';
comment on column policy_codes.code is 'The code.';
comment on column policy_codes.meaning is 'What it means.';
comment on column policy_codes.note is 'What else is to be known. Null: nothing.';
comment on column policy_codes.source is 'Where that is written.';
comment on column policy_codes.origin is 'File and line of the policy tables that say so.';

comment on table policy_settings is 'One row: what holds for all of the policy tables.';
comment on column policy_settings.court_zone is 'The clock by which orders begin and end.';
comment on column policy_settings.schema_version is 'Version of the layout of the tables.';
comment on column policy_settings.compiled_on is 'The day on which the record of the law was compiled.';
comment on column policy_settings.caption is 'The case, as every report names it.';
comment on column policy_settings.no_order_read is
    'What every report says once: that no order was read in full, and where the record is.';
