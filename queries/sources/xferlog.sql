/*
title = "xferlog (wu-ftpd, ProFTPD, vsftpd)"
description = """
One file transfer a line, written when it ended, in the server's local time. The file's name may hold blanks: what
stands before it is counted from the left, what stands behind it from the right. Some servers leave out whether the
transfer was completed or the account, some write one more field behind it. What came in is one where a part of DHS
held the server.
"""
reader = "lines"
by_record = true
pattern = '^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4} +\d+ \S+ +-?\d+ '
*/
-- Words in place of one pattern over the line: a million lines take a third of the time.
with headed as (
    select
        record_no,
        -- Its first 24 characters are the time, a day of one digit set off by two blanks; some write one.
        case
            when line[25] = ' ' then line
            else regexp_replace(line, '^(\w{3} \w{3}) (\d \d\d:\d\d:\d\d \d{4} )', '\1  \2')
        end as line
    from incoming
),

cut as (
    select
        record_no,
        case when line[25] = ' ' then try_strptime(line[1:24], '%a %b %d %H:%M:%S %Y') end as ended,
        case when line[-1] in (' ', e'\t') then rtrim(substring(line, 26), e' \t') else substring(line, 26) end as rest
    from headed
),

-- A padded size, or an empty field between two blanks.
parted as (
    select
        record_no,
        ended,
        string_split(
            case
                when contains(rest, '  ') then regexp_replace(rest, '^ *(\d+) +(\S+) +(-?\d+) +', '\1 \2 \3 ')
                else rest
            end, ' '
        ) as part
    from cut
),

-- How many fields stand behind the completion status: none, one more, or not even the status. An account that is not
-- known may be no field at all: what stands before the way of authentication is the service then.
told as (
    select
        record_no,
        ended,
        part,
        case
            when part[-1] in ('c', 'i') and part[-7] in ('i', 'o', 'd') and part[-9] in ('a', 'b') then 0
            when part[-2] in ('c', 'i') and part[-8] in ('i', 'o', 'd') and part[-10] in ('a', 'b') then 1
            when part[-6] in ('i', 'o', 'd') and part[-8] in ('a', 'b') then -1
        end as behind,
        part[-3] in ('0', '1') and part[-1] in ('c', 'i') and part[-6] in ('i', 'o', 'd') as unnamed
    from parted
),

transfers as (
    select
        record_no,
        timezone(getvariable('source_zone'), ended) at time zone 'UTC' as ended_utc,
        part,
        behind,
        coalesce(behind = -1 and unnamed, false) as unnamed,
        seconds_taken(try_cast(part[1] as bigint)) as seconds,
        try_cast(part[3] as bigint) as bytes,
        array_to_string(part[4:-10 - behind], ' ') as file_name,
        part[-7 - behind] as direction,
        part[-5 - behind] as account,
        part[-6 - behind] as mode,
        case when behind >= 0 then part[-1 - behind] when behind = -1 and unnamed then part[-1] end as completion
    from told
),

named as materialized (
    select
        * exclude (ended_utc, seconds),
        strftime(ended_utc, '%Y-%m-%dT%H:%M:%SZ') as occurred_until,
        -- On the clock of the world: in the night in which clocks are set forward, an hour of the local one is none.
        strftime(try(ended_utc - to_seconds(seconds)), '%Y-%m-%dT%H:%M:%SZ') as occurred_at,
        case when not unnamed then unless_blank(nullif(account, '-')) end as actor,
        -- Two processes that write at once: the second line begins within the first one's name.
        contains(file_name, ':')
        and regexp_matches(file_name, '[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4} +\d') as torn,
        -- What decides the meaning of an EFT name: the day and time behind it make no two alike, and the day is the
        -- fifth word where no state or code stands before it.
        regexp_replace(array_to_string(eft_words(file_name)[1:5], '.'), '\.D\d{6}$', '.D') as eft_head
    from transfers
),

eft_names as (
    select
        eft_head,
        eft_parts(string_split(eft_head, '.')) as eft
    from named
    where eft_head is not null
    group by eft_head
),

meant as (
    select
        n.*,
        e.eft
    from named n
    left join eft_names e on n.eft_head = e.eft_head
)

select
    record_no,
    case
        when occurred_at is null or behind is null or bytes is null or coalesce(file_name, '') = ''
            then 'not a line of an xferlog'
        when torn then 'two lines in one: where the first ends is not known'
    end as unreadable,
    case
        when direction = 'i' then 'an upload to the server'
        when direction = 'd' then 'a file was deleted'
        else own_submission(eft, actor)
    end as set_aside,
    occurred_at,
    occurred_until,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when direction <> 'i' then actor end) as recipient,
    direction = 'i' as arrives,
    actor,
    case when direction = 'i' then 'push' else 'download' end as action,
    'xferlog' as system,
    unnest(eft_content(eft)),
    file_outcome(case completion when 'c' then 'success' when 'i' then 'partial' end, bytes) as outcome,
    file_name,
    case when bytes >= 0 then bytes end as bytes,
    part[2] as peer,
    nullif(concat_ws(
        '; ',
        case when mode = 'a' and contains(actor, '@') then 'anonymous: the client typed this address itself' end,
        eft_note(eft)
    ), '') as note
from meant
