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
with named as (
    select
        *,
        eft_words(file_path) as eft_words
    from incoming
),

meant as (
    select
        * exclude (eft_words),
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    case
        when operation = 'RETRIEVE' then 'fetched from another server'
        when operation <> 'SEND' then 'an operation that sends no file'
    end as set_aside,
    case when logged(operation) is null then 'names no operation' end as unreadable,
    coalesce(logged(file_transfer_id), logged(transfer_id)) as transfer_id,
    in_utc(coalesce(logged(start_time), timestamp)) as occurred_at,
    coalesce(eft_sender(eft), logged(account_id)) as sender,
    coalesce(eft_recipient(eft), host_of(url), logged(url)) as recipient,
    logged(connector_id) as actor,
    'push' as action,
    'AWS Transfer Family' as system,
    transfer_outcome(status_code, failure_code, bytes) as outcome,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    'transfer:' || logged(file_transfer_id) as link_key,
    logged(file_path) as file_name,
    whole_number(bytes) as bytes,
    coalesce(host_of(url), logged(url)) as peer,
    nullif(concat_ws('; ', coalesce(logged(failure_message), logged(failure_code)), eft_note(eft)), '') as note
from meant
