/*
title = "What logs note beside transfers"
description = """
Of the records named in `record_keys`: what their log notes beside what every log tells, where it does. In registers
that is also the Bates number of a row, or the file it was printed in, where a column has it.
"""

[params.record_keys]
type = "integer[]"
required = true
description = "The records to look at: `record_key` of transfers or of most_serious."
*/
select
    record_key,
    log,
    note
from traces
where note is not null and list_contains(getvariable('record_keys')::bigint[], record_key)
order by record_key, log, note;
