/*
title = "Comments on parties and what was passed on"
description = """
A sentence for the table of parties and the view of onward transfers, and one a column.
"""
*/
comment on table logged_parties is
    'Each text that stands as sender or recipient, the agency it names, and the line of the policy tables that says '
    'so.';
comment on column logged_parties.role is 'sender or recipient: as which the text stands.';
comment on column logged_parties.text is 'The text as logged.';
comment on column logged_parties.agency is 'The agency it names. Null: the tables know none, or several that disagree.';
comment on column logged_parties.side is
    'sender (CMS), recipient (DHS and its parts), vendor (works for whoever hired it), elsewhere, or unknown.';
comment on column logged_parties.found_by is
    'alias (a word of agencies.csv), or the kind of the line of parties.csv. Null: no agency was found.';
comment on column logged_parties.part is
    'The part of the text that counted, where it names several; else the text. Null: no agency was found.';
comment on column logged_parties.matched is 'The word or value of the tables that it was found by. Null: none was.';
comment on column logged_parties.certainty is
    'How sure the line of parties.csv is, A to D. Null: it does not say, or a word of agencies.csv.';
comment on column logged_parties.origin is 'File and line of the policy tables that say so. Null: no agency was found.';
comment on column logged_parties.parts is 'How many parties the text names.';
comment on column logged_parties.agencies is
    'The agencies of its parts, sorted; unknown for those the tables do not know.';

comment on view onward_transfers is
    'One row a transfer in which DHS or a part of it passes data on to anybody but CMS. Out of scope: no order judged '
    'here speaks of them.';
comment on column onward_transfers.record_key is
    'Number of the record: that of its file (source_id) times 2^36, plus its place in the file.';
comment on column onward_transfers.transfer_id is
    'The id in the log; where the log gives none, content- and a hash of the content, the same on every scan.';
comment on column onward_transfers.occurred_at is
    'When, as text: an instant in UTC (2025-10-10T12:00:00Z) or a bare day. Null: missing, or not readable as a time.';
comment on column onward_transfers.sender is 'Who sent the data, as logged. Null: nothing logged.';
comment on column onward_transfers.recipient is 'Who got the data, as logged. Null: nothing logged.';
comment on column onward_transfers.sender_agency is
    'The agency that agencies.csv and parties.csv take the sender for. Null: they know none, or nothing logged.';
comment on column onward_transfers.recipient_agency is
    'The agency that agencies.csv and parties.csv take the recipient for. Null: they know none, or nothing logged.';
comment on column onward_transfers.actor is 'The person or account that acted, as logged. Null: nothing logged.';
comment on column onward_transfers.action is
    'What was done (push, download, query, view ...), as logged. Null: nothing logged.';
comment on column onward_transfers.system is 'The system it was done in, as logged. Null: nothing logged.';
comment on column onward_transfers.authority is
    'The legal authority that the log names, as logged. Null: nothing logged.';
comment on column onward_transfers.record_count is
    'People or rows, as the log counts them. Null: not logged, or no whole number.';
comment on column onward_transfers.purpose is 'What the data were for, as logged. Null: nothing logged.';
comment on column onward_transfers.outcome is
    'success, failure (an attempt: nothing is known to have passed), partial, or unknown.';
comment on column onward_transfers.source_file is 'The file the transfer was read from.';
comment on column onward_transfers.source_record is
    'Where the record is in its file, as `sources.places` counts: of text the line on which it begins.';
