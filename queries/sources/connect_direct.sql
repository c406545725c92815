/*
title = "IBM Connect:Direct statistics"
description = """
Statistics records as `KEY=VALUE|...`, one a line. A copy that ended (RECI=CTRC) with a file is a transfer; every other
record is set aside. Which of the two nodes sent stands in FROM. A count of one record is none: a binary file has one,
however many people stand in it.
"""
reader = "lines"
by_record = true
pattern = '^(?:[A-Z0-9#]{4}=[^|]*\|){3}'
counts = "rows"
*/
with parted as (
    select
        record_no,
        string_split(rtrim(line, e' \t|'), '|') as part,
        -- Two processes that write at once: the second line begins within the first.
        len(regexp_extract_all(line, 'STAR=\d{8} |\|RECI=')) > 2
        or len(regexp_extract_all(line, 'STAR=\d{8} ')) > 1 as torn
    from incoming
),

keyed_records as (
    select
        record_no,
        torn,
        keyed(part, 'RECI') as record_kind,
        keyed(part, 'STAR') as logged_text,
        keyed(part, 'STRT') as start_text,
        keyed(part, 'STOP') as stop_text,
        keyed(part, 'TZDI') as zone_text,
        try_cast(zone_text as integer) as zone_seconds,
        keyed(part, 'PNAM') as process_name,
        keyed(part, 'PNUM') as process_number,
        keyed(part, 'PNOD') as primary_node,
        keyed(part, 'SNOD') as secondary_node,
        keyed(part, 'FROM') as sending_node,
        coalesce(keyed(part, 'SBID'), keyed(part, 'SUBM')) as submitter,
        keyed(part, 'SFIL') as source_file,
        keyed(part, 'DFIL') as target_file,
        try_cast(keyed(part, 'CCOD') as integer) as condition_code,
        try_cast(coalesce(keyed(part, 'SBYR'), keyed(part, 'DBYW')) as bigint) as bytes,
        coalesce(keyed(part, 'SRCR'), keyed(part, 'DRCW')) as counted
    from parted
),

-- Without TZDI it is the node's local time; one of more hours than any zone has leaves the time unknown.
zoned as (
    select
        *,
        case when zone_text is null then 0 when zone_seconds between -50400 and 50400 then zone_seconds end
            as zone_shift
    from keyed_records
),

timed as ( -- noqa: ST03
    select
        *,
        try(try_strptime(start_text, '%Y%m%d %H:%M:%S') - to_seconds(zone_shift)) as started,
        try(try_strptime(stop_text, '%Y%m%d %H:%M:%S') - to_seconds(zone_shift)) as stopped,
        try(try_strptime(logged_text, '%Y%m%d %H:%M:%S') - to_seconds(zone_shift)) as logged_at,
        case when zone_text is null then '' else 'Z' end as zone_mark,
        coalesce(source_file, target_file) as file_name,
        case when sending_node = 'S' then secondary_node else primary_node end as sender,
        case when sending_node = 'S' then primary_node else secondary_node end as recipient
    from zoned
)

select
    record_no,
    case
        when torn then 'two lines in one: where the first ends is not known'
        when record_kind is null then 'no record of Connect:Direct statistics: RECI is missing'
    end as unreadable,
    case
        when record_kind <> 'CTRC' then 'a record of another kind than the end of a copy'
        when file_name is null then 'a copy without a file'
        else own_submission(eft, recipient)
    end as set_aside,
    case
        when process_name is not null and process_number is not null and logged_text is not null
            then concat_ws('.', process_name, process_number, logged_text)
    end as transfer_id,
    coalesce(
        strftime(coalesce(started, logged_at), '%Y-%m-%dT%H:%M:%S') || zone_mark, start_text, logged_text
    ) as occurred_at,
    coalesce(strftime(stopped, '%Y-%m-%dT%H:%M:%S') || zone_mark, stop_text) as occurred_until,
    sender,
    recipient,
    submitter as actor,
    'push' as action,
    'Connect:Direct' as system,
    unnest(eft_content(eft)),
    case when counted <> '1' then counted end as record_count,
    file_outcome(case when condition_code = 0 then 'success' when condition_code is not null then 'failure' end, bytes)
        as outcome,
    -- Both nodes write down the same copy.
    case
        when process_name is not null and process_number is not null
            then concat_ws(':', 'connect_direct', primary_node, process_name, process_number, source_file)
    end as link_key,
    file_name,
    bytes,
    recipient as peer,
    nullif(concat_ws(
        '; ',
        case
            when sending_node is null or sending_node not in ('P', 'S')
                then 'the log does not say which node sent: the primary one is taken for the sender'
        end,
        case when started is null and logged_at is not null then 'the time is that of the log record' end,
        eft_note(eft)
    ), '') as note
from with_eft('timed', file_name)
