/*
title = "Amazon Redshift user activity log"
description = """
A line a statement, as Redshift writes it into a bucket; a text may go on over further lines. Who, in which database,
and the text: neither how it ended nor how many rows came out.
"""
reader = "json"
fields = ["time", "database", "user", "pid", "xid", "statement", "unread"]
pattern = '''(?m)^'\d{4}-\d\d-\d\dT[\d:]+Z UTC \[ db='''
prepare = "redshift_activity"
needs = ["statement", "xid"]
parses = {field = "statement", dialect = "redshift"}
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        unread as unreadable,
        statement as query_text,
        time as occurred_at,
        database as database_name,
        pid as session,
        user as recipient,
        user as actor,
        'Amazon Redshift' as system
    from incoming
)

select * from query_transfers('queries', 'redshift')
