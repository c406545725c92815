/*
title = "Comments on traces"
description = "What each table and column of traces means, as `describe` and every client show it."
*/
comment on table traces is
    'Helper: what the log of another system tells of a record beside the canonical fields. None for most records.';
comment on column traces.record_key is 'The record: number of its file times 2^36 plus its number in the file.';
comment on column traces.log is 'The format of the log, as `sources.format`.';
comment on column traces.link_key is 'What other logs of the same transfer name too, such as the id of a query.';
comment on column traces.file_name is 'The file that moved, with its path, as logged.';
comment on column traces.bytes is 'How many bytes moved, or the size of the file. Null: not logged.';
comment on column traces.occurred_until is
    'The end of what took a while, or the last day of a row that stands for many transfers, as logged.';
comment on column traces.event_count is 'How many transfers one row stands for. Null: one.';
comment on column traces.peer is 'Address or host of the other side, as logged.';
comment on column traces.population_filter is
    'The condition on citizenship, immigration or named people under which data were taken. Null: none, or not known.';
comment on column traces.used_elements is 'Elements that were looked at and not put out, such as those of a filter.';
comment on column traces.open_tables is 'Tables of which every column was put out, their columns not being named.';
comment on column traces.accessed is 'Tables and their columns that were looked at, as the log of accesses lists them.';
comment on column traces.query_text is 'The query, as logged; its first 64 KiB.';
comment on column traces.note is 'What makes the mapping of this record weaker than usual, in words.';

comment on table set_aside is 'Helper: records that are no transfers, counted by what they are.';
comment on column set_aside.source_id is 'The file.';
comment on column set_aside.reason is 'Why the records are no transfers.';
comment on column set_aside.records is 'How many records.';
comment on column set_aside.first_record is 'The number of the first of them in the file.';

comment on column logged_disclosures.element_basis is
    'How the elements are known: disclosed, accessed, declared, inferred or unknown. Null: a canonical log says them.';
comment on column disclosures.element_basis is
    'Disclosed (put out), accessed (looked at), declared (somebody wrote it), inferred (from a name) or unknown.';
