/*
title = "Macros for services that share files"
description = """
What an event of Box, Google Drive or Dropbox does with data, and why it does nothing with them. An event that stands in
no list is never called harmless. Where an account of one organization puts a file into a folder of another, the
folder's owner receives it.
"""
*/
-- Whether two mail accounts are surely of two organizations.
create or replace macro are_foreign(one, other) as
    coalesce(home_domain_of(domain_of(one)) <> home_domain_of(domain_of(other)), false);

-- What an event of Box does with data; null where no list says that it opens or moves them.
create or replace macro box_action(event) as
    case
        when event in (
            'DOWNLOAD', 'ITEM_DOWNLOAD', 'ITEM_SYNC', 'DATA_EXPORT', 'FILE_DOWNLOADED', 'CONTENT_WORKFLOW_DOWNLOAD',
            'SIGN_DOCUMENT_DOWNLOADED', 'REPORT_EXPORTED', 'USER_DATA_EXPORT'
        )
            then 'download'
        when event in (
            'PREVIEW', 'ITEM_PREVIEW', 'ITEM_OPEN', 'CONTENT_ACCESS', 'ITEM_SHARED_ACCESS', 'SHARED_LINK_ACCESS',
            'ENTERPRISE_APP_CONTENT_ACCESS'
        )
            then 'view'
        when event in (
            'ITEM_SHARED_CREATE', 'ITEM_SHARED', 'ITEM_SHARED_UPDATE', 'SHARE', 'COLLABORATION_INVITE',
            'COLLABORATION_ACCEPT', 'COLLAB_ADD_COLLABORATOR', 'COLLAB_INVITE_COLLABORATOR',
            'COLLABORATION_ROLE_CHANGE', 'COLLAB_ROLE_CHANGE', 'CHANGE_FOLDER_PERMISSION', 'ACCESS_GRANTED',
            'CHANGE_OWNER', 'COLLAB_OWNER_CHANGE', 'GROUP_ADD_USER', 'GROUP_ADD_ITEM', 'GROUP_ADD_FOLDER',
            'SHARED_LINK_SEND', 'SHARED_LINK_CREATED', 'ITEM_EMAIL_SEND', 'SHARE_EMAIL', 'TRANSFER', 'OWNER_CHANGED',
            'CONTENT_TRANSFERRED', 'SIGN_DOCUMENT_ASSIGNED', 'SIGN_DOCUMENT_CREATED', 'UPDATE_SHARE_EXPIRATION'
        )
            then 'share'
    end;

create or replace macro box_uploads(event) as
    regexp_matches(event, '^((ITEM_|FILE_)?UPLOAD(ED)?|ITEM_CREATE|FILE_REQUEST_UPLOAD|EDIT|ITEM_(MODIFY|UPDATE))$');

create or replace macro box_copies(event) as event in ('COPY', 'ITEM_COPY', 'FILE_COPY');

create or replace macro box_moves(event) as event in ('MOVE', 'ITEM_MOVE', 'FILE_MOVE');

-- Why an event moves no data, by lists of those that are known to move none; null where no list knows it.
create or replace macro box_harmless(event) as
    case
        when regexp_matches(event, 'LOGIN|DEVICE|^SESSION|^OAUTH2_|TWO_FACTOR|PASSWORD|_2FA') then 'a login'
        when box_uploads(event) then 'an upload to the server'
        when box_copies(event) then 'a copy within the account that owns the file'
        when box_moves(event) then 'a file moved within the account that owns it'
        when regexp_matches(event, 'SHIELD|POLICY_VIOLATION|MALICIOUS|ABNORMAL') then 'an alert about other events'
        when regexp_matches(
            event,
            '^(ITEM_|FILE_)?(DELETE|TRASH|UNDELETE\w*|UNDELETE_VIA_TRASH|DELETE_VERSION|RESTORE)$|_DELETED?$'
            || '|_REMOVE(D|_\w+)?$'
            || '|^(ITEM_)?UNSHARED?$|UNSHARE$|EXPIR|^ACCESS_REVOKED$|^DELETE_USER$|FILE_VERSION_(DELETE|RESTORE)'
            || '|^GROUP_REMOVE'
        )
            then 'a deletion, a restoring or access that was taken away'
        when regexp_matches(
            event,
            '^(ITEM_|FILE_)?(RENAME|LOCK|UNLOCK|MAKE_CURRENT_VERSION|CREATE_FOLDER)$|^(COMMENT|TASK|NOTE|TAG'
            || '|METADATA|RETENTION'
            || '|LEGAL_HOLD|WATERMARK|CLASSIFICATION|EDIT_CLASSIFICATION|CONTENT_WORKFLOW_STATUS)_?\w*$'
            || '|^EMAIL_ALIAS_\w+$'
            || '|^(NEW_USER|EDIT_USER|GROUP_CREATION|GROUP_EDITED|ADMIN_ROLE_CHANGE|ENTERPRISE_APP_AUTHORIZATION_UPDATE'
            || '|APPLICATION_PUBLIC_KEY_ADDED|TERMS_OF_SERVICE_\w+|CHANGE_ADMIN_ROLE|EDIT_USER_\w+|MASTER_INVITE_\w+'
            || '|FOLDER_CREATED|CREATE|SET_\w+)$'
        )
            then 'a change that opens and moves no data'
    end;

-- Words of the reports that an administrator of Box takes from its console, as the events they stand for.
create or replace macro box_report_event(action) as
    -- Through a list of one, so that the word is made once.
    list_transform([word(action)], lambda w: coalesce(map {
        'downloaded': 'DOWNLOAD', 'previewed': 'PREVIEW', 'opened': 'ITEM_OPEN', 'accessed': 'CONTENT_ACCESS',
        'uploaded': 'UPLOAD', 'edited': 'EDIT', 'copied': 'COPY', 'moved': 'MOVE', 'renamed': 'RENAME',
        'created': 'CREATE', 'deleted': 'DELETE', 'undeleted': 'UNDELETE', 'restored_from_trash': 'UNDELETE',
        'locked': 'LOCK', 'unlocked': 'UNLOCK', 'shared': 'SHARE', 'unshared': 'UNSHARE',
        'shared_link_created': 'ITEM_SHARED_CREATE', 'created_shared_link': 'ITEM_SHARED_CREATE',
        'sent_shared_link': 'SHARED_LINK_SEND', 'invited_collaborators': 'COLLABORATION_INVITE',
        'invited_collaborator': 'COLLABORATION_INVITE', 'added_collaborators': 'COLLAB_ADD_COLLABORATOR',
        'accepted_invites': 'COLLABORATION_ACCEPT', 'accepted_collaboration': 'COLLABORATION_ACCEPT',
        'changed_owner': 'CHANGE_OWNER', 'removed_collaborators': 'COLLABORATION_REMOVE', 'logged_in': 'LOGIN',
        'login': 'LOGIN', 'failed_login': 'FAILED_LOGIN', 'commented': 'COMMENT_CREATE',
        'added_comment': 'COMMENT_CREATE', 'synced': 'ITEM_SYNC', 'exported': 'DATA_EXPORT'
    }[w], upper(w)))[1];

-- The transfers of Box. `events` is the name of a table or `with` that holds the parts of events.
create or replace macro box_transfers(events) as table
with told as (
    select
        *,
        box_action(event) as listed,
        box_harmless(event) as harmless,
        box_copies(event) as copies,
        event in ('CHANGE_OWNER', 'COLLAB_OWNER_CHANGE', 'OWNER_CHANGED', 'TRANSFER') as changes_owner,
        box_uploads(event) or box_moves(event) as puts,
        are_foreign(actor, owner) as foreign_owner,
        named_parties(list_filter(invited, lambda x: lower(x) <> lower(coalesce(actor, '')))) as guests
    from query_table(events)
),

acted as (
    select
        *,
        case
            when copies and foreign_owner then 'download'
            when puts and foreign_owner then 'push'
            when listed is not null then listed
            when harmless is null and guests is not null and item is not null then 'share'
        end as action,
        -- Of a change of owners the record shows whom the item belongs to now; who accepts was invited.
        coalesce(
            guests,
            case
                when changes_owner then nullif(owner, coalesce(actor, ''))
                when event = 'COLLABORATION_ACCEPT' then actor
            end
        ) as guest
    from told
)

select
    record_no,
    case when action is null then coalesce(harmless, unknown_operation(event)) end as set_aside,
    case when event is null then 'names no event' end as unreadable,
    id as transfer_id,
    occurred_at,
    case
        -- What somebody of another organization shares was still its owner's.
        when action = 'share' and foreign_owner and not changes_owner then null
        when event = 'COLLABORATION_ACCEPT' then null
        when action in ('share', 'push') or box_uploads(event) then actor
    end as sender,
    named_places([owner, folder]) as places,
    case
        when event = 'ACCESS_GRANTED' then null
        when action = 'share' then guest
        when action = 'push' or box_uploads(event) then owner
        when not is_nobody(actor) then actor
    end as recipient,
    box_uploads(event) as arrives,
    actor,
    coalesce(action, case when box_uploads(event) then 'push' end) as action,
    'Box' as system,
    'success' as outcome,
    'unknown' as element_basis,
    coalesce(folder || '/', '') || item as file_name,
    bytes,
    peer,
    case
        when event = 'ACCESS_GRANTED' then 'the support of Box was let in'
        when event like 'GROUP_ADD%' then 'a group: the log does not say what its members may read'
        when action = 'share' and guest is null then 'a link: the log does not say who got it'
        when event = 'DATA_EXPORT' then 'an export of the whole account'
    end as note
from acted;

create or replace macro drive_action(event) as
    case
        when event in (
            'download', 'source_copy', 'copy', 'print', 'export', 'sync_item_content', 'takeout_download',
            'sheets_import_range_access_change_download', 'download_forms_response'
        )
            then 'download'
        when event in (
            'view', 'preview', 'sheets_import_range', 'access_item_content', 'access_url', 'connected_sheets_query',
            'download_preview', 'view_forms_response', 'prefetch_item_content'
        )
            then 'view'
        when event in (
            'change_user_access', 'change_acl_editors', 'change_document_visibility', 'change_document_access_scope',
            'change_user_access_hierarchy_reconciled', 'shared_drive_membership_change', 'team_drive_membership_change',
            'email_as_attachment', 'email_collaborators', 'publish_change', 'change_owner',
            'change_owner_hierarchy_reconciled',
            'change_document_access_scope_hierarchy_reconciled', 'change_document_visibility_hierarchy_reconciled',
            'sheets_import_range_access_change', 'request_access_approved', 'approve_access_request', 'share',
            'shared_drive_settings_change_external', 'accept_access_proposal'
        )
            then 'share'
    end;

-- Why an activity moves no file, by lists of those that are known to move none; null where no list knows it.
create or replace macro drive_harmless(event) as
    case
        when event in ('upload', 'edit') then 'an upload to the server'
        when regexp_matches(
            event,
            '^(trash|untrash|delete|unpublish|remove_from_folder|expire_access_request|deny_access_request'
            || '|expiration\w*|delete_\w+|remove_\w+)$'
        )
            then 'a deletion, a restoring or access that was taken away'
        when regexp_matches(
            event,
            '^(create|rename|move|add_to_folder|add_lock|lock|unlock|create_comment|edit_comment|resolve_comment'
            || '|reopen_comment|reassign_comment|add_subscription|storage_usage_update|label_\w+|apply_label'
            || '|approval_\w+|request_access|shared_drive_settings_change|team_drive_settings_change'
            || '|apply_security_update|script_trigger_\w+|change_folder_color|generate_\w+|suggestion_\w+'
            || '|change_acl_editors_settings|dlp_\w+|accept_suggestion)$'
        )
            then 'a change that opens and moves no file'
    end;

-- A parameter of an event, in a list of names and values as Google gives it, or in an object as collectors do.
create or replace macro drive_parameter(parameters, wanted) as
    coalesce(
        part_of(parameters, wanted),
        list_transform(
            list_filter(
                try(from_json(parameters, '[{"name": "VARCHAR", "value": "VARCHAR", "multiValue": "JSON"}]')),
                lambda x: x.name = wanted
            ),
            lambda x: coalesce(x.value, x.multivalue::varchar)
        )[1]
    );

-- The names that a parameter holds, be it one or a list of them.
create or replace macro drive_names(value) as
    case
        when looks_nested(value) then texts_at(value, '$')
        else string_split_regex(coalesce(value, ''), '\s*[,;]\s*')
    end;

-- What an administrator's table calls an event: "Change user access" is change_user_access.
create or replace macro drive_event_of(words) as
    -- Through a list of one, so that the word is made once.
    list_transform([word(words)], lambda w: coalesce(map {
        'item_downloaded': 'download', 'downloaded': 'download', 'viewed': 'view', 'item_viewed': 'view',
        'user_sharing_permissions_change': 'change_user_access', 'user_access_change': 'change_user_access',
        'owner_changed': 'change_owner', 'ownership_changed': 'change_owner',
        'link_sharing_visibility_change': 'change_document_visibility',
        'link_sharing_access_type_change': 'change_document_access_scope',
        'editor_settings_change': 'shared_drive_settings_change', 'item_content_copied': 'source_copy',
        'item_content_accessed': 'access_item_content', 'item_content_synced': 'sync_item_content',
        'item_content_pre_fetched': 'prefetch_item_content', 'copied': 'copy', 'uploaded': 'upload', 'edited': 'edit',
        'created': 'create', 'deleted': 'delete', 'trashed': 'trash', 'printed': 'print', 'previewed': 'preview',
        'renamed': 'rename', 'moved': 'move'
    }[w], w))[1];

-- The transfers of Google Drive. `activities` is the name of a table or `with` that holds the parts of activities.
create or replace macro drive_transfers(activities) as table
with told as (
    select
        *,
        drive_action(event) as listed,
        drive_harmless(event) as harmless,
        are_foreign(actor, owner) as foreign_owner,
        event in ('upload', 'edit', 'create', 'add_to_folder', 'move') and are_foreign(actor, owner) as puts,
        named_parties(list_filter(
            list_transform(targets, lambda x: logged(clean(x))), lambda x: lower(x) <> lower(coalesce(actor, ''))
        )) as guests
    from query_table(activities)
),

acted as (
    select
        *,
        case
            when puts then 'push'
            when listed is not null then listed
            when harmless is null and guests is not null and title is not null then 'share'
        end as action,
        coalesce(guests, case when event like 'change_owner%' then nullif(owner, coalesce(actor, '')) end) as guest
    from told
)

select
    record_no,
    case
        when application <> 'drive' then 'an activity outside of Drive'
        when event is null then null
        when action is null then coalesce(harmless, unknown_operation(event))
        when regexp_full_match(granted, '(?i)\["?none"?\]|none|\["?private"?\]|private')
            then 'access that was taken away'
    end as set_aside,
    case when event is null then 'names no activity' end as unreadable,
    qualifier as transfer_id,
    in_utc(occurred_at) as occurred_at,
    case
        when action = 'share' and foreign_owner and not event like 'change_owner%' then null
        when action in ('share', 'push') or event in ('upload', 'edit') then actor
    end as sender,
    named_places([owner]) as places,
    case
        when action = 'share' then guest
        when action = 'push' or event in ('upload', 'edit') then owner
        when not is_nobody(actor) then actor
    end as recipient,
    event in ('upload', 'edit') as arrives,
    actor,
    coalesce(action, case when event in ('upload', 'edit') then 'push' end) as action,
    'Google Drive' as system,
    'success' as outcome,
    'unknown' as element_basis,
    title as file_name,
    peer,
    nullif(concat_ws(
        '; ',
        case when events > 1 then 'one of ' || events || ' events of its record' end,
        case when action = 'share' and guest is null then 'the log does not say who was let in' end
    ), '') as note
from acted;
