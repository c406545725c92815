/*
title = "Azure Storage, classic log"
description = """
The log that a storage account itself writes into its container $logs: one request a line, its fields parted by
semicolons.
"""
reader = "lines"
by_record = true
pattern = '^\d\.\d;\d{4}-\d\d-\d\dT[\d:.]+Z;[A-Za-z]+;[A-Za-z]+;'
*/
with fields as (
    select
        record_no,
        -- Cells in quotes may hold semicolons.
        list_transform(
            regexp_extract_all(line, '(?:^|;)("(?:[^"])*"|[^;]*)', 1), lambda x: trim(replace(x, '&amp;', '&'), '"')
        ) as part
    from incoming
),

requests as ( -- noqa: ST03
    select
        record_no,
        logged(part[14]) as id,
        case when len(part) >= 16 then logged(part[3]) end as operation,
        azure_action(part[3]) as listed,
        azure_harmless(part[3]) as harmless,
        part[2] as occurred_at,
        -- With a key of the account the requester is the account itself.
        case when lower(part[8]) not in ('sas', 'anonymous') then nullif(logged(part[9]), part[10]) end as who,
        azure_how(part[8]) as how,
        logged(part[10]) as account,
        nullif(regexp_extract(part[13], '^/?[^/]+/([^/]+)', 1), '') as container,
        null::varchar as copied_from,
        coalesce(logged(regexp_replace(part[12], '\?.*$', '')), logged(part[13])) as file,
        part[5] as status,
        part[21] as sent,
        regexp_replace(logged(part[16]), ':\d+$', '') as peer,
        null::varchar as let_in,
        false as to_all,
        'Azure Storage' as system
    from fields
)

select * from storage_transfers('requests')
