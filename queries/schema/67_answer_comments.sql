/*
title = "Comments on the answers as people ask for them"
description = "What `answers_wide` holds: the columns of `answers`, and what an analyst asks for beside them."
*/
comment on view answers_wide is
    'One row a transfer, as people ask for it: counted by verdict_now it gives the numbers of the report. Attempts are '
    'counted apart; who acted, how each part is known and where the record stands are columns.';
comment on column answers_wide.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column answers_wide.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column answers_wide.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column answers_wide.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column answers_wide.states is
    'USPS codes after states.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers_wide.programs is
    'Programs after programs.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers_wide.populations is
    'Whose data, after populations.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answers_wide.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column answers_wide.categories is
    'Categories of the elements after elements.csv, sorted; unclassified for a word it does not know. Never empty.';
comment on column answers_wide.record_count is
    'People or rows, as the log counts them (sources.counts). Null: not logged, or no whole number.';
comment on column answers_wide.outcome is
    'success, partial, failure or empty (attempts: nothing is known to have passed), or unknown.';
comment on column answers_wide.regime_now is 'The regime in force on the as-of date. Null: none covers that day.';
comment on column answers_wide.verdict_now is
    'Where the transfer is counted now: enjoined, review, permitted, outside, attempt, unattributed or out_of_scope.';
comment on column answers_wide.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column answers_wide.verdict_then is
    'Where it is counted under the regime of its own day: the same words as verdict_now.';
comment on column answers_wide.flag_category is
    'Whether the content is barred under the regime now, whatever the state. False out of scope.';
comment on column answers_wide.flag_state is
    'Whether a state that the order now in force protects is among its states, whatever the content. False out of '
    'scope.';
comment on column answers_wide.flagged is 'flag_category or flag_state.';
comment on column answers_wide.plaintiff_states is
    'Its states that the regime now in force protects, sorted. Empty: there are none.';
comment on column answers_wide.enjoined_categories is
    'Its categories that the regime now in force bars, sorted. Empty: there are none.';
comment on column answers_wide.unclassified_elements is
    'Elements, as logged, that elements.csv does not know. Empty: there are none.';
comment on column answers_wide.reasons is 'The rules it met, worst first, then by name. Empty: none.';
comment on column answers_wide.source_file is 'The file the transfer was read from.';
comment on column answers_wide.source_record is
    'Where the record is in its file: the line on which it begins, its row, or its item; see place.';
comment on column answers_wide.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records, sheet "2025", row 27.';
comment on column answers_wide.court_day is
    'The calendar day in the zone of the court, by which the law goes. Null: the time is not known.';
comment on column answers_wide.attempt is 'Whether it failed or nothing came out: judged alike, and counted apart.';
comment on column answers_wide.verdict_basis is
    'logged where the verdict now would be the same without what was deduced, else deduced.';
comment on column answers_wide.record_key is
    'Number of the record in this database: joins findings, transfers and transfer_traces.';
comment on column answers_wide.judged_now is
    'The verdict now of attempts too: what they would have been.';
comment on column answers_wide.judged_then is
    'The verdict then of attempts too: what they would have been.';
comment on column answers_wide.certainty is
    'How sure the line of policy is that decided the verdict now, A (official) to D. Null: no line decided it.';
comment on column answers_wide.actor is 'Who acted, as logged. Null: not logged.';
comment on column answers_wide.action is 'push, download, query, view, share or use, else as logged. Null: not logged.';
comment on column answers_wide.system is 'The system, as logged. Null: not logged.';
comment on column answers_wide.purpose is 'The purpose, as logged. Null: not logged.';
comment on column answers_wide.sender_basis is
    'How the sender is known: logged, deduced (--held-by), inferred (one word of a longer name) or unknown.';
comment on column answers_wide.recipient_basis is
    'How the recipient is known: logged, inferred (one word of a longer name) or unknown.';
comment on column answers_wide.state_basis is
    'How the states are known: logged, deduced (one of them from something else the record says) or unknown.';
comment on column answers_wide.program_basis is 'How the programs are known: logged, deduced or unknown.';
comment on column answers_wide.population_basis is 'How the people are known: logged, deduced or unknown.';
comment on column answers_wide.element_basis is
    'How the elements are known: disclosed, accessed, declared, inferred, aggregate or unknown.';
comment on column answers_wide.file_name is 'The file that moved, as logged. Null: not logged.';
comment on column answers_wide.source_sha256 is 'The sha256 of the file the transfer was read from.';
comment on column answers_wide.instant is 'When, in UTC. Null: a bare day, or not known.';

comment on view answer_rows is 'Helper: the columns of answers, and those of answers_wide that are known with them.';
comment on column answer_rows.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column answer_rows.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column answer_rows.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column answer_rows.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column answer_rows.states is
    'USPS codes after states.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answer_rows.programs is
    'Programs after programs.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answer_rows.populations is
    'Whose data, after populations.csv, sorted; unknown for a word it does not know or nothing logged. Never empty.';
comment on column answer_rows.elements is
    'Data elements as logged, sorted. Empty: nothing logged, which counts as one unclassified element.';
comment on column answer_rows.categories is
    'Categories of the elements after elements.csv, sorted; unclassified for a word it does not know. Never empty.';
comment on column answer_rows.record_count is
    'People or rows, as the log counts them (sources.counts). Null: not logged, or no whole number.';
comment on column answer_rows.outcome is
    'success, partial, failure or empty (attempts: nothing is known to have passed), or unknown.';
comment on column answer_rows.regime_now is 'The regime in force on the as-of date. Null: none covers that day.';
comment on column answer_rows.verdict_now is
    'Verdict under the regime of the as-of date: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column answer_rows.regime_then is
    'The regime in force on the day of the transfer. Null: the time is not known, or no regime covers the day.';
comment on column answer_rows.verdict_then is
    'Verdict under the regime of the transfer''s own day: enjoined, review, permitted, outside, unattributed or '
    'out_of_scope.';
comment on column answer_rows.flag_category is
    'Whether the content is barred under the regime now, whatever the state. False out of scope.';
comment on column answer_rows.flag_state is
    'Whether a state that the order now in force protects is among its states, whatever the content. False out of '
    'scope.';
comment on column answer_rows.flagged is 'flag_category or flag_state.';
comment on column answer_rows.plaintiff_states is
    'Its states that the regime now in force protects, sorted. Empty: there are none.';
comment on column answer_rows.enjoined_categories is
    'Its categories that the regime now in force bars, sorted. Empty: there are none.';
comment on column answer_rows.unclassified_elements is
    'Elements, as logged, that elements.csv does not know. Empty: there are none.';
comment on column answer_rows.reasons is 'The rules it met, worst first, then by name. Empty: none.';
comment on column answer_rows.source_file is 'The file the transfer was read from.';
comment on column answer_rows.source_record is
    'Where the record is in its file: the line on which it begins, its row, or its item; see place.';
comment on column answer_rows.place is
    'Where the record is in its file, as a person finds it: line 13, row 20, item 3 of Records, sheet "2025", row 27.';
comment on column answer_rows.court_day is
    'The calendar day in the zone of the court, by which the law goes. Null: the time is not known.';
comment on column answer_rows.attempt is 'Whether it failed or nothing came out: judged alike, and counted apart.';
comment on column answer_rows.verdict_basis is
    'logged where the verdict now would be the same without what was deduced, else deduced.';
comment on column answer_rows.record_key is
    'Number of the record in this database: joins findings, transfers and transfer_traces.';
comment on column answer_rows.certainty is
    'How sure the line of policy is that decided the verdict now, A (official) to D. Null: no line decided it.';
comment on column answer_rows.action is 'push, download, query, view, share or use, else as logged. Null: not logged.';
comment on column answer_rows.purpose is 'The purpose, as logged. Null: not logged.';
comment on column answer_rows.sender_basis is
    'How the sender is known: logged, deduced (--held-by), inferred (one word of a longer name) or unknown.';
comment on column answer_rows.recipient_basis is
    'How the recipient is known: logged, inferred (one word of a longer name) or unknown.';
comment on column answer_rows.state_basis is
    'How the states are known: logged, deduced (one of them from something else the record says) or unknown.';
comment on column answer_rows.program_basis is 'How the programs are known: logged, deduced or unknown.';
comment on column answer_rows.population_basis is 'How the people are known: logged, deduced or unknown.';
comment on column answer_rows.element_basis is
    'How the elements are known: disclosed, accessed, declared, inferred, aggregate or unknown.';
comment on column answer_rows.source_sha256 is 'The sha256 of the file the transfer was read from.';
comment on column answer_rows.instant is 'When, in UTC. Null: a bare day, or not known.';
comment on column answer_rows.context_id is 'Who acted, how, and with what outcome: see contexts.';
