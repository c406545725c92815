/*
title = "AWS Transfer Family, connectors"
description = """
Files that a connector sent to, or fetched from, somebody else's server: a file a record. What it fetched is a transfer
where a part of DHS held the system. Through VPC Lattice the log names no address: whose account the other end is.
"""
reader = "json"
by_record = true
fields = ["operation", "timestamp", "connector-id", "transfer-id", "file-transfer-id", "url", "file-path",
    "status-code", "failure-code", "failure-message", "start-time", "end-time", "account-id", "bytes",
    "vpc-lattice-resource-configuration-arn"]
needs = ["operation", "connector-id", "file-transfer-id"]
values = {operation = '^[A-Z_]+$'}
inside = ["events", "logEvents"]
wrapped = ["message", "@message", "_raw"]
*/
with named as ( -- noqa: ST03
    select
        *,
        operation = 'RETRIEVE' as fetched,
        coalesce(
            host_of(url), logged(url), account_of_arn(vpc_lattice_resource_configuration_arn),
            logged(vpc_lattice_resource_configuration_arn)
        ) as other_end
    from incoming
)

select
    record_no,
    case
        when fetched then 'fetched from another server'
        when
            operation in (
                'LIST', 'DELETE', 'MOVE', 'LIST_DIRECTORY', 'DIRECTORY_LISTING', 'REMOTE_DELETE', 'REMOTE_MOVE'
            )
            then 'an operation that sends no file'
        when operation <> 'SEND' then unknown_operation(operation)
    end as set_aside,
    case when logged(operation) is null then 'names no operation' end as unreadable,
    coalesce(logged(file_transfer_id), logged(transfer_id)) as transfer_id,
    in_utc(coalesce(logged(start_time), timestamp)) as occurred_at,
    coalesce(eft_sender(eft), case when fetched then other_end end) as sender,
    case when logged(account_id) is not null then [account_id] end as places,
    coalesce(eft_recipient(eft), case when not fetched then other_end end) as recipient,
    fetched as arrives,
    logged(connector_id) as actor,
    'push' as action,
    'AWS Transfer Family' as system,
    transfer_outcome(status_code, failure_code, bytes) as outcome,
    unnest(eft_content(eft)),
    'transfer:' || logged(file_transfer_id) as link_key,
    logged(file_path) as file_name,
    whole_number(bytes) as bytes,
    other_end as peer,
    nullif(concat_ws('; ', coalesce(logged(failure_message), logged(failure_code)), eft_note(eft)), '') as note
from with_eft('named', file_path)
