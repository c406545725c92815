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
select *
from transfer_sessions('incoming', coalesce(
    timestamp, part_of(envelope, 'timestamp'), part_of(envelope, '@timestamp'), part_of(envelope, 'time')
))
