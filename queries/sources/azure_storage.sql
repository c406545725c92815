/*
title = "Azure Storage"
description = """
The diagnostic log of a storage account, one request a record, as Azure Monitor delivers it. Reading a blob, a file or a
table is a download by whoever asked. Who used a key or a link of shared access is not told.
"""
reader = "json"
by_record = true
fields = ["time", "TimeGenerated", "resourceId", "category", "operationName", "statusCode", "callerIpAddress",
    "correlationId", "identity", "properties", "uri"]
needs = ["operationName", "category", "uri", "statusCode"]
values = {category = '^"?Storage(Read|Write|Delete)"?$'}
inside = ["records", "Records"]
wrapped = ["_raw", "message", "body"]
*/
with requests as ( -- noqa: ST03
    select
        record_no,
        logged(correlationid) as id,
        logged(operationname) as operation,
        azure_action(operationname) as listed,
        azure_harmless(operationname) as harmless,
        coalesce(time, timegenerated) as occurred_at,
        coalesce(
            value_at(identity, '$.requester.upn'), value_at(identity, '$.requester.objectId'),
            value_at(identity, '$.requester.appId')
        ) as who,
        azure_how(part_of(identity, 'type')) as how,
        coalesce(
            part_of(properties, 'accountName'), regexp_extract(resourceid, '(?i)storageAccounts/([^/]+)', 1)
        ) as account,
        regexp_extract(part_of(properties, 'objectKey'), '^/?[^/]+/([^/]+)', 1) as container,
        part_of(properties, 'sourceUri') as copied_from,
        coalesce(regexp_replace(uri, '\?.*$', ''), part_of(properties, 'objectKey')) as file,
        statuscode as status,
        part_of(properties, 'responseBodySize') as sent,
        regexp_replace(logged(calleripaddress), ':\d+$', '') as peer,
        null::varchar as let_in,
        false as to_all,
        'Azure Storage' as system
    from incoming
)

select * from storage_transfers('requests')
