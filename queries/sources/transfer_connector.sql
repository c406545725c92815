/*
title = "AWS Transfer Family, connectors"
description = "Files that a connector sent to, or fetched from, somebody else's server: a file a record."
reader = "json"
fields = ["operation", "timestamp", "connector-id", "transfer-id", "file-transfer-id", "url", "file-path",
    "status-code", "failure-code", "failure-message", "start-time", "end-time", "account-id", "bytes"]
needs = ["operation", "connector-id", "file-transfer-id"]
values = {operation = '^[A-Z_]+$'}
inside = ["events", "logEvents"]
wrapped = ["message", "@message", "_raw"]
*/
select
    record_no,
    case
        when operation = 'RETRIEVE' then 'fetched from another server'
        when operation <> 'SEND' then 'an operation that sends no file'
    end as set_aside,
    case when logged(operation) is null then 'names no operation' end as unreadable,
    coalesce(logged(file_transfer_id), logged(transfer_id)) as transfer_id,
    in_utc(coalesce(logged(start_time), timestamp)) as occurred_at,
    logged(account_id) as sender,
    coalesce(host_of(url), logged(url)) as recipient,
    logged(connector_id) as actor,
    'push' as action,
    'AWS Transfer Family' as system,
    transfer_outcome(status_code, failure_code, bytes) as outcome,
    'unknown' as element_basis,
    'transfer:' || logged(file_transfer_id) as link_key,
    logged(file_path) as file_name,
    whole_number(bytes) as bytes,
    coalesce(host_of(url), logged(url)) as peer,
    coalesce(logged(failure_message), logged(failure_code)) as note
from incoming
