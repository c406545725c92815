/*
title = "SFTPGo transfer log"
description = """
JSON lines of an SFTPGo server. Its `sender` is what wrote the line: `Download` is a file that an account fetched, or,
through a link that the account shares, whoever has the link; a command over SSH that may copy files stays a transfer;
what came in is one where a part of DHS held the server; the rest is set aside.
"""
reader = "json"
by_record = true
needs = ["level", "time", "sender"]
fields = [
    "time", "level", "sender", "username", "remote_addr", "file_path", "size_bytes", "connection_id", "protocol",
    "error", "ssh_command", "message",
]
wrapped = ["message", "log", "_raw"]

[values]
level = '^(?:debug|info|warn|warning|error|fatal|trace)$'
sender = '''(?x)^(?:
    [A-Z]\w*(?:load|name|move|dir|link|mod|own|times|cate)|Copy|SSHCommand|connection_failed|login|service|config|
    common|main|kms|acme|cmd|mfa|smtp|SFTP|FTPS?|WebDAV|DAV|HTTP|HTTPShare|OIDC|SCP|SSH|EventManager|eventmanager|
    httpd?|ftpserverlib|telemetry|logger|plugins?|actions|backup|dataprovider\w*|[a-z0-9]+fs|[a-z]+d
)$'''
*/
with worded as ( -- noqa: ST03
    select
        *,
        logged(username) as account,
        sender = 'Upload' as arrives,
        -- The account of such a connection is that of the owner of the link.
        coalesce(protocol = 'HTTPShare' or starts_with(connection_id, 'HTTPShare'), false) as shared
    from incoming
)

select
    record_no,
    case when sender is null or time is null then 'a line without a time or without what wrote it' end as unreadable,
    case
        when arrives then 'an upload to the server'
        when sender in ('login', 'connection_failed') then 'a login'
        when
            sender in (
                'Rename', 'Remove', 'Mkdir', 'Rmdir', 'Symlink', 'Chmod', 'Chown', 'Chtimes', 'Truncate', 'Copy'
            )
            then 'a file or folder was changed on the server'
        when sender = 'SSHCommand' and not regexp_matches(coalesce(ssh_command, 'scp'), '(scp|rsync|git)')
            then 'a command that moves no file'
        when sender not in ('Download', 'SSHCommand') and (message is not null or file_path is null)
            then 'a note of the server'
        when sender not in ('Download', 'SSHCommand') then unknown_operation(sender)
        else own_submission(eft, account)
    end as set_aside,
    time as occurred_at,
    coalesce(eft_sender(eft), case when shared and not arrives then account end) as sender,
    coalesce(eft_recipient(eft), case when not shared and not arrives then account end) as recipient,
    arrives,
    case when not shared then account end as actor,
    case
        when arrives then 'push'
        when meant.sender = 'Download' and shared then 'share'
        when meant.sender = 'Download' then 'download'
        else coalesce(ssh_command, lower(meant.sender))
    end as action,
    'SFTPGo' as system,
    unnest(eft_content(eft)),
    file_outcome(
        case
            when logged(error) is not null then 'failure'
            when meant.sender in ('Download', 'Upload') then 'success'
        end, size_bytes
    ) as outcome,
    file_path as file_name,
    whole_number(size_bytes) as bytes,
    remote_addr as peer,
    nullif(concat_ws(
        '; ',
        case when shared then 'through a shared link: whoever has it fetched the file from this address' end,
        eft_note(eft)
    ), '') as note
from with_eft('worded', file_path) meant
