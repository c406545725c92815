/*
title = "Changes for a queue, one a transfer"
description = """
What `changed_findings` holds, as JSON: a row a transfer or finding about a log, with what changed of it and where it
stands now. A transfer is `new` where nothing was found on it before, `closed` where nothing is found on it now,
`suppressed` where it has findings to act on (grave or review) and all of them are suppressed, else `changed`.
"""
*/
with hidden as (
    select distinct
        rule,
        transfer_id
    from suppressed_findings
    where until_scan is null and transfer_id is not null
),

changed as (
    select
        transfer_id,
        bool_or(said_before is not null) as was_found,
        list({rule: rule, change: change, cause: cause} order by rule) as changes
    from changed_findings
    where transfer_id is not null
    group by transfer_id
),

standing as (
    select
        f.transfer_id,
        bool_or(c.rule is null) as some_unchanged,
        bool_or(f.severity in ('grave', 'review')) as to_act_on,
        bool_or(f.severity in ('grave', 'review') and h.rule is null) as some_open
    from findings f
    semi join changed t on f.transfer_id = t.transfer_id
    left join changed_findings c on f.transfer_id = c.transfer_id and f.rule = c.rule
    left join hidden h on f.transfer_id = h.transfer_id and f.rule = h.rule
    group by f.transfer_id
),

told as (
    select
        c.transfer_id,
        null::varchar as subject,
        null::varchar as rule,
        null::varchar as severity,
        case
            when s.transfer_id is null then 'closed'
            when s.to_act_on and not s.some_open then 'suppressed'
            when not c.was_found and not s.some_unchanged then 'new'
            else 'changed'
        end as state,
        c.changes
    from changed c
    left join standing s on c.transfer_id = s.transfer_id
    union all
    select
        null,
        subject,
        rule,
        severity,
        case
            when change = 'gone' then 'closed'
            when is_suppressed then 'suppressed'
            else change
        end,
        [{rule: rule, change: change, cause: cause}]
    from changed_findings
    where subject is not null
)

select to_json(told)::varchar as told
from told
order by transfer_id, subject, rule;
