/*
title = "Files and their accounting"
description = "One row a file by name; files that could be read later under the same name are left out."
*/
select
    path,
    sha256,
    bytes,
    format,
    status,
    note,
    records,
    transfers,
    not_transfers,
    duplicates,
    quarantined,
    unknown_fields
from accounting
where current
order by path, source_id
