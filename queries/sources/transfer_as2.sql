/*
title = "AWS Transfer Family, AS2"
description = """
Messages of the AS2 protocol, a message a record. What a connector sent is a push from one AS2 name to the other; what
came in under an agreement is one where a part of DHS held the system, else it is set aside.
"""
reader = "json"
by_record = true
fields = ["timestamp", "as2-from", "as2-to", "as2-message-id", "connector-id", "agreement-id", "server-id",
    "transfer-id", "transfer-size", "bytes", "file-path", "status-code", "failure-code", "failure-message", "client-ip"]
needs = ["as2-message-id", "status-code"]
inside = ["events", "logEvents"]
wrapped = ["message", "@message", "_raw"]
*/
with told as (
    select
        *,
        logged(connector_id) is null and coalesce(logged(agreement_id), logged(server_id)) is not null as came_in
    from incoming
)

select
    record_no,
    case when came_in then 'a message that came in' end as set_aside,
    came_in as arrives,
    case when logged(as2_message_id) is null then 'names no AS2 message' end as unreadable,
    logged(as2_message_id) as transfer_id,
    timestamp as occurred_at,
    logged(as2_from) as sender,
    logged(as2_to) as recipient,
    coalesce(logged(connector_id), logged(as2_from)) as actor,
    'push' as action,
    'AWS Transfer Family' as system,
    -- The size is that of the message, and not what passed.
    unless_empty(transfer_outcome(status_code, failure_code, null), coalesce(bytes, transfer_size)) as outcome,
    'unknown' as element_basis,
    'transfer:' || logged(transfer_id) as link_key,
    logged(file_path) as file_name,
    whole_number(coalesce(bytes, transfer_size)) as bytes,
    logged(client_ip) as peer,
    coalesce(logged(failure_message), logged(failure_code)) as note
from told
