/*
title = "Google BigQuery, INFORMATION_SCHEMA.JOBS"
description = """
One job a row: its text, who ran it, which tables it read. How many rows came out is not in it. An extract writes a
table into files, and names no columns.
"""
reader = "records"
fields = [
    "creation_time", "start_time", "end_time", "project_id", "user_email", "job_id", "job_type", "statement_type",
    "query", "state", "error_result", "referenced_tables", "parent_job_id", "session_info", "destination_uris",
]
needs = ["job_id", "user_email", "job_type|statement_type|referenced_tables", "query|state|creation_time"]
wrapped = ["message", "_raw"]
parses = {field = "query", dialect = "bigquery"}
counts = "rows"
*/
with queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when coalesce(job_id, query, user_email) is null then 'names no job' end as unreadable,
        case
            when upper(job_type) = 'LOAD' then 'a load into the database'
            when upper(job_type) = 'COPY' then 'a table was written from others'
        end as aside,
        case when logged(parent_job_id) is not null then [parent_job_id] else [] end as ran_by,
        query as query_text,
        job_id as query_id,
        coalesce(creation_time, start_time) as occurred_at,
        end_time as occurred_until,
        project_id as database_name,
        inside(session_info, '$.session_id') as session,
        user_email as recipient,
        user_email as actor,
        'Google BigQuery' as system,
        statement_type as logged_type,
        case
            when len(logged(error_result)) > 2 then 'failure'
            else query_status(state)
        end as status,
        'bigquery:' || regexp_extract(job_id, '[^:.]+$') as link_key,
        coalesce(each_inside(destination_uris, '$[*]')[1], logged(destination_uris)) as result_file,
        case
            when looks_nested(referenced_tables) and json_valid(referenced_tables)
                then to_json(list_transform(
                    json_extract(referenced_tables, '$[*]'),
                    lambda t: {
                        'objectName': concat_ws(
                            '.', json_extract_string(t, '$.project_id'), json_extract_string(t, '$.dataset_id'),
                            json_extract_string(t, '$.table_id')
                        ),
                        'columns': []::struct("columnName" varchar)[]
                    }
                ))::varchar
        end as base_objects
    from incoming
)

select * from query_transfers('queries', 'bigquery')
