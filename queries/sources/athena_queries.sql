/*
title = "Amazon Athena, executions of queries"
description = """
What GetQueryExecution and BatchGetQueryExecution return. The result of every query lies as a file in a bucket. How
many rows came out is not in it.
"""
reader = "records"
by_record = true
fields = [
    "QueryExecutionId", "Query", "StatementType", "ResultConfiguration", "QueryExecutionContext", "Status",
    "WorkGroup",
]
needs = ["QueryExecutionId", "Query", "Status|WorkGroup|StatementType"]
inside = ["QueryExecutions"]
wrapped = ["message", "_raw", "QueryExecution"]
parses = {field = "query", dialect = "athena"}
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when coalesce(query, queryexecutionid) is null then 'names no query' end as unreadable,
        query as query_text,
        queryexecutionid as query_id,
        inside(status, '$.SubmissionDateTime') as occurred_at,
        inside(status, '$.CompletionDateTime') as occurred_until,
        coalesce(
            inside(queryexecutioncontext, '$.Catalog'), inside(queryexecutioncontext, '$.Database')
        ) as database_name,
        -- Who asked stands in CloudTrail; the group whose query it was may tell, too.
        workgroup as recipient,
        'Amazon Athena' as system,
        query_status(inside(status, '$.State')) as status,
        'athena:' || lower(queryexecutionid) as link_key,
        inside(resultconfiguration, '$.OutputLocation') as result_file
    from incoming
)

select * from query_transfers('queries', 'athena')
