/*
title = "Write the unreadable records of files"
description = "Keeps which records of the files `read_files` could not be read, why, and where they are."
*/
insert into quarantine
select
    source_id,
    source_record,
    reason,
    byte_offset,
    byte_length,
    -- None are kept where nobody asked for them, and of those for which there was no room.
    nullif(bytes, ''::blob) as bytes
from memory.unreadable_records
where source_id in (select unnest(getvariable('read_files')::integer[]))
order by source_id, source_record, rowid;

truncate memory.unreadable_records;
