/*
title = "Databricks audit log"
description = """
Rows of `system.access.audit` and the JSON files that Databricks delivers. Downloads, queries with their text, what
went out by Delta Sharing, and credentials that let their holder read a table's files. Whoever acted is who received,
but for shares, which name a recipient.
"""
reader = "records"
by_record = true
fields = [
    "eventId", "event_id", "requestId", "request_id", "timestamp", "event_time", "serviceName", "service_name",
    "actionName", "action_name", "userIdentity", "user_identity", "requestParams", "request_params", "response",
    "sourceIPAddress", "source_ip_address",
]
needs = ["serviceName|service_name", "actionName|action_name"]
wrapped = ["message", "_raw"]
parses = {field = "requestParams|request_params", path = "$.commandText", dialect = "databricks"}
*/
with events as (
    select
        record_no,
        -- Without an id, two actions of one second may differ in what is not mapped.
        coalesce(
            eventid, event_id, requestid, request_id,
            'content-' || left(sha256(concat_ws(
                chr(10), timestamp, event_time, servicename, service_name, actionname, action_name, useridentity,
                user_identity, requestparams, request_params, response, sourceipaddress, source_ip_address
            )), 32)
        ) as event_id,
        coalesce(instant_of_epoch(coalesce(event_time, timestamp)), event_time, timestamp) as occurred_at,
        lower(trim(coalesce(servicename, service_name))) as service,
        trim(coalesce(actionname, action_name)) as called,
        lower(trim(coalesce(actionname, action_name))) as action,
        coalesce(
            inside(coalesce(useridentity, user_identity), '$.email'),
            inside(coalesce(useridentity, user_identity), '$.subjectName'),
            inside(coalesce(useridentity, user_identity), '$.subject_name'),
            -- Some exports write maps as {key=value}.
            logged(regexp_extract(coalesce(useridentity, user_identity), '^\{(?:.*, )?email=([^,}]+)', 1))
        ) as account,
        coalesce(requestparams, request_params) as params,
        try_cast(coalesce(inside(response, '$.statusCode'), inside(response, '$.status_code')) as integer) as status,
        coalesce(sourceipaddress, source_ip_address) as address
    from incoming
),

kinds as (
    select
        *,
        case
            when action like 'download%' or action like 'filesget%' or action like '%export%'
                or (service in ('dbfs', 'filesystem') and action in ('read', 'get', 'getfile', 'readfile'))
                then 'download'
            when
                action in ('generatetemporarytablecredential', 'generatetemporaryvolumecredential',
                    'generatetemporarypathcredential')
                and upper(coalesce(inside(params, '$.operation'), '')) not in ('WRITE', 'PATH_CREATE_TABLE')
                then 'download'
            when
                action in ('commandsubmit', 'commandfinish', 'runcommand', 'submitcommand')
                or (action like 'execut%' and action <> 'executedag')
                or logged(inside(params, '$.commandText')) is not null
                then 'query'
            when action in ('updatesharepermissions', 'deltasharingquerytable', 'deltasharingqueriedtable')
                or action like 'deltasharingquer%'
                then 'share'
            when action = 'updatepermissions' and lower(inside(params, '$.securable_type')) = 'share' then 'share'
            when action = 'gettable' or action like '%queryresult%' then 'view'
        end as kind,
        regexp_matches(action, 'log(in|out)$') as signs_in,
        coalesce(
            inside(params, '$.full_name_arg'), inside(params, '$.table_full_name'), inside(params, '$.fullNameArg'),
            case
                when action like 'deltasharingquer%'
                    then joined([inside(params, '$.share'), inside(params, '$.schema'), inside(params, '$.name')], '.')
            end,
            inside(params, '$.table_url')
        ) as table_name,
        coalesce(
            inside(params, '$.recipient_name'), inside(params, '$.recipientName'), inside(params, '$.recipient'),
            -- Changes of permissions are a JSON list, often as its text.
            each_inside(inside(params, '$.changes'), '$..principal')[1]
        ) as named_recipient
    from events
),

-- Commands of notebooks are SQL, Python or another language: only the first can be followed.
told as (
    select
        k.*,
        p.* exclude (text, dialect, kind, problem),
        p.kind as statement_kind,
        p.problem as trouble,
        p.text is not null and p.problem is null as followed,
        inside(k.params, '$.commandText') as command,
        -- A share and a credential give whole files of the table: every column of it.
        case when k.kind in ('share', 'download') and k.table_name is not null then [k.table_name] else [] end as given,
        case when p.problem is null then coalesce(put_out(p.outputs, p.open_tables), []) else [] end as told_elements
    from kinds k
    left join memory.parsed_texts p on p.dialect = 'databricks' and inside(k.params, '$.commandText') = p.text
)

select
    record_no,
    case
        when is_blank(coalesce(service, '')) or is_blank(coalesce(action, '')) then 'it names no service and action'
    end as unreadable,
    case
        when kind = 'query' and followed then statement_stays(statement_kind, direction, command)
        when kind is not null then null
        when signs_in then 'a login'
        when starts_with(service, 'deltasharing') or starts_with(action, 'deltasharing')
            or action like '%share' or action like '%recipient'
            then 'a share was set up or looked at'
        when action like '%permission%' then 'a change of permissions'
        -- What begins with none of these words, nobody has looked at yet.
        when
            not regexp_matches(
                action,
                '^(abort|accept|activate|add|approve|archive|assign|attach|authorize|cancel|change|check|clean|close'
                || '|commandstart|configure|connect|create|deactivate|delete|deny|deregister|describe|detach|disable'
                || '|disconnect|drop|edit|enable|finish|generate(dbtoken|temporary)|get|grant|garbage|import|init'
                || '|install|ipaccess|keep|link|list|lock|log|make|merge|mfa|mint|mkdir|modify|mount|move|mutate|oidc'
                || '|open|patch|permanent|pin|privateaccess|purge|put|re(activate|auth|balance|boot|fresh|gister|ject'
                || '|move|name|new|order|pair|place|quest|set|size|solve|start|store|try|voke|write)|rotate|run(failed'
                || '|now|start|succeeded|triggered)|schedule|search|sendtos|set|sign|start|stop|submitrun|suspend|sync'
                || '|tag|terminate|test|token|touch|transfer|transition|trash|trigger|un|update|upload|validate|verify'
                || '|wait|workspace(conf|create|delete))'
            )
            or regexp_matches(action, '^get(\w*)(content|data|file|object|output|result|rows|sample)')
            then unknown_operation(service || '.' || called)
        when service in (
            'accounts', 'clusters', 'clusterpolicies', 'dashboards', 'databrickssql', 'dbfs', 'filesystem', 'genie',
            'gitcredentials', 'globalinitscripts', 'groups', 'iamrole', 'instancepools', 'jobs', 'mlflowexperiment',
            'notebook', 'repos', 'secrets', 'sql', 'sqlpermissions', 'ssh', 'unitycatalog', 'webterminal', 'workspace'
        )
            then 'an event of the service ' || service
        else 'an event of another service'
    end as set_aside,
    event_id as transfer_id,
    occurred_at,
    case
        when kind = 'share' then named_recipient
        when kind = 'query' and followed and statement_kind = 'share' then names_let_in(let_in)
        else joined([account, store_of(file)], '; ')
    end as recipient,
    databases_of(coalesce(tables, []) || [table_name], 'databricks') as places,
    account as actor,
    case
        when kind = 'query' and followed
            then query_action(
                case
                    when statement_kind in ('create', 'insert') and direction = 'out' then 'unload' else statement_kind
                end, direction, file
            )
        else kind
    end as action,
    'Databricks' as system,
    case
        when status is null then 'unknown'
        when status between 200 and 299 then 'success'
        else 'failure'
    end as outcome,
    nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as programs,
    states,
    nullif(populations, []) as populations,
    nullif(list_concat(told_elements, list_transform(given, lambda t: t || '.*')), []) as elements,
    case
        when aggregate and len(given) = 0 then 'aggregate'
        when len(told_elements) > 0 or (kind = 'share' and len(given) > 0) then 'disclosed'
        when len(given) > 0 then 'accessed'
        else 'unknown'
    end as element_basis,
    deduced,
    population_filter,
    used as used_elements,
    excluded,
    coalesce(
        inside(params, '$.commandText'), inside(params, '$.command_text'), inside(params, '$.statement'),
        inside(params, '$.query_text')
    ) as query_text,
    'statement:' || lower(coalesce(
        inside(params, '$.statementId'), inside(params, '$.statement_id'), inside(params, '$.commandId'),
        inside(params, '$.command_id')
    )) as link_key,
    coalesce(
        file, inside(params, '$.path'), inside(params, '$.file_path'), inside(params, '$.volume_full_name')
    ) as file_name,
    address as peer,
    nullif(list_concat(coalesce(open_tables, []), given), []) as open_tables,
    case
        when kind not in ('share', 'download') and table_name is not null
            then [{'name': table_name, 'columns': []::varchar[]}]
    end as accessed,
    case
        when action = 'gettable' then 'the description of a table was read, not its rows'
        when action like 'generatetemporary%'
            then 'a credential to read files was given; what was read with it is not logged'
        when action like 'update%permissions' then 'access was given; what was read with it is not logged here'
        else trouble
    end as note
from told
