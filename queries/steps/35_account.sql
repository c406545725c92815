/*
title = "Add up the bytes of a staged block"
description = """
How many records were staged and how many bytes they take with everything in them accounted for. Null
bytes mean that at least one record could have been written in several lengths.
"""
*/
select
    count(*) as records,
    case when bool_or(row_bytes is null) then null else sum(row_bytes) end
    + coalesce(sum(disclosure_bytes), 0) + coalesce(sum(context_bytes), 0)
    + coalesce((
        select case when bool_or(f.text_bytes is null) then null else sum(f.text_bytes) end
        from staged s
        inner join fresh_disclosures f on s.new_disclosure = f.text
        where s.block = getvariable('block')
    ), case when bool_or(new_disclosure is not null) then null else 0 end)
    + coalesce((
        select case when bool_or(f.text_bytes is null) then null else sum(f.text_bytes) end
        from staged s
        inner join fresh_contexts f on s.new_context = f.text
        where s.block = getvariable('block')
    ), case when bool_or(new_context is not null) then null else 0 end) as bytes,
    bool_or(disclosure_bytes is null and new_disclosure is null)
    or bool_or(context_bytes is null and new_context is null) as some_unknown,
    coalesce(bool_or(unclear), false) as some_unclear
from staged
where block = getvariable('block');
