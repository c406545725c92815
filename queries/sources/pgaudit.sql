/*
title = "PostgreSQL, statements in the server log"
description = """
What the extension pgaudit writes, and what the setting log_statement does, as text or in the server's CSV form. Where
the log names each relation that a statement touched, all its lines are one transfer. How a statement ended, and how
many rows came out, is mostly not logged.
"""
reader = "json"
fields = [
    "time", "user", "database", "pid", "host", "severity", "class", "object", "entry", "statement", "rows", "unread",
]
pattern = '''(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*(AUDIT: (SESSION|OBJECT),|(LOG:  |")(statement|execute [^:"]*): )'''
prepare = "postgres_log"
needs = ["statement", "pid"]
parses = {field = "statement", dialect = "postgres"}
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        unread as unreadable,
        case when statement is null then 'a message of the server, not a statement' end as aside,
        statement as query_text,
        time as occurred_at,
        database as database_name,
        pid as session,
        user as recipient,
        user as actor,
        'PostgreSQL' as system,
        rows as row_count,
        host as peer,
        'pgaudit:' || pid || ':' || entry || ':' || left(time, 19) as link_key,
        one_accessed(case when class = 'READ' then object end) as base_objects
    from incoming
)

select * from query_transfers('queries', 'postgres')
