/*
title = "SFTPGo transfer log"
description = """
JSON lines of an SFTPGo server. Its `sender` is what wrote the line: `Download` is a file that an account fetched; a
command over SSH that may copy files stays a transfer; everything else is set aside.
"""
reader = "json"
needs = ["level", "time", "sender"]
fields = [
    "time", "sender", "username", "remote_addr", "file_path", "size_bytes", "connection_id", "protocol", "error",
    "ssh_command",
]
wrapped = ["message", "log", "_raw"]

[values]
sender = '^(?:Upload|Download|Rename|Remove|Mkdir|Rmdir|Symlink|Chmod|SSHCommand|connection_failed|login|[a-z]+d)$'
*/
with worded as (
    select
        *,
        logged(username) as account,
        eft_words(file_path) as eft_words
    from incoming
),

meant as (
    select
        *,
        eft_parts(eft_words) as eft
    from worded
)

select
    record_no,
    case when sender is null or time is null then 'a line without a time or without what wrote it' end as unreadable,
    case
        when sender = 'Upload' then 'an upload to the server'
        when sender in ('login', 'connection_failed') then 'a login'
        when sender in ('Rename', 'Remove', 'Mkdir', 'Rmdir', 'Symlink', 'Chmod', 'Chown', 'Chtimes', 'Truncate')
            then 'a file or folder was changed on the server'
        when sender = 'SSHCommand' and not regexp_matches(coalesce(ssh_command, 'scp'), '(scp|rsync|git)')
            then 'a command that moves no file'
        when sender not in ('Download', 'SSHCommand') then 'a note of the server'
        when is_own_submission(eft, account) then 'a state''s own submission'
    end as set_aside,
    time as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), account) as recipient,
    account as actor,
    case when meant.sender = 'Download' then 'download' else ssh_command end as action,
    'SFTPGo' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    case
        when logged(error) is null
            then case when meant.sender = 'Download' then unless_empty('success', size_bytes) else 'unknown' end
        when try_cast(size_bytes as bigint) > 0 then 'partial'
        else 'failure'
    end as outcome,
    file_path as file_name,
    try_cast(size_bytes as bigint) as bytes,
    remote_addr as peer,
    eft_note(eft) as note
from meant
