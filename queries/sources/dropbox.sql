/*
title = "Dropbox team log"
description = """
One event of a team's log a record. Downloads and previews go to whoever did them, shares to whoever was let in.
"""
reader = "json"
by_record = true
fields = ["timestamp", "event_category", "actor", "origin", "event_type", "details", "assets", "participants",
    "context",
    "involve_non_team_member"]
needs = ["timestamp", "event_type", "event_category"]
values = {event_type = '\.tag', event_category = '\.tag'}
inside = ["events"]
wrapped = ["message", "_raw"]
*/
with events as (
    select
        record_no,
        timestamp as occurred_at,
        part_of(event_type, '.tag') as event,
        part_of(event_category, '.tag') as category,
        coalesce(
            value_at(actor, '$.user.email'), value_at(actor, '$.admin.email'),
            value_at(actor, '$.reseller.reseller_email'),
            value_at(actor, '$.app.display_name'), value_at(actor, '$.user.display_name'), value_at(context, '$.email')
        ) as actor,
        named_parties(
            each_inside(participants, '$[*].user.email') || each_inside(participants, '$[*].group.display_name')
            || each_inside(participants, '$[*].email') || mail_addresses_in(details)
        ) as guests,
        coalesce(
            value_at(assets, '$[0].path.contextual'), value_at(assets, '$[0].path.namespace_relative.relative_path'),
            first_part_of(assets, 'display_name'), first_part_of(assets, 'showcase_title'),
            first_part_of(assets, 'doc_title')
        ) as file,
        len(texts_at(assets, '$')) as files,
        whole_number(value_at(assets, '$[0].file_size')) as bytes,
        value_at(origin, '$.geo_location.ip_address') as peer
    from incoming
),

told as (
    select
        *,
        case
            when regexp_matches(event, '(download|_copy_to_dropbox|_export|^export_|shared_content_copy)(ed)?$')
                and not regexp_matches(event, '(policy|policies|enabled|disabled|report|fail)')
                then 'download'
            when regexp_matches(event, '(_view|_preview|_opened|_access)$')
                and not regexp_matches(event, '^(team|member|login)')
                then 'view'
            when regexp_matches(
                event,
                '^(shared_content_(add_\w+|request_access_approved|change_invitee_role|change_member_role'
                || '|claim_invitation)|shared_link_(create|share|change_visibility|change_audience)'
                || '|shared_folder_(create|transfer_ownership|nest|mount)|file_transfers_transfer_(send|create)'
                || '|sf_(team_)?(invite|grant_access|join\w*|add_group|external_invite\w*|fb_invite\w*)'
                || '|paper_doc_(team_invite|change_sharing_policy|slack_share|add_member)|paper_content_add_member'
                || '|send_for_signature\w*|showcase_(add_member|post|access_granted)|group_add_member)$'
            )
                then 'share'
        end as listed,
        case
            when category = 'logins' or regexp_matches(event, '^(login|logout|sign_in|device|session)') then 'a login'
            when event in ('file_add', 'file_edit', 'file_request_receive_file', 'paper_doc_edit')
                then 'an upload to the server'
            when regexp_matches(
                event,
                '_(delete|remove|revoke|restore|permanently_delete|unshare|uninvite|leave|expire|revert|rollback)d?$'
                || '|_remove_\w+$'
            )
                then 'a deletion, a restoring or access that was taken away'
            when regexp_full_match(
                event,
                '(file|folder|paper_doc|paper_content)_(rename|move|create|lock\w*|unlock\w*|add_comment|like_comment'
                || '|resolve_comment|get_copy_reference|save_copy_reference|add_to_folder)|create_folder'
            )
                then 'a change that opens and moves no data'
            when event = 'file_copy' then 'a copy within the account that owns the file'
            when regexp_full_match(
                category,
                'team_policies|team_profile|members|domains|sso|tfa|passwords|reports|trusted_teams|encryption'
                || '|admin_alerting|protect|groups|comments'
            )
                then 'an administration of accounts and settings'
        end as harmless
    from events
),

acted as (
    select
        *,
        coalesce(
            listed, case when harmless is null and guests is not null and file is not null then 'share' end
        ) as action,
        event in ('file_add', 'file_edit', 'file_request_receive_file') as puts
    from told
)

select
    record_no,
    case when action is null then coalesce(harmless, unknown_operation(event)) end as set_aside,
    case when event is null then 'names no event' end as unreadable,
    occurred_at,
    case when action = 'share' or puts then actor end as sender,
    case when action = 'share' then guests when puts then null else actor end as recipient,
    puts as arrives,
    actor,
    coalesce(action, case when puts then 'push' end) as action,
    'Dropbox' as system,
    'success' as outcome,
    'unknown' as element_basis,
    file as file_name,
    bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case when action = 'share' and guests is null then 'a link: the log does not say who got it' end,
        case when files > 1 then 'the first of ' || files || ' files' end
    ), '') as note
from acted
