/*
title = "Macros for policies and access lists"
description = """
Whom a policy of a bucket, an access list or a grant lets read. Everybody is *; a statement that denies, one for a
service of Amazon's and one that only writes let in nobody.
"""
*/
-- A list of JSON objects, be it one, a list, or the text of either.
create or replace macro listed_objects(json) as
    case when starts_with(trim(json), '{') then '[' || json || ']' else json end;

-- The principals of a statement: everybody as *, others by their names; services as their domain.
create or replace macro policy_principals(p) as
    case
        when p is null or p = '' then []::varchar[]
        when not looks_nested(p) then [p]
        else
            texts_at(p, '$.AWS') || texts_at(p, '$.CanonicalUser')
            || texts_at(p, '$.Federated') || texts_at(p, '$.Service')
            || case when starts_with(p, '[') then texts_at(p, '$') else []::varchar[] end
    end;

create or replace macro is_aws_service(name) as regexp_full_match(name, '[a-z0-9.-]+\.amazonaws\.com(\.cn)?');

-- Whether an action of a statement reads objects: by its name or a wildcard that has it.
create or replace macro reads_objects(action) as
    regexp_full_match(
        lower(action),
        '\*|s3:\*.*|s3:\?.*|s3:g\*|s3:ge\*|s3:get\*|s3:geto.*|s3:get\?.*|s3:select.*|s3:restoreobject');

-- The statements of a policy; null where they cannot be read.
create or replace macro policy_statements(policy) as
    try(from_json(
        listed_objects(coalesce(value_at(policy, '$.Statement'), value_at(policy, '$.statement'))),
        '[{
            "Effect": "VARCHAR", "Principal": "VARCHAR", "NotPrincipal": "VARCHAR", "Action": "VARCHAR",
            "NotAction": "VARCHAR"
        }]'
    ));

-- Whom the statements of a policy let read: those that allow it, but for the services of Amazon itself. Null for null.
create or replace macro policy_readers(statements) as
    list_distinct(flatten(list_transform(
        list_filter(
            statements,
            lambda s: lower(coalesce(s.effect, 'allow')) = 'allow' and (
                s.action is null
                or (not looks_nested(s.action) and reads_objects(s.action))
                or len(list_filter(texts_at(s.action, '$'), lambda a: reads_objects(a))) > 0
            )
        ),
        lambda s: case
            when s.principal is null then ['*']
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
            string_split_regex(coalesce(
                list_filter([list_aggregate(texts_at(t, '$'), 'string_agg', ',')], lambda x: x <> '')[1], t, ''
            ), '\s*,\s*'),
            lambda x: x <> ''
        ),
        lambda x: trim(regexp_replace(x, '(?i)^\s*(id|uri|emailaddress)\s*=\s*', ''), '" ')
    );

-- The canned lists that a call names, by their names.
create or replace macro canned_acls(request) as
    list_filter(
        texts_at(request, '$.x-amz-acl') || texts_at(request, '$.accessControlList."x-amz-acl"'), lambda x: x <> ''
    );

-- The grants of a list; null where there is none, or it cannot be read.
create or replace macro acl_grants(request) as
    try(from_json(
        listed_objects(value_at(request, '$.AccessControlPolicy.AccessControlList.Grant')),
        '[{"Permission": "VARCHAR", "Grantee": {"ID": "VARCHAR", "URI": "VARCHAR", "EmailAddress": "VARCHAR"}}]'
    ));

-- Whom headers name that let read.
create or replace macro acl_headers(request) as
    flatten(list_transform(
        [
            value_at(request, '$.x-amz-grant-read'), value_at(request, '$.x-amz-grant-full-control'),
            value_at(request, '$.accessControlList."x-amz-grant-read"'),
            value_at(request, '$.accessControlList."x-amz-grant-full-control"')
        ],
        lambda x: granted_by_header(x)
    ));

-- Whom an access list lets in, grant by grant but for its owner; null where the call holds none that can be read.
create or replace macro acl_readers(request) as
    list_transform([{
        canned: canned_acls(request), grants: acl_grants(request), headers: acl_headers(request),
        owner: coalesce(value_at(request, '$.AccessControlPolicy.Owner.ID'), '?')
    }], lambda acl: case
        when len(list_filter(acl.canned, lambda x: starts_with(x, 'public-') or x = 'authenticated-read')) > 0
            then ['*']
        when
            acl.grants is null and len(acl.headers) = 0
            and not list_has_any(
                acl.canned, ['private', 'aws-exec-read', 'log-delivery-write', 'bucket-owner-full-control']
            )
            then null
        else list_distinct(list_transform(
            list_transform(
                list_filter(
                    coalesce(acl.grants, []),
                    lambda g: coalesce(g.permission, 'READ') in ('READ', 'FULL_CONTROL')
                        and coalesce(g.grantee.id, '') <> acl.owner
                ),
                lambda g: coalesce(g.grantee.emailaddress, g.grantee.uri, g.grantee.id)
            )
            || acl.headers,
            lambda x: case when regexp_matches(x, 'AllUsers$|AuthenticatedUsers$') then '*' else x end
        ))
    end)[1];

-- Whom a call that shares lets in: everybody as *, an empty list where it lets nobody in, null where it does not say.
create or replace macro s3_grantees(call, request) as
    case
        when call like '%Acl'
            then list_filter(acl_readers(request), lambda x: x is not null and not contains(x, 'LogDelivery'))
        when policy_in(request) is not null
            then list_transform([policy_in(request)], lambda policy: policy_readers(policy_statements(policy)))[1]
        when call = 'PutBucketReplication'
            then nullif(coalesce(
                nullif(each_inside(request, '$..Destination.Account'), []),
                list_transform(
                    each_inside(request, '$..Destination.Bucket'),
                    lambda b: regexp_replace(b, '^arn:aws[a-z-]*:s3:::', '')
                )
            ), [])
        when call = 'CreateAccessGrant'
            then nullif(list_filter([
                value_at(request, '$.Grantee.GranteeIdentifier'),
                value_at(request, '$.CreateAccessGrantRequest.Grantee.GranteeIdentifier')
            ], lambda x: x is not null), [])
        when call like 'Put%PublicAccessBlock'
            then case
                when regexp_matches(request, '(?i):\s*"?true') and not regexp_matches(request, '(?i):\s*"?false')
                    then []::varchar[]
            end
    end;
