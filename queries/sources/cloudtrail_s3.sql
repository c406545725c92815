/*
title = "AWS CloudTrail"
description = """
One call a record. Reading an object is a download by whoever called; writing one into the bucket of another account is
a push to that account; opening a bucket, a snapshot or a share to others is a share with them; a query of Athena or
Redshift goes to whoever asked. Lists, looks at headers and settings move no object. Notifications that a bucket
sends of new objects are read beside. Records as JSON, or rows as Athena
and CloudTrail Lake export them, what is nested as text.
"""
reader = "records"
by_record = true
fields = ["eventID", "eventTime", "eventSource", "eventName", "userIdentity", "requestParameters", "responseElements",
    "additionalEventData", "resources", "errorCode", "errorMessage", "sourceIPAddress", "recipientAccountId",
    "sharedEventID", "requestID", "@timestamp", "s3", "TimeGenerated", "AwsEventId", "AwsRequestId",
    "UserIdentityArn", "UserIdentityAccountId", "UserIdentityPrincipalid", "UserIdentityUserName",
    "UserIdentityInvokedBy"]
needs = ["eventSource", "eventName", "userIdentity|UserIdentityArn|UserIdentityAccountId|UserIdentityPrincipalid"]
inside = ["Records", "Events"]
wrapped = ["CloudTrailEvent", "message", "@message", "_raw", "event", "detail"]
parses = {field = "requestParameters", path = "$.queryString|$.sql", dialect = "redshift"}
*/
with calls as materialized (
    select
        record_no,
        logged(coalesce(eventid, awseventid)) as transfer_id,
        coalesce(eventtime, timegenerated, timestamp) as occurred_at,
        logged(eventsource) as event_source,
        regexp_replace(logged(eventsource), '\.amazonaws\.com$', '') as service,
        logged(eventname) as call,
        logged(recipientaccountid) as log_account,
        logged(sourceipaddress) as peer,
        logged(coalesce(errorcode, errormessage)) as error,
        coalesce(row_part_of(useridentity, 'arn'), logged(useridentityarn)) as arn,
        coalesce(row_part_of(useridentity, 'accountId'), logged(useridentityaccountid)) as caller,
        -- Sentinel spreads who called over columns.
        coalesce(
            row_part_of(useridentity, 'arn'), row_part_of(useridentity, 'principalId'),
            row_part_of(useridentity, 'userName'), row_part_of(useridentity, 'invokedBy'),
            logged(useridentityarn), logged(useridentityprincipalid), logged(useridentityusername),
            logged(useridentityinvokedby)
        ) as identity,
        coalesce(first_part_of(resources, 'accountId'), row_part_of(resources, 'accountId')) as owner,
        requestparameters as request,
        responseelements as response,
        coalesce(row_part_of(requestparameters, 'bucketName'), value_at(s3, '$.bucket.name')) as bucket,
        coalesce(
            row_part_of(requestparameters, 'key'), part_of(requestparameters, 'Key'),
            try(url_decode(value_at(s3, '$.object.key')))
        ) as key,
        coalesce(
            part_of(requestparameters, 'Range'), row_part_of(requestparameters, 'range'),
            row_part_of(requestparameters, 'partNumber')
        ) as piece,
        coalesce(row_part_of(additionaleventdata, 'bytesTransferredIn'), value_at(s3, '$.object.size')) as received,
        row_part_of(additionaleventdata, 'bytesTransferredOut') as sent,
        logged(coalesce(requestid, awsrequestid)) as request_id,
        coalesce(
            'request:' || logged(coalesce(requestid, awsrequestid)), 'shared:' || logged(sharedeventid)
        ) as request_key
    from incoming
),

-- Few calls make up a trail: what each means is looked up once.
meanings as (
    select
        service,
        call,
        service in ('s3', 'aws:s3', 's3-outposts', 's3express', 's3control', 's3-object-lambda') as is_s3,
        case when is_s3 then s3_call_action(call) else aws_call_action(service, call) end as listed,
        case when is_s3 then s3_call_harmless(call) else aws_call_harmless(service, call) end as harmless
    from (
        select distinct
            c.service,
            c.call
        from calls c
    ) called
),

listed as (
    select
        c.*,
        coalesce(m.is_s3, false) as is_s3,
        m.listed,
        m.harmless,
        is_nobody(c.caller) as anonymous,
        case when not is_nobody(c.caller) then coalesce(c.caller, account_of_arn(c.arn)) end as caller_account,
        -- The log is that of the owner, or of the caller.
        coalesce(c.owner, c.log_account) as owner_account,
        case
            when m.listed = 'push' then ltrim(coalesce(row_part_of(c.request, 'x-amz-copy-source'), ''), '/')
            else ''
        end as copied_from,
        case
            when m.listed in ('query', 'download') and not m.is_s3
                then coalesce(part_of(c.request, 'queryString'), part_of(c.request, 'sql'), part_of(c.request, 'sqls'))
        end as query_text
    from calls c
    left join meanings m on c.service = m.service and c.call = m.call
),

-- Whom a call lets in: of S3 by its policies and lists, elsewhere the accounts that it names beside the log's own.
shares as (
    select
        *,
        case
            when is_s3 and listed = 'share' then s3_grantees(call, request)
            -- An object may be opened to others as it is written.
            when is_s3 and listed = 'push' and (contains(request, 'x-amz-acl') or contains(request, 'x-amz-grant'))
                then acl_readers(request)
            when not is_s3 and listed = 'share' and regexp_matches(
                request,
                '"group":\s*"all"|"(valuesToAdd|principals?)":[^\]]*"(all|\*)"')
                then ['*']
            when not is_s3 and (listed = 'share' or (listed is null and harmless is null))
                then nullif(other_accounts_in(request, coalesce(log_account, caller_account)), [])
        end as grantees
    from listed
),

parties as (
    select
        *,
        case
            when listed = 'push' and len(grantees) > 0 and caller_account = owner_account then 'share'
            when listed is null and harmless is null and not is_s3 and grantees is not null then 'share'
            else listed
        end as action,
        coalesce(list_contains(grantees, '*'), false) as to_all,
        list_filter(
            grantees,
            lambda x: x <> '*'
                and coalesce(account_of_arn(x), x) <> coalesce(owner_account, caller_account, '')
        ) as outsiders
    from shares
),

fetched as ( -- noqa: ST03
    select
        record_no,
        bucket,
        key,
        coalesce(identity, caller, peer) as who,
        request_id,
        try_cast(sent as double) as sent,
        try_cast(regexp_extract(piece, '=([0-9]+)-', 1) as bigint) as first_byte,
        try_cast(regexp_extract(piece, '-([0-9]+)$', 1) as bigint) as last_byte,
        try_cast(occurred_at as timestamptz) at time zone 'UTC' as moment
    from calls
    where call = 'GetObject' and piece is not null and error is null
),

named as ( -- noqa: ST03
    select
        p.*,
        s.* exclude (record_no) replace (s.is_whole and s.first_request is not null as is_whole),
        t.* exclude (dialect, text, outputs, tables, picks_persons, let_in),
        case when t.text is not null and t.problem is null then put_out(t.outputs, t.open_tables) end as told_elements
    from parties p
    left join s3_parts('fetched') s on p.record_no = s.record_no
    left join memory.parsed_texts t on p.query_text = t.text and t.dialect = 'redshift'
),

meant as (
    select
        *,
        case
            when action is null then coalesce(harmless, unknown_operation(case when is_s3
                then call else service || ' ' || call end))
            when action = 'query' and problem is null then stays_inside(kind, direction)
            when action = 'share' and grantees is not null and len(grantees) = 0 then 'a rule that lets nobody read'
            when action = 'share' and not is_s3 and regexp_matches(request, '"(remove|valuesToRemove)":')
                and not regexp_matches(request, '"(add|valuesToAdd)":')
                then 'access that was taken away'
            -- Without the owner of the bucket nobody can say that it was another's.
            when action = 'push' and copied_from <> '' and split_part(copied_from, '/', 1) = bucket
                and caller_account = owner_account
                then 'a copy within its bucket'
            when service = 'aws:s3' and action = 'push' then 'an upload to the server'
            when action = 'push' and call <> 'CreateJob' and caller_account = owner_account
                then case
                    when copied_from = '' then 'an upload to the server'
                    else 'a copy by the account that owns the bucket'
                end
        end as aside
    from with_eft('named', key)
)

select
    record_no,
    aside as set_aside,
    case when call is null or service is null then 'names no call of a service' end as unreadable,
    transfer_id,
    occurred_at,
    case when is_first and ended > began then strftime(ended, '%Y-%m-%dT%H:%M:%SZ') end as occurred_until,
    case
        when service = 'aws:s3' then identity
        when action = 'push' then caller_account
        when action = 'share' and not list_contains(coalesce(grantees, []), caller_account) then caller_account
    end as sender,
    named_places([
        case when action <> 'push' then owner_account end, log_account, case when action <> 'push' then bucket end,
        split_part(copied_from, '/', 1),
        case
            when not is_s3
                then coalesce(value_at(request, '$.database'), value_at(request, '$.queryExecutionContext.database'))
        end
    ]) as places,
    case action
        when 'push' then case when call <> 'CreateJob' then owner_account end
        when 'share'
            then coalesce(named_parties(outsiders), case when not to_all then named_parties(grantees) end)
        when 'download' then case when anonymous then peer else aws_caller(arn, caller, identity) end
        else case when not coalesce(anonymous, false) then aws_caller(arn, caller, identity) end
    end as recipient,
    coalesce(aside in ('an upload to the server', 'a copy by the account that owns the bucket'), false) as arrives,
    coalesce(identity, caller) as actor,
    action,
    case when event_source in ('s3.amazonaws.com', 'aws:s3') then 'Amazon S3' else event_source end as system,
    -- What is copied within S3 passes without a byte through the call that copies it.
    case
        when error is null then file_outcome('success', case when action = 'download' then sent end)
        else 'failure'
    end as outcome,
    nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as programs,
    coalesce(states, eft.states) as states,
    coalesce(nullif(told_elements, []), eft.elements) as elements,
    case
        when len(told_elements) > 0 and aggregate then 'aggregate'
        when len(told_elements) > 0 then 'disclosed'
        else coalesce(eft.element_basis, 'unknown')
    end as element_basis,
    nullif(populations, []) as populations,
    coalesce(nullif(deduced, []), eft_deduced(eft)) as deduced,
    coalesce(
        case when is_s3 and action = 'push' then 'upload:' || row_part_of(request, 'uploadId') end,
        case when is_first is not null then s3_part_key(s3_path(bucket, key), who, began, first_request, is_whole) end,
        'query:' || lower(case service
            when 'athena'
                then coalesce(
                    value_at(response, '$.queryExecutionId'), value_at(request, '$.queryExecutionId')
                )
            when 'redshift-data' then coalesce(value_at(response, '$.id'), value_at(request, '$.id'))
        end),
        request_key
    ) as link_key,
    coalesce(
        s3_path(bucket, key),
        case call
            when 'GetDataAccess' then value_at(request, '$.Target')
            when 'StartQueryExecution' then value_at(request, '$.resultConfiguration.outputLocation')
        end,
        file
    ) as file_name,
    case
        when is_first then try_cast(all_sent as bigint)
        else whole_number(case when action = 'push' then received else sent end)
    end as bytes,
    peer,
    population_filter,
    used as used_elements,
    open_tables,
    excluded,
    query_text,
    nullif(concat_ws(
        '; ',
        case
            when action = 'share' and to_all then 'opened to everybody'
            when action = 'share' and grantees is null then 'the log does not say who was let in'
            when call = 'GetDataAccess' then 'credentials that let their holder read'
            when call = 'CreateJob' then 'a job that copies many objects: the log does not say which'
            when piece is not null then 'a part of the object'
            when anonymous then 'read without a name'
        end,
        problem,
        eft_note(eft)
    ), '') as note
from meant
