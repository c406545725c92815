/*
title = "What was scanned under a name"
description = """
The files whose path is the one in `shown_path`, or ends in it below a folder, each time that they were read, with hash
and size: what `auditscan show` holds a file against.
"""

[params.shown_path]
type = "varchar"
required = true
description = "The file, as `sources` and `transfers` name it, or the end of its path."
*/
select
    path,
    sha256,
    bytes,
    read_as
from sources
where
    status in ('read', 'damaged', 'copy')
    and (
        path = getvariable('shown_path')::varchar
        or ends_with(path, '/' || getvariable('shown_path')::varchar)
    )
order by source_id;
