/*
title = "OCSF events"
description = """
Normalized events of a security lake: web resources (6001), API calls (6003), data stores (6005), file hosting (6006),
FTP (4008), mail (4009) and files on the network (4010). What the original told comes first, where the event carries it.
Events of other classes are set aside.
"""
reader = "json"
fields = ["class_uid", "activity_id", "time", "metadata", "actor", "user", "src_endpoint", "dst_endpoint", "file",
    "database", "databucket", "table", "query_info", "status_id", "unmapped", "raw_data", "email", "api", "resources",
    "web_resources", "access_mask", "share", "count", "command"]
needs = ["class_uid", "metadata", "time"]
values = {class_uid = '^[1-9][0-9]{3}$'}
inside = ["events", "Records"]
wrapped = ["message", "_raw", "event"]
*/
with events as (
    select
        i.record_no,
        i.class_uid,
        i.activity_id,
        part_of(i.metadata, 'uid') as id,
        coalesce(instant_of_epoch(i.time), i.time) as occurred_at,
        -- A collector keeps the original as an object or as its text.
        case when looks_nested(i.raw_data) and json_valid(i.raw_data) then i.raw_data end as original,
        i.unmapped,
        value_at(i.metadata, '$.product.name') as product,
        i.actor,
        i.user as affected,
        i.src_endpoint as source,
        i.dst_endpoint as destination,
        i.file,
        i.email,
        i.query_info,
        i.count,
        part_of(i.api, 'operation') as operation,
        value_at(i.api, '$.service.name') as service,
        first_part_of(i.resources, 'name') as resource,
        coalesce(first_part_of(i.web_resources, 'url_string'), first_part_of(i.web_resources, 'name')) as web_resource,
        coalesce(part_of(i.table, 'name'), part_of(i.databucket, 'name'), part_of(i.database, 'name')) as store,
        part_of(i.table, 'name') as read_table,
        i.status_id
    from incoming i
),

named as (
    select
        *,
        ocsf_action(class_uid, activity_id, operation) as action,
        coalesce(
            part_of(original, 'QUERY_TEXT'), part_of(unmapped, 'QUERY_TEXT'),
            part_of(original, 'query_text'), part_of(unmapped, 'query_text'),
            value_at(original, '$.requestParams.commandText'),
            value_at(unmapped, '$.requestParams.commandText'),
            part_of(query_info, 'query_string')
        ) as query_text
    from events
),

parties as (
    select
        *,
        coalesce(
            value_at(actor, '$.user.email_addr'), value_at(actor, '$.user.name'), value_at(actor, '$.user.uid'),
            part_of(affected, 'email_addr'), part_of(affected, 'name')
        ) as who,
        coalesce(part_of(destination, 'hostname'), part_of(destination, 'ip')) as peer_to,
        coalesce(part_of(source, 'ip'), part_of(source, 'hostname')) as peer_from,
        value_at(file, '$.owner.email_addr') as owner
    from named
)

select
    record_no,
    case
        when class_uid not in ('6001', '6003', '6005', '6006', '4008', '4009', '4010') then 'an event of another class'
        when action is null then 'an event that opens and moves no data'
    end as set_aside,
    case when class_uid is null then 'names no class of event' end as unreadable,
    id as transfer_id,
    occurred_at,
    case
        when class_uid = '4009' then part_of(email, 'from')
        when action in ('push', 'share') then coalesce(owner, who)
        else owner
    end as sender,
    case
        when class_uid = '4009' then replace(replace(coalesce(
            nullif(array_to_string(try(json_extract_string(email, '$.to[*]')), '; '), ''), part_of(email, 'to')
        ), '"', ''), ',', ';')
        when action = 'push' then peer_to
        when action = 'share' then coalesce(part_of(affected, 'email_addr'), part_of(affected, 'name'))
        else who
    end as recipient,
    who as actor,
    action,
    coalesce(product, service) as system,
    case status_id when '1' then 'success' when '2' then 'failure' else 'unknown' end as outcome,
    'unknown' as element_basis,
    'query:' || part_of(query_info, 'uid') as link_key,
    coalesce(
        s3_path(
            value_at(original, '$.requestParameters.bucketName'),
            value_at(original, '$.requestParameters.key')
        ),
        part_of(original, 'ObjectId'),
        part_of(unmapped, 'ObjectId'),
        part_of(file, 'path'),
        part_of(file, 'name'),
        web_resource,
        case when class_uid = '6003' then resource end
    ) as file_name,
    whole_number(coalesce(part_of(file, 'size'), part_of(query_info, 'bytes'), part_of(email, 'size'))) as bytes,
    case when action = 'push' then peer_to else peer_from end as peer,
    case when try_cast(count as bigint) > 1 then try_cast(count as bigint) end as event_count,
    case when read_table is not null then [read_table] end as open_tables,
    query_text,
    case
        when original is null and unmapped is null then 'a normalized copy: what the original told beside is lost'
    end as note
from parties
