/*
title = "Macros for Amazon S3 and the trail of calls"
description = """
Who called and for which account, what a call or a request does to an object, whom a policy, an access list or a grant
lets in, what other services do with data. `s3_transfers` maps the server access log, in whichever form it came.
"""
*/
create or replace macro account_of_arn(arn) as
    nullif(regexp_extract(arn, '^arn:[a-z-]*:[^:]*:[^:]*:([0-9]{12}):', 1), '');

-- Where the account is another than that of the name, it is the account that got the data.
create or replace macro aws_caller(arn, account, identity) as
    case when arn is not null and account_of_arn(arn) = account then arn else coalesce(account, identity) end;

create or replace macro s3_path(bucket, key) as
    case when bucket is null or bucket = '' then key else 's3://' || bucket || coalesce('/' || key, '') end;

create or replace macro bucket_of(path) as nullif(regexp_extract(trim(path), '^s3[an]?://([^/]+)', 1), '');

create or replace macro s3_call_action(call) as
    case
        when call in ('GetObject', 'SelectObjectContent', 'GetObjectTorrent', 'GetDataAccess') then 'download'
        when call in (
            'PutObject', 'CopyObject', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload', 'PostObject',
            'CreateJob'
        )
            then 'push'
        -- Notifications of a bucket: ObjectCreated:Put.
        when starts_with(call, 'ObjectCreated:') then 'push'
        when call in (
            'PutBucketPolicy', 'PutBucketAcl', 'PutObjectAcl', 'CreateAccessPoint', 'PutAccessPointPolicy',
            'PutBucketReplication', 'CreateMultiRegionAccessPoint', 'PutMultiRegionAccessPointPolicy',
            'PutAccessPointPolicyForObjectLambda', 'CreateAccessGrant', 'DeletePublicAccessBlock',
            'DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'PutBucketPublicAccessBlock',
            'PutAccountPublicAccessBlock', 'PutPublicAccessBlock', 'PutBucketWebsite'
        )
            then 'share'
    end;

-- What stays of a call to S3 that no list of transfers has.
create or replace macro s3_call_harmless(call) as
    case
        when starts_with(call, 'List') or starts_with(call, 'Head') then 'a list or a look at headers'
        when regexp_matches(call, '^(Delete|Abort|ObjectRemoved:|LifecycleExpiration:)') then 'a deletion'
        when regexp_matches(
            call,
            '^Get(Bucket|Object(Acl|Attributes|LegalHold|LockConfiguration|Retention|Tagging|VersionAcl|VersionTagging)'
            || '|AccessPoint|AccessGrant|Account|PublicAccessBlock|Storage|MultiRegion|Job)|^Describe|^GetBucket'
        )
            then 'a call that reads no object'
        when regexp_matches(
            call,
            '^(CreateBucket|PutBucket(Encryption|Lifecycle\w*|Logging|Notification\w*|Versioning|Tagging|CORS|Cors'
            || '|RequestPayment|AccelerateConfiguration|OwnershipControls|Analytics\w*|Metrics\w*|Inventory\w*'
            || '|IntelligentTiering\w*|ObjectLock\w*)|PutObject(Tagging|Retention|LegalHold|LockConfiguration)'
            || '|CreateMultipartUpload|InitiateMultipartUpload|RestoreObject|PutStorageLens\w*|UpdateJob\w*|CreateSession)$'
            || '|^(ObjectRestore|ObjectTagging|ObjectAcl|LifecycleTransition|IntelligentTiering|Replication):'
        )
            then 'a call that reads no object'
    end;

-- A list of JSON objects, be it one, a list, or the text of either.
create or replace macro listed_objects(json) as
    case when starts_with(trim(json), '{') then '[' || json || ']' else json end;

-- The principals of a statement: everybody as *, others by their names; services as their domain.
create or replace macro policy_principals(p) as
    case
        when p is null or p = '' then []::varchar[]
        when not looks_nested(p) then [p]
        else texts_at(p, '$.AWS') || texts_at(p, '$.CanonicalUser') || texts_at(p, '$.Federated') || texts_at(p, '$.Service')
            || case when starts_with(p, '[') then texts_at(p, '$') else []::varchar[] end
    end;

create or replace macro is_aws_service(name) as regexp_full_match(name, '[a-z0-9.-]+\.amazonaws\.com(\.cn)?');

-- Whether an action of a statement reads objects: by its name or a wildcard that has it.
create or replace macro reads_objects(action) as
    regexp_full_match(lower(action), '\*|s3:\*.*|s3:\?.*|s3:g\*|s3:ge\*|s3:get\*|s3:geto.*|s3:get\?.*|s3:select.*|s3:restoreobject');

-- Whom the statements of a policy let read: those that allow it, but for the services of Amazon itself.
create or replace macro policy_readers(policy) as
    list_distinct(flatten(list_transform(
        list_filter(
            coalesce(try(from_json(listed_objects(coalesce(
                value_at(policy, '$.Statement'), value_at(policy, '$.statement')
            )), '[{
                "Effect": "VARCHAR", "Principal": "VARCHAR", "NotPrincipal": "VARCHAR", "Action": "VARCHAR",
                "NotAction": "VARCHAR"
            }]')), []),
            lambda s: lower(coalesce(s.effect, 'allow')) = 'allow' and (
                s.action is null
                or (not looks_nested(s.action) and reads_objects(s.action))
                or len(list_filter(texts_at(s.action, '$'), lambda a: reads_objects(a))) > 0
            )
        ),
        lambda s: case
            when s.principal is null and s.notprincipal is not null then ['*']
            else list_filter(policy_principals(s.principal), lambda x: not is_aws_service(x))
        end
    )));

-- The policy that a call sets, wherever its kind of call puts it.
create or replace macro policy_in(request) as
    coalesce(
        value_at(request, '$.bucketPolicy'), value_at(request, '$.policy'), value_at(request, '$.Policy'),
        value_at(request, '$.PutAccessPointPolicyRequest.Policy'), value_at(request, '$.Details.Policy'),
        value_at(request, '$.PutMultiRegionAccessPointPolicyRequest.Details.Policy')
    );

-- What a header that grants access names: id="...", uri="...", emailAddress="...".
create or replace macro granted_by_header(t) as
    list_transform(
        list_filter(
            string_split_regex(coalesce(nullif(array_to_string(texts_at(t, '$'), ','), ''), t, ''), '\s*,\s*'), lambda x: x <> ''
        ),
        lambda x: trim(regexp_replace(x, '(?i)^\s*(id|uri|emailaddress)\s*=\s*', ''), '" ')
    );

-- Whom an access list lets in: canned lists by their name, others grant by grant; null where the call holds none.
create or replace macro acl_readers(request) as
    case
        when
            coalesce(
                value_at(request, '$.AccessControlPolicy'), value_at(request, '$.accessControlList'),
                value_at(request, '$.x-amz-acl'), value_at(request, '$.x-amz-grant-read'),
                value_at(request, '$.x-amz-grant-full-control')
            ) is null
            then null
        else list_distinct(list_transform(
            list_transform(
                list_filter(
                    coalesce(try(from_json(listed_objects(
                        value_at(request, '$.AccessControlPolicy.AccessControlList.Grant')
                    ), '[{
                        "Permission": "VARCHAR",
                        "Grantee": {"ID": "VARCHAR", "URI": "VARCHAR", "EmailAddress": "VARCHAR"}
                    }]')), []),
                    lambda g: coalesce(g.permission, 'READ') in ('READ', 'FULL_CONTROL')
                        and coalesce(g.grantee.id, '') <> coalesce(value_at(request, '$.AccessControlPolicy.Owner.ID'), '?')
                ),
                lambda g: coalesce(g.grantee.emailaddress, g.grantee.uri, g.grantee.id)
            )
            || flatten(list_transform(
                [
                    value_at(request, '$.x-amz-grant-read'), value_at(request, '$.x-amz-grant-full-control'),
                    value_at(request, '$.accessControlList."x-amz-grant-read"'),
                    value_at(request, '$.accessControlList."x-amz-grant-full-control"')
                ],
                lambda x: granted_by_header(x)
            ))
            || list_filter(
                texts_at(request, '$.x-amz-acl') || texts_at(request, '$.accessControlList."x-amz-acl"'),
                lambda x: starts_with(x, 'public-') or x = 'authenticated-read'
            ),
            lambda x: case
                when regexp_matches(x, '^public-|AllUsers$|AuthenticatedUsers$') or x = 'authenticated-read' then '*'
                else x
            end
        ))
    end;

-- Whom a call that shares lets in: everybody as *, an empty list where it lets nobody in, null where it does not say.
create or replace macro s3_grantees(call, request) as
    case
        when call like '%Acl' then list_filter(acl_readers(request), lambda x: x is not null and not contains(x, 'LogDelivery'))
        when policy_in(request) is not null then policy_readers(policy_in(request))
        when call = 'PutBucketReplication'
            then coalesce(
                nullif(each_inside(request, '$..Destination.Account'), []),
                list_transform(
                    each_inside(request, '$..Destination.Bucket'), lambda b: regexp_replace(b, '^arn:aws[a-z-]*:s3:::', '')
                )
            )
        when call = 'CreateAccessGrant'
            then nullif(list_filter([
                value_at(request, '$.Grantee.GranteeIdentifier'),
                value_at(request, '$.CreateAccessGrantRequest.Grantee.GranteeIdentifier')
            ], lambda x: x is not null), [])
        when call like 'Put%PublicAccessBlock'
            then case when regexp_matches(request, '(?i):\s*"?false') then null else []::varchar[] end
    end;

-- What a request means for an object, by the names of the server access log.
create or replace macro s3_request_action(operation) as
    case
        when operation in (
            'REST.GET.OBJECT', 'SOAP.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET',
            'REST.SELECT.OBJECT', 'REST.POST.SELECT', 'REST.GET.OBJECT_TORRENT', 'REST.POST.SELECT_OBJECT_CONTENT'
        )
            then 'download'
        when operation in (
            'REST.PUT.BUCKETPOLICY', 'REST.PUT.ACL', 'REST.PUT.ACCESSPOINT', 'REST.PUT.ACCESSPOINTPOLICY',
            'REST.DELETE.PUBLIC_ACCESS_BLOCK', 'REST.PUT.REPLICATION'
        )
            then 'share'
    end;

create or replace macro s3_writes(operation) as regexp_matches(operation, '\.(PUT|POST|COPY)\.(OBJECT|PART|UPLOADS?)$');

create or replace macro s3_request_aside(operation, action, status) as
    case
        when action = 'download' and status = '304' then 'not changed since it was last read'
        when action is not null then null
        when s3_writes(operation) then 'an upload to the server'
        when regexp_matches(operation, '\.HEAD\.') or operation in ('REST.GET.BUCKET', 'REST.GET.BUCKETVERSIONS')
            then 'a list or a look at headers'
        when regexp_matches(operation, 'DELETE|EXPIRE|\.ABORT') then 'a deletion'
        when regexp_matches(
            operation,
            '\.(GET|PUT|POST|OPTIONS)\.(ACL|LOCATION|VERSIONING|LOGGING_STATUS|NOTIFICATION|LIFECYCLE|BUCKETPOLICY'
            || '|BUCKETPOLICYSTATUS|POLICY_STATUS|TAGGING|OBJECT_TAGGING|CORS|WEBSITE|ENCRYPTION|INVENTORY|METRICS|ANALYTICS'
            || '|ACCELERATE|REQUESTPAYMENT|REQUEST_PAYMENT|REPLICATION|PUBLIC_ACCESS_BLOCK|OWNERSHIP_CONTROLS|OBJECT_LOCK\w*'
            || '|OBJECTLOCK\w*|UPLOAD|UPLOADS|SERVICE|LEGAL_HOLD|RETENTION|INTELLIGENT_TIERING|PREFLIGHT|BUCKETVERSIONS|BUCKET'
            || '|RESTORE|OBJECT_ATTRIBUTES|ACCESSPOINT\w*)$|^S3\.(TRANSITION|CREATE|RESTORE)\w*'
        )
            then 'a request that reads no object'
        else unknown_operation(operation)
    end;

create or replace macro http_status_of(status, sent, size) as
    case
        when status = '200' and sent < size then 'partial'
        when regexp_full_match(status, '2\d\d') then 'success'
        when regexp_full_match(status, '[45]\d\d') then 'failure'
        else 'unknown'
    end;

-- What was sent of an object; of an answer that tells an error it is the text of the error.
create or replace macro http_outcome(status, sent, size) as
    case
        when http_status_of(status, sent, size) = 'failure' then 'failure'
        else file_outcome(http_status_of(status, sent, size), sent)
    end;

-- Which download a part belongs to: the parts of one object that one requester fetched with no longer pause between
-- them are one. The name of the first is theirs where all were seen, else that of the hour, so that the parts in other
-- files find each other.
create or replace macro s3_part_key(path, who, began, first_request, whole) as
    case
        when whole then 'parts:' || first_request
        else 'parts:' || path || ' ' || coalesce(who, '') || ' ' || strftime(began, '%Y-%m-%dT%H')
    end;

-- The transfers of a server access log. `requests` is the name of a table or `with` that holds its fields as texts,
-- `otherwise` what a row without an operation is called.
create or replace macro s3_transfers(requests, otherwise) as table
with told as materialized (
    select
        record_no,
        logged(operation) as operation,
        logged(request_id) as request_id,
        coalesce(
            strftime(try_strptime(requested_at, '%d/%b/%Y:%H:%M:%S %z') at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
            in_utc(requested_at)
        ) as occurred_at,
        logged(owner) as owner,
        logged(bucket) as bucket,
        logged(peer) as peer,
        logged(requester) as requester,
        -- Keys stand in the log as they stand in an address.
        coalesce(try(url_decode(logged(key))), logged(key)) as key,
        logged(status) as status,
        try_cast(sent as bigint) as sent,
        try_cast(size as bigint) as size,
        s3_request_action(operation) as action,
        s3_request_action(operation) = 'download' and status = '206' as is_part
    from query_table(requests)
),

-- Of the parts in which an object was fetched, the pauses; what is no part needs none of this.
pauses as (
    select
        record_no,
        bucket,
        key,
        coalesce(requester, peer) as who,
        request_id,
        sent,
        try_cast(occurred_at as timestamp) as moment,
        moment - lag(moment) over (partition by bucket, key, who order by moment, request_id) as pause
    from told
    where is_part
),

sittings as (
    select
        *,
        sum(case when pause <= interval 15 minutes then 0 else 1 end) over (
            partition by bucket, key, who
            order by moment, request_id
            rows between unbounded preceding and current row
        ) as sitting
    from pauses
),

parts as (
    select
        record_no,
        who,
        row_number() over (partition by bucket, key, who, sitting order by moment, request_id) = 1 as is_first,
        sum(sent) over (partition by bucket, key, who, sitting) as all_sent,
        min(moment) over (partition by bucket, key, who, sitting) as began,
        max(moment) over (partition by bucket, key, who, sitting) as ended,
        first_value(request_id) over (partition by bucket, key, who, sitting order by moment, request_id)
            as first_request
    from sittings
),

named as (
    select
        t.*,
        p.who,
        p.is_first,
        p.all_sent,
        p.began,
        p.ended,
        p.first_request,
        eft_words(t.key) as eft_words
    from told t
    left join parts p on t.record_no = p.record_no
),

meant as (
    select
        * exclude (eft_words),
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    s3_request_aside(operation, action, status) as set_aside,
    case when operation is null then otherwise end as unreadable,
    request_id as transfer_id,
    occurred_at,
    case when is_first and ended > began then strftime(ended, '%Y-%m-%dT%H:%M:%SZ') end as occurred_until,
    case when s3_writes(operation) then requester end as sender,
    named_places([owner, bucket]) as places,
    -- Whoever gives no name is told by an address alone.
    case when action = 'download' then coalesce(case when not is_nobody(requester) then requester end, peer) end
        as recipient,
    s3_writes(operation) as arrives,
    requester as actor,
    coalesce(action, case when s3_writes(operation) then 'push' end) as action,
    'Amazon S3' as system,
    http_outcome(status, sent, size) as outcome,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    case
        when is_part
            then s3_part_key(s3_path(bucket, key), who, began, first_request, all_sent >= size)
        else 'request:' || request_id
    end as link_key,
    s3_path(bucket, key) as file_name,
    -- The first of the parts stands for all of them.
    case when is_first then all_sent else sent end::bigint as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when action = 'share' then 'the log does not say who was let in'
            when is_part then 'a part of the object'
            when requester is null then 'read without a name'
        end,
        eft_note(eft)
    ), '') as note
from meant;

-- What a call to another service than S3 does with data; null where no list says that it moves them.
create or replace macro aws_call_action(service, call) as
    case
        when regexp_full_match(
            service || ' ' || call,
            'athena StartQueryExecution|(redshift-data|rds-data) (Batch)?Execute(Statement|Sql)'
            || '|dynamodb (Batch)?ExecuteStatement|dynamodb ExecuteTransaction|timestream Query|cleanrooms StartProtected(Query|Job)'
        )
            then 'query'
        when regexp_full_match(
            service || ' ' || call,
            'athena GetQueryResults(Stream)?|redshift-data GetStatementResult(V2)?|dynamodb (GetItem|BatchGetItem|Query|Scan'
            || '|TransactGetItems|GetRecords)|kinesis GetRecords|glacier GetJobOutput|ebs GetSnapshotBlock'
            || '|lakeformation Get(WorkUnitResults|TableObjects|TemporaryGlueTableCredentials|TemporaryGluePartitionCredentials'
            || '|TemporaryDataLocationCredentials)|dataexchange SendApiAsset|quicksight (GenerateEmbedUrl\w*|Get\w*EmbedUrl'
            || '|StartDashboardSnapshotJob)|cleanrooms GetProtectedQuery|codecommit Get(File|Blob)|workdocs GetDocumentVersion'
            || '|redshift GetClusterCredentials\w*'
        )
            then 'download'
        when regexp_full_match(
            service || ' ' || call,
            'ec2 (Modify(Snapshot|Image)Attribute|CreateStoreImageTask|ExportImage|CreateInstanceExportTask|SharedSnapshot\w*)'
            || '|rds (ModifyDB(Cluster)?SnapshotAttribute|StartExportTask)|redshift (AuthorizeDataShare|AssociateDataShareConsumer'
            || '|AuthorizeSnapshotAccess|AuthorizeEndpointAccess|PutResourcePolicy)|ram (CreateResourceShare|AssociateResourceShare'
            || '|AcceptResourceShareInvitation)|lakeformation (Batch)?GrantPermissions|(glue|dynamodb|kinesis|s3tables) PutResourcePolicy'
            || '|backup (PutBackupVaultAccessPolicy|StartCopyJob)|dataexchange (CreateDataGrant|StartJob|CreateEventAction)'
            || '|quicksight Update\w*Permissions|dynamodb ExportTableToPointInTime|datasync StartTaskExecution'
            || '|transfer StartFileTransfer|snowball CreateJob|dms StartReplicationTask|s3tables Put\w*Policy|fsx CopyBackup'
        )
            then 'share'
    end;

-- Why a call to another service moves nothing, by lists of services and calls; null where no list knows it.
create or replace macro aws_call_harmless(service, call) as
    case
        when regexp_full_match(service, 'sts|signin|sso|cognito-idp|cognito-identity|sso-oauth|signin-aws') then 'a login'
        when regexp_full_match(call, '(Describe|List|Head|Lookup|Search|Validate|Preview|Check|BatchDescribe).*')
            then 'a list or a look at settings'
        when regexp_full_match(
            service,
            'iam|monitoring|cloudwatch|cloudtrail|config|kms|elasticloadbalancing|autoscaling|application-autoscaling'
            || '|route53\w*|acm(-pca)?|support|health|ssm|ssmmessages|ec2messages|guardduty|securityhub|inspector2?'
            || '|access-analyzer|tagging|organizations|ce|budgets|servicequotas|events|scheduler|ecr|ecs|eks|lambda'
            || '|cloudformation|cloudfront|apigateway|waf(v2|-regional)?|logs|xray|trustedadvisor|account|billing\w*'
            || '|identitystore|user-subscriptions|notifications\w*|resource-explorer-2|network-firewall|directconnect'
            || '|detective|macie2|compute-optimizer|license-manager\w*|secretsmanager|codebuild|codepipeline|codedeploy'
            || '|servicecatalog\w*|imagebuilder|ds|wellarchitected|resource-groups|pricing|cost-optimization-hub|freetier|cur'
            || '|oam|rum|synthetics|appconfig|states|ec2-instance-connect|consolidatedbilling|controltower|auditmanager'
            || '|tax|invoicing|payments|purchase-orders|aws-portal|iot|cloudhsm|devops-guru|chatbot|mobiletargeting|ses|sns'
        )
            then 'a call to a service that holds no files or tables'
        when service in ('ec2', 'rds', 'redshift', 'elasticache', 'elasticfilesystem', 'kafka', 'elasticmapreduce', 'es')
            and not regexp_matches(call, '(?i)snapshot|image|export|copy|share|policy|permission|credential|backup')
            then 'a call that changes machines and settings'
        when regexp_full_match(
            service || ' ' || call,
            'athena (Get(QueryExecution|WorkGroup|NamedQuery|QueryRuntimeStatistics|DataCatalog|Database|TableMetadata)'
            || '|BatchGetQueryExecution|StopQueryExecution|(Create|Update|Delete)(WorkGroup|NamedQuery|PreparedStatement))'
            || '|glue (Get|BatchGet|Start|Create|Update|Delete|Stop)\w*(Table|Tables|Database|Databases|Partition|Partitions'
            || '|Crawler|Crawlers|Job|Jobs|JobRun|JobRuns|Trigger|Connection|Connections|Classifier)s?'
            || '|redshift-data (CancelStatement|DescribeStatement)|(ec2|rds|redshift) (Create|Delete)\w*Snapshots?'
            || '|ec2 (Create|Deregister|Register)Image|backup (Get|Start(Backup)|Create|Update)\w*'
            || '|lakeformation (Get(DataLakeSettings|EffectivePermissionsForPath|LFTag\w*|Resource\w*)|RevokePermissions'
            || '|BatchRevokePermissions|GetDataAccess)|ram (Get|Disassociate|Delete|Update)\w*'
            || '|dynamodb (PutItem|UpdateItem|DeleteItem|BatchWriteItem|CreateTable|UpdateTable\w*|DeleteTable|TransactWriteItems)'
            || '|quicksight (Get|Create|Update|Delete)(User|Group|Namespace|Account)\w*'
        )
            then 'a call that changes machines and settings'
    end;

-- The accounts that a request names, but for one.
create or replace macro other_accounts_in(request, own) as
    list_sort(list_distinct(list_filter(
        coalesce(regexp_extract_all(request, '(?:^|[^0-9])([0-9]{12})(?:[^0-9]|$)', 1), []::varchar[]),
        lambda x: x <> coalesce(own, '')
    )));
