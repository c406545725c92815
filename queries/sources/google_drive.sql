/*
title = "Google Drive audit"
description = """
Activities of Drive as the reports of Google Workspace give them, whole or with their event taken out. A record of
several events is mapped by the first that opened, moved or shared a file.
"""
reader = "json"
fields = ["id", "actor", "name", "type", "parameters", "ipAddress", "events"]
needs = ["id", "actor"]
values = {id = 'applicationName'}
inside = ["items"]
wrapped = ["message", "_raw"]
*/
with named as (
    select
        record_no,
        id,
        actor,
        ipaddress,
        events,
        parameters,
        case when name is null then each_inside(events, '$[*].name') else [name] end as names,
        name is null as listed
    from incoming
),

placed as (
    select
        *,
        coalesce(list_position(list_transform(names, lambda x: drive_action(x) is not null), true), 1) as place
    from named
),

activities as (
    select
        record_no,
        part_of(id, 'applicationName') as application,
        part_of(id, 'uniqueQualifier') as qualifier,
        part_of(id, 'time') as occurred_at,
        coalesce(part_of(actor, 'email'), part_of(actor, 'profileId'), part_of(actor, 'key')) as actor,
        logged(ipaddress) as peer,
        names[place] as event,
        len(names) as events,
        case when listed then inside(events, '$[' || (place - 1) || '].parameters') else parameters end as parameters
    from placed
),

shares as (
    select
        *,
        drive_parameter(parameters, 'owner') as owner,
        coalesce(
            drive_parameter(parameters, 'target_user'), drive_parameter(parameters, 'target'),
            drive_parameter(parameters, 'target_domain'), drive_parameter(parameters, 'recipients')
        ) as target,
        drive_parameter(parameters, 'new_value') as granted,
        drive_parameter(parameters, 'doc_title') as title,
        drive_action(event) as action
    from activities
)

select
    record_no,
    case
        when application <> 'drive' then 'an activity outside of Drive'
        when action is null then 'an activity that opens and moves no file'
        when regexp_full_match(granted, '\["?none"?\]|none|\["?private"?\]|private') then 'access that was taken away'
    end as set_aside,
    case when event is null then 'names no activity' end as unreadable,
    qualifier as transfer_id,
    in_utc(occurred_at) as occurred_at,
    coalesce(owner, case when action = 'share' then actor end) as sender,
    case when action = 'share' then target else actor end as recipient,
    actor,
    action,
    'Google Drive' as system,
    'success' as outcome,
    'unknown' as element_basis,
    title as file_name,
    peer,
    case
        when events > 1 then 'one of ' || events || ' events of its record'
        when action = 'share' and target is null then 'the log does not say who was let in'
    end as note
from shares
