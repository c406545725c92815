/*
title = "Hashes of the records of files"
description = """
One row for 10,000 records of a file: the sha256 of their lines, which are joined by line feeds. A line is the number of
the record in its file, its time in microseconds since 1970, the numbers of its moment, disclosure and context, how
many people it was about, the bytes of its transfer_id, and that id; between them a bar, and a hyphen for what is
null. Looks at the records from `first_key` up to `until_key`.
"""
*/
with lines as (
    select
        record_key,
        record_key // 68719476736 as source_id,
        record_key % 68719476736 // 10000 as block,
        concat_ws(
            '|', record_key % 68719476736, coalesce(epoch_us(occurred_at)::varchar, '-'), coalesce(moment_id, -1),
            coalesce(disclosure_id, -1), coalesce(context_id, -1), coalesce(record_count::varchar, '-'),
            coalesce(strlen(transfer_id)::varchar, '-'), coalesce(transfer_id, '')
        ) as line
    from records
    where record_key >= getvariable('first_key')::bigint and record_key < getvariable('until_key')::bigint
)

select
    source_id,
    sha256(string_agg(line, chr(10) order by record_key, line)) as sha256,
    count(*) as records
from lines
group by source_id, block
order by source_id, block;
