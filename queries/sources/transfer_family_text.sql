/*
title = "AWS Transfer Family, sessions as text"
description = """
The log of a server that does not write JSON yet: a step a line, `user.session OPEN Path=... Mode=READ`, alone or behind
the time of the export. It is read as the structured log is. Without that time it has none.
"""
reader = "json"
prepare = "transfer_text"
pattern = '''(?xm)^(?:\d{4}-\d\d-\d\dT\S+\s+)?(?:\S+\.[0-9a-f]{16}[ ]|ERRORS[ ])
    (?:CONNECTED|OPEN|CLOSE|PARTIAL_CLOSE|AUTH_FAILURE)[ ](?:\w+=|$)'''
fields = ["activity-type", "session-id", "path", "mode", "operation", "message", "user", "source-ip", "bytes-out",
    "bytes-in", "timestamp", "session"]
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
        logged(i.user) as who,
        coalesce(logged(source_ip), part_of(session, 'source-ip')) as peer,
        part_of(session, 'resource-arn') as server,
        part_of(session, 'file') as file_is,
        whole_number(bytes_out) as logged_sent,
        coalesce(whole_number(bytes_out), 0) as sent,
        coalesce(whole_number(bytes_in), 0) as received,
        bytes_out is null and bytes_in is null as uncounted,
        timestamp as logged_at
    from incoming i
)

select *
from transfer_sessions('steps')
