/*
title = "Comments on what judging adds"
description = "What is deduced, what is attributed to nobody, spans of days, and where transfers are counted."
*/
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
