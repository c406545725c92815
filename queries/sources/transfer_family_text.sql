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
select * from transfer_sessions('incoming', timestamp)
