/*
title = "OCSF events"
description = """
Normalized events of a security lake: web resources (6001), API calls (6003), data stores (6005), file hosting (6006),
FTP (4008), mail (4009) and files on the network (4010). What the original told comes first, where the event carries it.
The text of a query is taken apart. Events of other classes are set aside.
"""
reader = "json"
by_record = true
fields = ["class_uid", "activity_id", "time", "metadata", "actor", "user", "src_endpoint", "dst_endpoint", "file",
    "database", "databucket", "table", "query_info", "status_id", "unmapped", "raw_data", "email", "api", "resources",
    "web_resources", "access_mask", "share", "count", "command", "status", "type_uid", "accountid", "cloud",
    "message_trace_uid"]
needs = ["class_uid", "metadata", "time"]
values = {class_uid = '^[1-9][0-9]{3}$'}
inside = ["events", "Records"]
wrapped = ["message", "_raw", "event"]
parses.field = "query_info|raw_data|unmapped"
parses.path = "$.query_string|$.QUERY_TEXT|$.query_text|$.requestParams.commandText"
parses.dialect = "snowflake"
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
        value_at(i.api, '$.service.name') as service_name,
        regexp_replace(value_at(i.api, '$.service.name'), '\.amazonaws\.com$', '') as service,
        -- What the call asked for, as an object or as its text.
        value_at(i.api, '$.request.data') as request,
        value_at(i.api, '$.request.uid') as request_id,
        list_filter([
            first_part_of(i.resources, 'name'), first_part_of(i.resources, 'uid')
        ], lambda x: x is not null)[1] as resource,
        each_inside(i.resources, '$[*].owner.account.uid') || [i.accountid] as owners,
        coalesce(first_part_of(i.web_resources, 'url_string'), first_part_of(i.web_resources, 'name')) as web_resource,
        [part_of(i.database, 'name'), part_of(i.databucket, 'name'), value_at(i.cloud, '$.account.uid')] as stores,
        part_of(i.table, 'name') as read_table,
        i.status_id,
        lower(i.status) as status
    from incoming i
),

-- In a step of its own: where it is used beside, the expression would stand once more.
acted as (
    select
        *,
        ocsf_action(class_uid, activity_id, operation, service) as action,
        ocsf_uploads(class_uid, activity_id) as arrives
    from events
),

named as (
    select
        *,
        coalesce(
            part_of(query_info, 'query_string'),
            part_of(original, 'QUERY_TEXT'), part_of(unmapped, 'QUERY_TEXT'),
            part_of(original, 'query_text'), part_of(unmapped, 'query_text'),
            value_at(original, '$.requestParams.commandText'),
            value_at(unmapped, '$.requestParams.commandText'),
            case when action = 'query' then coalesce(part_of(request, 'queryString'), part_of(request, 'sql')) end
        ) as query_text,
        case when class_uid = '6003' and action = 'share' then s3_grantees(operation, request) end as grantees,
        coalesce(part_of(original, 'bucketName'), part_of(request, 'bucketName'),
            value_at(original, '$.requestParameters.bucketName')) as bucket,
        coalesce(part_of(request, 'key'), value_at(original, '$.requestParameters.key')) as key
    from acted
),

parties as (
    select
        *,
        coalesce(
            value_at(actor, '$.user.email_addr'), value_at(actor, '$.user.name'), value_at(actor, '$.user.uid'),
            value_at(actor, '$.user.account.uid'), part_of(affected, 'email_addr'), part_of(affected, 'name')
        ) as who,
        value_at(actor, '$.user.account.uid') as account,
        coalesce(part_of(destination, 'hostname'), part_of(destination, 'ip')) as peer_to,
        coalesce(part_of(source, 'ip'), part_of(source, 'hostname')) as peer_from,
        value_at(file, '$.owner.email_addr') as owner,
        named_parties(flatten(list_transform(
            texts_at(email, '$.to') || texts_at(email, '$.cc') || texts_at(email, '$.bcc')
            || texts_at(email, '$.smtp_to')
            || texts_at(email, '$.delivered_to') || texts_at(email, '$.delivered_to_list'),
            lambda x: string_split_regex(x, '\s*[;,]\s*')
        ))) as receivers
    from named
),

parsed as (
    select
        q.*,
        t.* exclude (dialect, text, outputs, tables, picks_persons, let_in, file),
        t.file as put_file,
        case when t.text is not null and t.problem is null then put_out(t.outputs, t.open_tables) end as told_elements,
        case
            when q.action is not null then
                case
                    when q.class_uid = '6005' and t.text is not null and t.problem is null
                        then stays_inside(t.kind, t.direction)
                    when len(q.grantees) = 0 then 'a rule that lets nobody read'
                    when q.class_uid = '6006' and q.activity_id = '6' and q.owner is not null
                        and not are_foreign(q.who, q.owner)
                        then 'a copy within the account that owns the file'
                end
            else coalesce(
                ocsf_harmless(q.class_uid, q.activity_id, q.operation, q.service),
                unknown_operation(coalesce(q.operation, 'class ' || q.class_uid || ', activity ' || q.activity_id))
            )
        end as aside,
        -- Where a call writes, into the bucket of another account.
        q.class_uid = '6003' and q.action = 'push' as writes
    from parties q
    left join memory.parsed_texts t on q.query_text = t.text and t.dialect = 'snowflake'
)

select
    record_no,
    case
        when aside is null and writes and account = owners[1] then 'an upload to the server'
        else aside
    end as set_aside,
    case when class_uid is null then 'names no class of event' end as unreadable,
    id as transfer_id,
    occurred_at,
    case
        when class_uid = '4009' then coalesce(part_of(email, 'from'), part_of(email, 'smtp_from'))
        when writes then account
        when action in ('push', 'share') or arrives then coalesce(nullif(who, ''), owner)
    end as sender,
    named_places([owner, bucket] || stores || case when not writes then owners else [] end) as places,
    case
        when class_uid = '4009' then receivers
        when writes then owners[1]
        when class_uid = '6003' and action = 'share'
            then named_parties(list_filter(grantees, lambda x: x <> '*'))
        when action = 'push' then peer_to
        when arrives then owner
        when action = 'share' then coalesce(part_of(affected, 'email_addr'), part_of(affected, 'name'))
        when class_uid = '6003' then aws_caller(who, account, who)
        when not is_nobody(who) then named_parties([who, value_at(actor, '$.user.name'), account])
    end as recipient,
    arrives or (writes and account = owners[1]) as arrives,
    who as actor,
    coalesce(action, case when arrives then 'push' end) as action,
    coalesce(product, service_name) as system,
    case
        when status_id = '2' or status in ('failure', 'failed', 'blocked', 'bounced', 'denied') then 'failure'
        when status_id = '1' or status in ('success', 'delivered', 'completed') then 'success'
        else 'unknown'
    end as outcome,
    nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as programs,
    states,
    nullif(told_elements, []) as elements,
    case
        when len(told_elements) > 0 and aggregate then 'aggregate'
        when len(told_elements) > 0 then 'disclosed'
        else 'unknown'
    end as element_basis,
    nullif(populations, []) as populations,
    nullif(deduced, []) as deduced,
    coalesce(
        'query:' || part_of(query_info, 'uid'), 'request:' || request_id,
        'mail:' || part_of(email, 'message_uid')
    ) as link_key,
    coalesce(
        case when bucket is not null then s3_path(bucket, key) end,
        part_of(original, 'ObjectId'),
        part_of(unmapped, 'ObjectId'),
        part_of(file, 'path'),
        part_of(file, 'name'),
        web_resource,
        put_file,
        value_at(email, '$.files[0].name'),
        case when class_uid = '6003' then regexp_replace(resource, '^arn:aws[a-z-]*:s3:::', 's3://') end
    ) as file_name,
    whole_number(coalesce(
        part_of(file, 'size'), part_of(query_info, 'bytes'), part_of(email, 'size'),
        part_of(unmapped, 'additionalEventData.bytesTransferredOut'),
        value_at(unmapped, '$.additionalEventData.bytesTransferredOut'),
        value_at(original, '$.additionalEventData.bytesTransferredOut')
    )) as bytes,
    case when action = 'push' then peer_to else peer_from end as peer,
    case when try_cast(count as bigint) > 1 then try_cast(count as bigint) end as event_count,
    coalesce(open_tables, case when read_table is not null then [read_table] end) as open_tables,
    population_filter,
    used as used_elements,
    excluded,
    query_text,
    nullif(concat_ws(
        '; ',
        case
            when original is null and unmapped is null
                then 'a normalized copy: what the original told beside is lost'
        end,
        problem,
        case
            when class_uid = '4009' and activity_id = '3'
                then 'the mail was scanned: whether it was delivered is not told'
            when list_contains(grantees, '*') then 'opened to everybody'
        end
    ), '') as note
from parsed
