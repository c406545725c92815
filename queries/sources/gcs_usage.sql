/*
title = "Google Cloud Storage usage log"
description = """
The log that a bucket writes of its requests, a table an hour. Reading an object is a download; who asked is told by an
address alone.
"""
reader = "table"
fields = ["time_micros", "c_ip", "cs_method", "cs_uri", "sc_status", "sc_bytes", "s_request_id", "cs_operation",
    "cs_bucket", "cs_object"]
needs = ["time_micros", "c_ip", "sc_status", "cs_operation", "cs_bucket"]
*/
with requests as ( -- noqa: ST03
    select
        record_no,
        logged(s_request_id) as id,
        logged(cs_operation) as operation,
        gcs_action(cs_operation) as listed,
        gcs_harmless(cs_operation) as harmless,
        coalesce(instant_of_epoch(time_micros), time_micros) as occurred_at,
        null::varchar as who,
        'the log does not name who asked' as how,
        null::varchar as account,
        logged(cs_bucket) as container,
        null::varchar as copied_from,
        'gs://' || cs_bucket || coalesce('/' || logged(cs_object), '') as file,
        logged(sc_status) as status,
        sc_bytes as sent,
        logged(c_ip) as peer,
        null::varchar as let_in,
        false as to_all,
        'Google Cloud Storage' as system
    from incoming
)

select * from storage_transfers('requests')
