/*
title = "Macros for the calls of Amazon's services"
description = """
Who called and for which account, what a call to another service than S3 does with data, and why it does nothing with
them. A call that stands in no list is never called harmless.
"""
*/
create or replace macro account_of_arn(arn) as
    nullif(regexp_extract(arn, '^arn:[a-z-]*:[^:]*:[^:]*:([0-9]{12}):', 1), '');

-- Where the account is another than that of the name, it is the account that got the data.
create or replace macro aws_caller(arn, account, identity) as
    case when arn is not null and account_of_arn(arn) = account then arn else coalesce(account, identity) end;

-- What a call to another service than S3 does with data; null where no list says that it moves them.
create or replace macro aws_call_action(service, call) as
    case
        when regexp_full_match(
            service || ' ' || call,
            'athena StartQueryExecution|(redshift-data|rds-data) (Batch)?Execute(Statement|Sql)'
            || '|dynamodb (Batch)?ExecuteStatement|dynamodb ExecuteTransaction|timestream Query'
            || '|cleanrooms StartProtected(Query|Job)'
        )
            then 'query'
        when regexp_full_match(
            service || ' ' || call,
            'athena GetQueryResults(Stream)?|redshift-data GetStatementResult(V2)?|dynamodb (GetItem|BatchGetItem|Query'
            || '|Scan|TransactGetItems|GetRecords)|kinesis GetRecords|glacier GetJobOutput|ebs GetSnapshotBlock'
            || '|lakeformation Get(WorkUnitResults|TableObjects|TemporaryGlueTableCredentials'
            || '|TemporaryGluePartitionCredentials|TemporaryDataLocationCredentials)|dataexchange SendApiAsset'
            || '|quicksight (GenerateEmbedUrl\w*|Get\w*EmbedUrl|StartDashboardSnapshotJob)|cleanrooms GetProtectedQuery'
            || '|codecommit Get(File|Blob)|workdocs GetDocumentVersion|redshift GetClusterCredentials\w*'
        )
            then 'download'
        when regexp_full_match(
            service || ' ' || call,
            'ec2 (Modify(Snapshot|Image)Attribute|CreateStoreImageTask|ExportImage|CreateInstanceExportTask'
            || '|SharedSnapshot\w*)|rds (ModifyDB(Cluster)?SnapshotAttribute|StartExportTask)'
            || '|redshift (AuthorizeDataShare|AssociateDataShareConsumer|AuthorizeSnapshotAccess'
            || '|AuthorizeEndpointAccess|PutResourcePolicy)|ram (CreateResourceShare|AssociateResourceShare'
            || '|AcceptResourceShareInvitation)|lakeformation (Batch)?GrantPermissions|(glue|dynamodb|kinesis'
            || '|s3tables) PutResourcePolicy|backup (PutBackupVaultAccessPolicy|StartCopyJob)'
            || '|dataexchange (CreateDataGrant|StartJob|CreateEventAction)|quicksight Update\w*Permissions'
            || '|dynamodb ExportTableToPointInTime|datasync StartTaskExecution|transfer StartFileTransfer'
            || '|snowball CreateJob|dms StartReplicationTask|s3tables Put\w*Policy|fsx CopyBackup'
        )
            then 'share'
    end;

-- Why a call to another service moves nothing, by lists of services and calls; null where no list knows it.
create or replace macro aws_call_harmless(service, call) as
    case
        when regexp_full_match(service, 'sts|signin|sso|cognito-idp|cognito-identity|sso-oauth|signin-aws')
            then 'a login'
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
            || '|servicecatalog\w*|imagebuilder|ds|wellarchitected|resource-groups|pricing|cost-optimization-hub'
            || '|freetier|cur|oam|rum|synthetics|appconfig|states|ec2-instance-connect|consolidatedbilling|controltower'
            || '|auditmanager|tax|invoicing|payments|purchase-orders|aws-portal|iot|cloudhsm|devops-guru|chatbot'
            || '|mobiletargeting|ses|sns'
        )
            then 'a call to a service that holds no files or tables'
        when
            regexp_full_match(service, 'ec2|rds|redshift|elasticache|elasticfilesystem|kafka|elasticmapreduce|es')
            and not regexp_matches(call, '(?i)snapshot|image|export|copy|share|policy|permission|credential|backup')
            then 'a call that changes machines and settings'
        when regexp_full_match(
            service || ' ' || call,
            'athena (Get(QueryExecution|WorkGroup|NamedQuery|QueryRuntimeStatistics|DataCatalog|Database|TableMetadata)'
            || '|BatchGetQueryExecution|StopQueryExecution|(Create|Update|Delete)(WorkGroup|NamedQuery'
            || '|PreparedStatement))|glue (Get|BatchGet|Start|Create|Update|Delete|Stop)\w*(Table|Tables|Database'
            || '|Databases|Partition|Partitions|Crawler|Crawlers|Job|Jobs|JobRun|JobRuns|Trigger|Connection|Connections'
            || '|Classifier)s?|redshift-data (CancelStatement|DescribeStatement)|(ec2|rds|redshift) (Create'
            || '|Delete)\w*Snapshots?|ec2 (Create|Deregister|Register)Image|backup (Get|Start(Backup)|Create|Update)\w*'
            || '|lakeformation (Get(DataLakeSettings|EffectivePermissionsForPath|LFTag\w*|Resource\w*)'
            || '|RevokePermissions|BatchRevokePermissions|GetDataAccess)|ram (Get|Disassociate|Delete|Update)\w*'
            || '|dynamodb (PutItem|UpdateItem|DeleteItem|BatchWriteItem|CreateTable|UpdateTable\w*|DeleteTable'
            || '|TransactWriteItems)|quicksight (Get|Create|Update|Delete)(User|Group|Namespace|Account)\w*'
        )
            then 'a call that changes machines and settings'
    end;

-- The accounts that a request names, but for one.
create or replace macro other_accounts_in(request, own) as
    list_sort(list_distinct(list_filter(
        coalesce(regexp_extract_all(request, '(?:^|[^0-9])([0-9]{12})(?:[^0-9]|$)', 1), []::varchar[]),
        lambda x: x <> coalesce(own, '')
    )));
