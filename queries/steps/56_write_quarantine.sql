/*
title = "Write the unreadable records of a file"
description = "Keeps which records of the file `source_id` could not be read, why, and where they are."
*/
insert into quarantine
select
    getvariable('source_id')::integer,
    source_record,
    reason,
    byte_offset,
    byte_length,
    -- None are kept where nobody asked for them, and of those for which there was no room.
    nullif(bytes, ''::blob) as bytes
from memory.unreadable_records
order by source_record, rowid;
