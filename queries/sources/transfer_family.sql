/*
title = "AWS Transfer Family, sessions"
description = """
The structured log of a server: one step of a session a record. The preparation puts beside each step what the steps
before it told: who is connected from where, and whether the file was opened to be read. The step that closes a file
that was read is the transfer; one that was written is one where a part of DHS held the server; the others are counted
as what they are.
"""
reader = "json"
prepare = "transfer_sessions"
fields = ["activity-type", "session-id", "path", "mode", "operation", "method", "message", "user", "source-ip",
    "bytes-out", "bytes-in", "timestamp", "session"]
needs = ["activity-type"]
values = {activity-type = '^[A-Z_]+$'}
inside = ["events", "logEvents"]
wrapped = ["message", "@message", "_raw"]
*/
with steps as ( -- noqa: ST03
    select
        record_no,
        logged(activity_type) as activity,
        logged(session_id) as session_id,
        logged(path) as path,
        upper(coalesce(logged(mode), part_of(session, 'mode'))) as mode,
        logged(operation) as operation,
        logged(message) as message,
        coalesce(logged(i.user), part_of(i.session, 'user')) as who,
        coalesce(logged(source_ip), part_of(session, 'source-ip')) as peer,
        part_of(session, 'resource-arn') as server,
        part_of(session, 'file') as file_is,
        whole_number(bytes_out) as logged_sent,
        coalesce(whole_number(bytes_out), 0) as sent,
        coalesce(whole_number(bytes_in), 0) as received,
        bytes_out is null and bytes_in is null as uncounted,
        coalesce(
            timestamp, part_of(envelope, 'timestamp'), part_of(envelope, '@timestamp'), part_of(envelope, 'time')
        ) as logged_at
    from incoming i
)

select *
from transfer_sessions('steps')
