/*
title = "Google Drive audit"
description = """
Activities of Drive as the reports of Google Workspace give them, whole or with their event taken out. A record of
several events is mapped by the first that opened, moved or shared a file, with all who were let in.
"""
reader = "json"
by_record = true
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
        coalesce(
            list_position(list_transform(names, lambda x: drive_action(x) is not null), true),
            list_position(list_transform(names, lambda x: drive_harmless(x) is null), true),
            1
        ) as place
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
        case when listed then inside(events, '$[' || (place - 1) || '].parameters') else parameters end as parameters,
        case
            when len(names) > 1
                then flatten(list_transform(
                    list_transform(
                        each_inside(events, '$[*].parameters'),
                        lambda p: coalesce(
                            drive_parameter(p, 'target_user'), drive_parameter(p, 'target'),
                            drive_parameter(p, 'target_domain')
                        )
                    ),
                    lambda x: drive_names(x)
                ))
            else []::varchar[]
        end as others
    from placed
),

shares as ( -- noqa: ST03
    select
        *,
        drive_parameter(parameters, 'owner') as owner,
        flatten(list_transform(
            [
                drive_parameter(parameters, 'target_user'), drive_parameter(parameters, 'target'),
                drive_parameter(parameters, 'target_domain'), drive_parameter(parameters, 'recipients'),
                drive_parameter(parameters, 'new_owner')
            ],
            lambda x: drive_names(x)
        ))
        || case when drive_action(event) = 'share' then others else []::varchar[] end as targets,
        drive_parameter(parameters, 'new_value') as granted,
        drive_parameter(parameters, 'doc_title') as title
    from activities
)

select * from drive_transfers('shares')
