/*
title = "Comments on what judging adds"
description = "What is deduced, what is attributed to nobody, spans of days, and where transfers are counted."
*/
comment on table lists is
    'Helper: one row a different list of states, programs, people or elements. Disclosures share them.';
comment on column lists.list_id is 'Number of the list.';
comment on column lists.kind is 'What it is a list of: category (its elements), population, program or state.';
comment on column lists.items is 'Its items as logged, sorted. Empty: nothing logged.';
comment on column lists.aggregate is 'Whether things were only counted by it, or grouped: such a list bars nothing.';
comment on column lists.keys is
    'What its items mean, sorted: USPS codes, programs, populations or categories; unknown or unclassified for what no '
    'table knows.';
comment on column lists.unclassified is 'Its items that no table knows, of a list of elements. Empty: there are none.';
comment on column lists.basis is 'How its items are known: logged, deduced or unknown.';
comment on table list_meanings is 'Helper: one row a list and meaning of its items.';
comment on column list_meanings.list_id is 'Number of the list.';
comment on column list_meanings.kind is 'category, population, program or state.';
comment on column list_meanings.key is
    'The category, population, program or USPS code; unclassified or unknown for what no table knows.';
comment on column list_meanings.items is
    'The words that were logged for it, sorted. Null or empty: nothing was logged.';
comment on column list_meanings.deduced is
    'What it was deduced from besides: each item that no word of the log names, and why. Null: nothing.';
comment on column list_meanings.told is 'The same as findings tell it.';
comment on table list_severities is 'Helper: a list of elements, people or programs under one regime.';
comment on column list_severities.list_id is 'Number of the list.';
comment on column list_severities.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column list_severities.severity is 'The worst in it: 3 enjoined, 2 review, 1 permitted, 0 outside.';
comment on column list_severities.severity_as_logged is 'The same without what was deduced.';
comment on column list_severities.barred_by is
    'How sure the surest line of policy is that bars a part of it, A to D. Null: none does.';
comment on column list_severities.permitted_by is
    'How sure the least sure line of policy is that lets a part of it pass, A to D. Null: none does.';
comment on column list_severities.enjoined_categories is
    'Its categories that the regime bars, sorted. Empty: there are none.';
comment on table list_states is 'Helper: a list of states under one regime.';
comment on column list_states.list_id is 'Number of the list.';
comment on column list_states.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column list_states.some_covered is 'Whether the regime protects at least one of them.';
comment on column list_states.some_unsettled is
    'Whether for one of them at least it is not settled that the regime protects it.';
comment on column list_states.some_unknown is 'Whether one of them at least is not known.';
comment on column list_states.plaintiff_states is 'Those that the regime protects, sorted. Empty: there are none.';
comment on column list_states.covered_as_logged is 'As some_covered, without what was deduced.';
comment on column list_states.unsettled_as_logged is 'As some_unsettled, without what was deduced.';
comment on column list_states.unknown_as_logged is 'As some_unknown, without what was deduced.';
comment on table disclosure_parties is
    'Helper: disclosures without their lists, of which it holds the numbers.';
comment on column disclosure_parties.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosure_parties.sender is 'Who sent the data, as logged. Null: nothing logged.';
comment on column disclosure_parties.recipient is 'Who got the data, as logged. Null: nothing logged.';
comment on column disclosure_parties.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column disclosure_parties.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column disclosure_parties.sender_side is
    'sender (CMS), recipient (DHS and its parts), vendor, elsewhere, or unknown: the side the sender is on.';
comment on column disclosure_parties.recipient_side is
    'sender (CMS), recipient (DHS and its parts), vendor, elsewhere, or unknown: the side the recipient is on.';
comment on column disclosure_parties.parties_in_scope is
    'Whether the parties are CMS and DHS, or one of them and somebody unknown or a vendor.';
comment on column disclosure_parties.unknown_agency is
    'Whether one party is CMS or DHS and the other unknown or a vendor: verdicts stay at review.';
comment on column disclosure_parties.unattributed is
    'Whether neither side is known: it may be a transfer from CMS to DHS, or none.';
comment on column disclosure_parties.onward is
    'Whether DHS or a part of it passes data on to anybody but CMS: out of scope, and reported apart.';
comment on column disclosure_parties.enforces is
    'Whether immigration enforcement is presumed where no purpose is logged: the recipient is ICE, CBP, DHS itself or '
    'unknown.';
comment on column disclosure_parties.purpose is 'What the data were for, as logged. Null: nothing logged.';
comment on column disclosure_parties.purpose_kind is
    'What purposes.csv makes of the purpose: immigration_enforcement, other, unknown, or presumed where it does not '
    'know it.';
comment on column disclosure_parties.unreadable is
    'Fields that hold something not of their type, with the raw text: they count as unknown. Empty: there are none.';
comment on column disclosure_parties.element_basis is
    'Disclosed (put out), aggregate (counted), accessed (looked at), declared, inferred (from a name) or unknown.';
comment on column disclosure_parties.sender_basis is
    'How the sender is known: logged, deduced (--held-by), inferred (one word of a longer name) or unknown.';
comment on column disclosure_parties.recipient_basis is
    'How the recipient is known: logged, inferred (one word of a longer name) or unknown.';
comment on column disclosure_parties.sender_guessed is
    'Whether no more than one word of a longer name says who the sender is: such a transfer stays at review.';
comment on column disclosure_parties.recipient_guessed is
    'Whether no more than one word of a longer name says who the recipient is: such a transfer stays at review.';
comment on column disclosure_parties.state_list is 'Number of its list of states.';
comment on column disclosure_parties.program_list is 'Number of its list of programs.';
comment on column disclosure_parties.population_list is 'Number of its list of people.';
comment on column disclosure_parties.element_list is 'Number of its list of elements.';
comment on column disclosures.state_list is 'Number of its list of states.';
comment on column disclosures.program_list is 'Number of its list of programs.';
comment on column disclosures.population_list is 'Number of its list of people.';
comment on column disclosures.element_list is 'Number of its list of elements.';
comment on view disclosure_lists is 'Helper: the four lists of each disclosure.';
comment on column disclosure_lists.disclosure_id is
    'Number of what was disclosed to whom about whom: transfers with the same content share it.';
comment on column disclosure_lists.parties_in_scope is 'Whether its parties are those that are asked about.';
comment on column disclosure_lists.purpose_kind is 'As in disclosures.';
comment on column disclosure_lists.kind is 'What it is a list of: category, population, program or state.';
comment on column disclosure_lists.list_id is 'Number of the list.';
comment on view list_parts is
    'Helper: one row a list, regime and part of the list: as disclosure_parts, once for all disclosures that share it.';
comment on column list_parts.list_id is 'Number of the list.';
comment on column list_parts.regime_id is
    'The regime: R0 before any order, R1 the first injunction, R2 the second, or one of an overlay.';
comment on column list_parts.kind is 'What the part is: category, population or program.';
comment on column list_parts.key is 'The category, population or program.';
comment on column list_parts.items is 'The words that were logged for it, sorted. Null or empty: nothing was logged.';
comment on column list_parts.deduced is
    'What it was deduced from besides: each item that no word of the log names, and why. Null: nothing.';
comment on column list_parts.told is
    'The part as findings show it: what it means, the words it was logged in, and what else it was deduced from.';
comment on column list_parts.severity is 'enjoined, review, permitted or outside.';
comment on column list_parts.implied_by is
    'The permitted category, disclosed too, beside which this one says nothing new. Null: it stands for itself.';
comment on column list_parts.listed is 'Whether the regime names it; if not, the regime''s default decided.';
comment on column list_parts.origin is 'File and line of the policy tables that say so.';
comment on column list_parts.citation is 'The clause, statute or document it rests on.';
comment on column list_parts.certainty is
    'How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.';
comment on table spans is 'Helper: records that stand for all that moved from a first to a last day.';
comment on table span_regimes is 'Helper: the regimes of each span of days in which the law changed.';
comment on view span_judgments is 'Helper: the worst verdict on a disclosure under the regimes of a span of days.';
comment on column context_meanings.outcome_unheard is
    'True where the log has a word for how it ended that outcomes.csv does not know.';
comment on column context_meanings.attempt is
    'Whether it failed or nothing came out: an attempt, judged alike and counted apart.';
comment on column disclosure_meanings.deduced is
    'What it was deduced from besides: each item that no word of the log names, and why. Null: nothing.';
comment on column disclosure_parts.deduced is
    'What it was deduced from besides: each item that no word of the log names, and why. Null: nothing.';
comment on column disclosures.enforces is
    'Whether immigration enforcement is presumed where no purpose is logged: the recipient is ICE, CBP, DHS itself or '
    'unknown.';
comment on column disclosures.population_basis is 'How the people are known: logged, deduced or unknown.';
comment on column disclosures.program_basis is 'How the programs are known: logged, deduced or unknown.';
comment on column disclosures.recipient_basis is
    'How the recipient is known: logged, inferred (one word of a longer name) or unknown.';
comment on column disclosures.sender_basis is
    'How the sender is known: logged, deduced (--held-by), inferred (one word of a longer name) or unknown.';
comment on column disclosures.sender_guessed is
    'Whether no more than one word of a longer name says who the sender is: such a transfer stays at review.';
comment on column disclosures.recipient_guessed is
    'Whether no more than one word of a longer name says who the recipient is: such a transfer stays at review.';
comment on column disclosures.state_basis is 'How the states are known: logged, deduced or unknown.';
comment on column disclosures.unattributed is
    'Whether neither side is known: it may be a transfer from CMS to DHS, or none.';
comment on column events.attempt is
    'Whether it failed or nothing came out: an attempt, judged alike and counted apart.';
comment on column events.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column events.unattributed is 'Whether neither side is known, and the day may be one that is asked about.';
comment on column events.until_day is
    'The last calendar day at the court that it may have happened on; the first where it is no span of days.';
comment on column judgments.certainty is
    'How sure the line of policy is that decided the verdict, A to D: the surest of what bars, the least sure of what '
    'lets pass. Null: none decided.';
comment on column judgments.verdict_as_logged is 'The verdict without what was deduced.';
comment on column moments.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column moments.until_day is
    'The last calendar day at the court that it may have happened on; the first where it is no span of days.';
comment on column onward_transfers.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records.';
comment on column parts_now.deduced is
    'What it was deduced from besides: each item that no word of the log names, and why. Null: nothing.';
comment on column selected_disclosures.deduced is 'Whether the verdict would be another without what was deduced.';
comment on column selected_tallies.barred_if_attributed is
    'Whether it is unattributed and holds barred data of a plaintiff state.';
comment on column selected_tallies.class_now is
    'Where it is counted now: enjoined, review, permitted, outside, attempt, unattributed or out_of_scope.';
comment on column selected_tallies.class_then is 'Where it is counted under the regime of its own day.';
comment on column selected_tallies.deduced is 'Whether the verdict now would be another without what was deduced.';
comment on column selected_tallies.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column selected_tallies.unattributed is
    'Whether neither side is known, and the day may be one that is asked about.';
comment on column span_judgments.disclosure_id is 'Number of what was disclosed to whom about whom.';
comment on column span_judgments.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column span_judgments.verdict is 'The worst verdict under the regimes of the span.';
comment on column span_regimes.moment_id is 'The moment of the span, see moments.';
comment on column span_regimes.regime_id is 'A regime in force on one of its days.';
comment on column span_regimes.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column spans.first_moment_id is 'The moment at which the record begins.';
comment on column spans.last_day is 'The last day that the record names.';
comment on column spans.moment_id is 'The moment that stands for the span, in the place of its first.';
comment on column spans.record_key is 'Number of the record.';
comment on column tallies.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column tallies.unattributed is
    'Whether neither side is known, and the day may be one that is asked about.';
comment on column transfer_traces.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records.';
comment on column transfers.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records.';
comment on column verdicts.attempt is
    'Whether it failed or nothing came out: an attempt, judged alike and counted apart.';
comment on column verdicts.certainty is
    'How sure the line of policy is that decided the verdict now, A (official) to D. Null: none decided.';
comment on column verdicts.unattributed is
    'Whether neither side is known, and the day may be one that is asked about.';
comment on column verdicts.verdict_basis is
    'logged where the verdict now would be the same without what was deduced, else deduced.';
comment on column week_tallies.span_id is
    'The regimes of a span of days in which the law changed, see span_regimes. Null: the law did not change, or it is '
    'no span.';
comment on column week_tallies.unattributed is
    'Whether neither side is known, and the day may be one that is asked about.';
comment on column disclosure_meanings.told is
    'The part as findings show it: what it means, the words it was logged in, and what else it was deduced from.';
comment on column disclosure_parts.told is
    'The part as findings show it: what it means, the words it was logged in, and what else it was deduced from.';
comment on column parts_now.told is
    'The part as findings show it: what it means, the words it was logged in, and what else it was deduced from.';
comment on column verdicts.instant is 'When, in UTC. Null: a bare day, or not known.';
