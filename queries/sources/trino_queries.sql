/*
title = "Trino, completed queries"
description = """
What Trino tells its event listeners when a query ended: the text, the tables and columns read, the rows.
"""
reader = "records"
by_record = true
fields = ["metadata", "context", "statistics", "createTime", "endTime", "failureInfo", "ioMetadata"]
needs = ["metadata", "context", "createTime|endTime"]
values = {metadata = '"query(Id)?"'}
wrapped = ["message", "_raw", "queryCompletedEvent", "eventPayload"]
parses = {field = "metadata", path = "$.query", dialect = "trino"}
counts = "rows"
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case
            when coalesce(inside(metadata, '$.queryId'), inside(metadata, '$.query')) is null then 'names no query'
        end as unreadable,
        inside(metadata, '$.query') as query_text,
        inside(metadata, '$.queryId') as query_id,
        createtime as occurred_at,
        endtime as occurred_until,
        inside(context, '$.catalog') as database_name,
        joined([inside(context, '$.user'), inside(context, '$.principal')], '; ') as recipient,
        inside(context, '$.user') as actor,
        'Trino' as system,
        query_status(inside(metadata, '$.queryState')) as status,
        inside(statistics, '$.outputRows') as row_count,
        try_cast(inside(statistics, '$.outputBytes') as bigint) as bytes,
        inside(context, '$.remoteClientAddress') as peer,
        'trino:' || inside(metadata, '$.queryId') as link_key,
        case
            when looks_nested(metadata) and json_valid(metadata)
                then to_json(list_transform(json_extract(metadata, '$.tables[*]'), lambda t: {
                    'objectName': concat_ws(
                        '.', json_extract_string(t, '$.catalog'), json_extract_string(t, '$.schema'),
                        json_extract_string(t, '$.table')
                    ),
                    'columns': list_transform(
                        json_extract_string(t, '$.columns[*].column')::varchar[], lambda c: {'columnName': c}
                    )
                }))::varchar
        end as base_objects
    from incoming
)

select * from query_transfers('queries', 'trino')
