/*
title = "What became of every record"
description = """
One row a file: records = transfers + not transfers + duplicates + quarantined. A file that could not be
read once and was read later is left out.
"""
*/
select
    path,
    status,
    note,
    format,
    sha256,
    records,
    transfers,
    not_transfers,
    duplicates,
    quarantined
from accounting
where current
order by path;
