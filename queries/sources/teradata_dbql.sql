/*
title = "Teradata, DBQL"
description = """
Rows of DBQLogTbl or QryLogV, one statement each. The text may be cut off after 200 or 10,000 characters, as the logging
was set up.
"""
reader = "records"
by_record = true
fields = [
    "queryid", "username", "userid", "defaultdatabase", "starttime", "firstresptime", "numresultrows", "errorcode",
    "statementtype", "querytext", "sqltextinfo", "clientaddr", "sessionid", "logonsource", "queryband",
]
needs = ["querytext|sqltextinfo", "queryid", "numresultrows|statementtype|defaultdatabase", "username|userid"]
wrapped = ["message", "_raw"]
parses = {field = "querytext|sqltextinfo", dialect = "teradata"}
counts = "rows"
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when coalesce(querytext, sqltextinfo, queryid) is null then 'names no query and no text' end as unreadable,
        case when upper(trim(statementtype)) in ('LOGON', 'LOGOFF') then 'a login' end as aside,
        coalesce(querytext, sqltextinfo) as query_text,
        trim(queryid) as query_id,
        trim(starttime) as occurred_at,
        trim(firstresptime) as occurred_until,
        trim(logged(defaultdatabase)) as database_name,
        trim(sessionid) as session,
        trim(coalesce(logged(username), logged(userid))) as recipient,
        trim(coalesce(logged(username), logged(userid))) as actor,
        'Teradata' as system,
        statementtype as logged_type,
        case when trim(errorcode) = '0' then 'success' when logged(errorcode) is not null then 'failure' end as status,
        whole_number(numresultrows)::varchar as row_count,
        trim(logged(clientaddr)) as peer,
        'teradata:' || trim(queryid) as link_key,
        case
            when len(coalesce(querytext, sqltextinfo)) in (200, 10000, 31000)
                then 'the text may have been cut off where the logging ends it'
        end as remark
    from incoming
)

select * from query_transfers('queries', 'teradata')
