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
comment on column traces.excluded is 'Columns of open tables that were left out by name, as TABLE.COLUMN.';
comment on column traces.accessed is 'Tables and their columns that were looked at, as the log of accesses lists them.';
comment on column traces.query_text is 'The query, as logged; its first 64 KiB.';
comment on column traces.note is 'What makes the mapping of this record weaker than usual, in words.';

comment on table set_aside is 'Helper: records that are no transfers, counted by what they are.';
comment on column set_aside.source_id is 'The file.';
comment on column set_aside.reason is 'Why the records are no transfers.';
comment on column set_aside.records is 'How many records.';
comment on column set_aside.naming is
    'How many of them name a part of DHS all the same. Null: read by an earlier version, which did not look.';
comment on column set_aside.first_naming is 'Where the first of those is in the file. Null: none does.';
comment on column set_aside.first_record is 'Where the first of them is in the file, as `sources.places` counts.';

comment on column logged_disclosures.element_basis is
    'How the elements are known: disclosed, aggregate, accessed, declared, inferred, unknown. Null: a canonical log.';
comment on column disclosures.element_basis is
    'Disclosed (put out), aggregate (counted), accessed (looked at), declared, inferred (from a name) or unknown.';

comment on column sources.content_sha256 is
    'Of a file that a CloudTrail digest may list: the SHA-256 of its unpacked content, as AWS takes it. Null: others.';

comment on table digest_entries is 'Helper: what the CloudTrail digests among the files list.';
comment on column digest_entries.source_id is 'The digest.';
comment on column digest_entries.object is 'The name of the log in S3.';
comment on column digest_entries.sha256 is 'The SHA-256 of its unpacked content, as the digest has it.';

comment on view digest_checks is
    'Each log that a CloudTrail digest lists, and whether the file of that name is as listed. No signature is checked.';
comment on column digest_checks.object is 'The name of the log in S3, as the digest lists it.';
comment on column digest_checks.path is 'The file of that name. Null: none was read.';
comment on column digest_checks.listed_sha256 is 'The SHA-256 of its unpacked content, as the digest has it.';
comment on column digest_checks.content_sha256 is 'The SHA-256 of the unpacked content of the file.';
comment on column digest_checks.state is
    'As listed, differs, not here, or not compared: the file could not be read to its end.';

comment on column sources.read_as is 'What a user said of how to read the file, as JSON. Empty: nothing.';

comment on table links is
    'Helper: traces that one transfer left in several logs, each with the one it is counted under.';
comment on column links.record_key is 'The trace.';
comment on column links.kept_key is 'The record it is counted under: the strongest evidence among them.';
comment on column links.how is 'By an id that several logs name (id), or by name, size and time of a file (file).';

comment on table ambiguous_links is 'Helper: traces that may be of one transfer, but were not made one.';
comment on column ambiguous_links.record_key is 'The one record.';
comment on column ambiguous_links.other_key is 'The other.';
comment on column ambiguous_links.why is 'Why they were not made one.';

comment on table merged_contents is
    'Helper: what the traces of a transfer say together, in the place of what its own record says.';
comment on column merged_contents.record_key is 'The record that the transfer is counted under.';
comment on column merged_contents.disclosure_id is 'What all traces together say was disclosed.';
comment on column merged_contents.record_count is 'How many people or rows, by the trace that tells it.';

comment on table link_settings is 'Helper: one row; how the database was judged.';
comment on column link_settings.linked is 'Whether the traces of one transfer are counted once.';

comment on view linked_records is 'Helper: every record, with what is known of its transfer from other logs too.';
comment on column linked_records.record_key is 'The record: number of its file times 2^36 plus its number in the file.';
comment on column linked_records.transfer_id is 'The id of the transfer.';
comment on column linked_records.occurred_at is 'When, in UTC; of a bare day its beginning. Null: not known.';
comment on column linked_records.moment_id is 'The quarter of an hour, or day; see `moments`.';
comment on column linked_records.disclosure_id is 'What was disclosed, as all traces of the transfer tell it.';
comment on column linked_records.context_id is 'Who did it and how.';
comment on column linked_records.record_count is 'How many people or rows. Null: no trace tells.';

comment on view transfer_traces is
    'The traces of transfers: one row for each record that tells of a file, a query or another log.';
comment on column transfer_traces.transfer_key is 'The record that the transfer is counted under.';
comment on column transfer_traces.transfer_id is 'The id of the transfer.';
comment on column transfer_traces.record_key is 'The trace.';
comment on column transfer_traces.how is
    'How it was linked: id, file, or repeat for one that says again what another says. Null: it stands alone.';
comment on column transfer_traces.log is 'The format of its log.';
comment on column transfer_traces.occurred_at is 'When, as its own log tells.';
comment on column transfer_traces.occurred_until is 'When it ended, or the last day of many.';
comment on column transfer_traces.event_count is 'How many transfers the record stands for. Null: one.';
comment on column transfer_traces.file_name is 'The file that moved, as its own log names it.';
comment on column transfer_traces.bytes is 'How many bytes.';
comment on column transfer_traces.peer is 'Address or host of the other side.';
comment on column transfer_traces.element_basis is 'How its own log knows the elements.';
comment on column transfer_traces.population_filter is 'The condition on people under which data were taken.';
comment on column transfer_traces.query_text is 'The query.';
comment on column transfer_traces.note is 'What makes its mapping weaker than usual.';
comment on column transfer_traces.source_file is 'The file of the log.';
comment on column transfer_traces.source_record is
    'Where the record is in it, as `sources.places` counts.';
comment on column sources.places is
'How a person counts the records of the file: line, row, item, item of Records, sheet. Null: not known.';
comment on column sources.sheets is 'The sheets of a workbook, in their order. Null: it is none.';
comment on column sources.counts is
'What the record counts of the file count: people or rows. Null: the log does not say.';
comment on column logged_disclosures.deduced is
'The items of the lists that no word of the log names, and what each was deduced from. Null: none.';
