/*
title = "List of CMS EFT dataset names"
description = """
Dataset names of CMS's file transfer, one a line, alone, beside a size and a date, or in a listing of a folder (`ls
-l`, `dir`). Where a file went, whose it is and when it was made stand in its name; whether it arrived is not known.
"""
reader = "lines"
by_record = true
pattern = '''(?x)^\s*(?:[\w:./,+@-]+\s+){0,8}
    [\w:./\\-]*[PpTt]\#[Ee][Ff][Tt]\.[Oo][Nn]\.[\w.@#$-]+(?:[\s,;]+[\w:./-]+){0,4}\s*$'''
*/
with named as ( -- noqa: ST03
    select
        record_no,
        line,
        eft_name(line) as dataset,
        list_filter(string_split_regex(line, '[\s,;]+'), lambda t: regexp_full_match(t, '\d+')) as numbers,
        regexp_extract(
            line, '^[-bcdlps][-rwxsStT]{9}\S?\s+\d+\s+\S+\s+\S+\s+(\d+)\s+[A-Z][a-z]{2}\s+\d{1,2}\s+[\d:]{4,5}\s', 1
        ) as listed_size,
        regexp_extract(
            line, '^\s*(\d\d/\d\d/\d{4})\s+(\d\d:\d\d(?:\s*[AP]M)?)\s+([\d,]+)\s', ['day', 'clock', 'size']
        ) as dos,
        regexp_extract(line, '\b(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?', ['day', 'clock']) as stamp,
        -- What a listing says of itself and of folders.
        regexp_matches(
            line,
            '^(total \d+|d[-rwxsStT]{9}\S?\s.*|[^#]*<DIR>.*|\s*(Directory of|Volume (in drive|Serial Number)) .*'
            || '|\s*\d+ (File|Dir)\(s\).*)\s*$'
        ) as beside
    from incoming
)

select
    record_no,
    case
        when len(regexp_extract_all(line, '[PpTt](#|%23)[Ee][Ff][Tt]\.[Oo][Nn]\.')) > 1 then 'several names in one line'
        when dataset is null and not (record_no = 1 and len(numbers) = 0) and not beside
            then 'no dataset name of CMS EFT'
    end as unreadable,
    case when dataset is null then 'a heading' else own_submission(eft, null) end as set_aside,
    coalesce(
        eft_time(dataset),
        strftime(
            try_strptime(dos.day || ' ' || dos.clock, ['%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M']), '%Y-%m-%d %H:%M:%S'
        ),
        nullif(concat_ws(' ', nullif(stamp.day, ''), nullif(stamp.clock, '')), '')
    ) as occurred_at,
    eft_sender(eft) as sender,
    eft_recipient(eft) as recipient,
    'push' as action,
    'CMS EFT' as system,
    unnest(eft_content(eft)),
    'unknown' as outcome,
    dataset as file_name,
    -- Two numbers: which of them is the size is not known.
    coalesce(
        try_cast(listed_size as bigint), try_cast(replace(dos.size, ',', '') as bigint),
        case when len(numbers) = 1 then try_cast(numbers[1] as bigint) end
    ) as bytes,
    nullif(concat_ws('; ', 'known from a list of names', eft_note(eft)), '') as note
from with_eft('named', line)
