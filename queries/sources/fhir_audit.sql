/*
title = "FHIR AuditEvent"
description = """
Audit events of FHIR servers and clients, DSTU2 to R5, alone, as lines or in a Bundle, in JSON or XML; with the patterns
of IHE BALP for disclosures and the match requests that CMS's own server logs. Usually one event a patient.
"""
reader = "json"
fields = [
    "resourceType", "id", "type", "subtype", "category", "code", "action", "period", "occurredPeriod",
    "occurredDateTime", "recorded", "outcome", "purposeOfEvent", "basedOn", "patient", "agent",
    "participant", "source", "entity", "object", "event", "not_read",
]
needs = ["resourceType"]
values = {resourceType = '^AuditEvent$'}
inside = ["entry"]
wrapped = ["resource", "message", "_raw"]
# Only XML is prepared.
pattern = '(?s)\A\s*<(?!\d)(?:.*?<)?(?:[\w.-]+:)?AuditEvent[\s/>]'
prepare = "fhir_xml"
counts = "people"
*/
with events as (
    -- DSTU2 keeps under `event` what later releases have beside it, and has other names for agents and entities.
    select
        record_no,
        resourcetype,
        id,
        record,
        not_read,
        coalesce(type, inside(event, '$.type')) as type,
        upper(coalesce(action, inside(event, '$.action'))) as action,
        list_distinct(flatten([
            audit_codes(type), audit_codes(subtype), audit_codes(category), audit_codes(code),
            audit_codes(inside(event, '$.type')), audit_codes(inside(event, '$.subtype'))
        ])) as codes,
        coalesce(
            occurreddatetime, inside(occurredperiod, '$.start'), inside(period, '$.start'),
            inside(event, '$.period.start')
        ) as began,
        coalesce(inside(occurredperiod, '$.end'), inside(period, '$.end')) as ended,
        coalesce(recorded, inside(event, '$.dateTime')) as recorded,
        audit_codes(coalesce(outcome, inside(event, '$.outcome'))) as outcome,
        coalesce(purposeofevent, inside(event, '$.purposeOfEvent'), inside(record, '$.authorization')) as purpose,
        coalesce(
            inside(source, '$.observer.display'), inside(source, '$.observer.identifier.value'),
            inside(source, '$.identifier.value'), inside(source, '$.site'), inside(source, '$.observer.reference')
        ) as observer,
        inside(source, '$.site') as site,
        each_inside(basedon, '$..reference') as based_on,
        inside(patient, '$.reference') as patient,
        coalesce(from_json(as_list(coalesce(agent, participant)), '[{
            "type": "VARCHAR", "role": "VARCHAR", "requestor": "VARCHAR", "name": "VARCHAR", "altId": "VARCHAR",
            "who": {"display": "VARCHAR", "reference": "VARCHAR", "identifier": {"value": "VARCHAR"}},
            "userId": {"value": "VARCHAR"}, "reference": {"display": "VARCHAR", "reference": "VARCHAR"},
            "network": {"address": "VARCHAR"}, "networkString": "VARCHAR", "networkUri": "VARCHAR",
            "policy": "VARCHAR", "purposeOfUse": "VARCHAR", "authorization": "VARCHAR"
        }]'), []) as agents,
        coalesce(from_json(as_list(coalesce(entity, object)), '[{
            "role": "VARCHAR", "type": "VARCHAR",
            "what": {"display": "VARCHAR", "reference": "VARCHAR", "identifier": {"value": "VARCHAR"}},
            "reference": {"display": "VARCHAR", "reference": "VARCHAR"}, "identifier": {"value": "VARCHAR"},
            "securityLabel": "VARCHAR", "name": "VARCHAR", "query": "VARCHAR", "detail": "VARCHAR"
        }]'), []) as entities
    from incoming
),

read_parts as (
    select
        *,
        list_transform(agents, lambda a: {
            -- A bare reference names nobody that a log of another system would know, unless there is nothing else.
            'names': coalesce(
                nullif(list_filter([
                    clean(a.who.display), clean(a.name), clean(a.who.identifier.value), clean(a.userid.value),
                    clean(a.altid), clean(a.reference.display)
                ], lambda x: x is not null), []),
                list_filter([clean(a.who.reference), clean(a.reference.reference)], lambda x: x is not null)
            ),
            'roles': list_concat(audit_codes(a.type), audit_codes(a.role)),
            'asked': coalesce(a.requestor, '') = 'true',
            'address': clean(coalesce(a.network.address, a.networkstring, a.networkuri)),
            'policies': coalesce(
                from_json(as_list(a.policy), '["VARCHAR"]'), case when a.policy <> '' then [a.policy] end, []
            ),
            'purpose': coalesce(a.purposeofuse, a.authorization)
        }) as parties,
        list_transform(entities, lambda e: {
            'name': clean(coalesce(
                e.what.reference, e.reference.reference, e.what.identifier.value, e.identifier.value, e.what.display,
                e.name
            )),
            'roles': audit_codes(e.role),
            'types': audit_codes(e.type),
            'labels': audit_codes(e.securitylabel),
            'query': coalesce(base64_text(regexp_replace(e.query, '\s', '', 'g')), e.query),
            'details': coalesce(from_json(as_list(e.detail), '[{
                "type": "VARCHAR", "valueString": "VARCHAR", "value": "VARCHAR", "valueBase64Binary": "VARCHAR",
                "valueCodeableConcept": "VARCHAR"
            }]'), [])
        }) as things
    from events
),

weighed as (
    select
        *,
        case
            when audit_has_role(things, '1') then list_filter(things, lambda e: list_contains(e.roles, '1'))
            else list_filter(things, lambda e: starts_with(e.name, 'Patient/'))
        end as patients,
        joined(list_transform(things, lambda e: e.query), e'\n') as query_text,
        list_distinct(flatten(list_transform(things, lambda e: sensitivity_elements(e.labels)))) as labeled,
        -- The value of a detail about elements: text, or text in base64 in the older releases.
        list_filter(flatten(list_transform(things, lambda e: flatten(list_transform(
            list_filter(
                e.details,
                lambda d: word(coalesce(inside(d.type, '$.text'), audit_codes(d.type)[1], ''))
                    in ('element', 'elements', 'data_elements', 'fields')
            ),
            lambda d: string_split_regex(
                coalesce(
                    d.valuestring, base64_text(d.valuebase64binary), base64_text(d.value), d.value,
                    inside(d.valuecodeableconcept, '$.text')
                ),
                '[,;|]'
            )
        )))), lambda x: not is_blank(x)) as detailed,
        coalesce(
            nullif(list_transform(list_sort(list_distinct(flatten([
                audit_codes(purpose), flatten(list_transform(parties, lambda p: audit_codes(p.purpose)))
            ]))), lambda x: upper(x)), []),
            list_concat(each_inside(purpose, '$..display'), each_inside(purpose, '$..text'))
        ) as purposes
    from read_parts
),

asked as ( -- noqa: ST03
    select
        *,
        -- What a query asks for stands in its address or in its form.
        list_filter(string_split(array_to_string(list_transform(
            regexp_extract_all(
                coalesce(query_text, ''), '(?:^|[?&\s])_(?:elements|include|revinclude)(?::iterate)?=([^&\s]+)', 1
            ),
            lambda x: coalesce(try(url_decode(x)), x)), ','), ','), lambda x: not is_blank(x)) as wanted,
        list_transform(
            regexp_extract_all(
                coalesce(query_text, ''), '(?:^|[?&\s])(?:[\w.:]+\.)?address-state(?::exact)?=([^&\s]+)', 1
            ),
            lambda x: coalesce(try(url_decode(x)), x)) as address_states
    from weighed
)

select
    record_no,
    coalesce(not_read, case when is_blank(coalesce(resourcetype, '')) then 'no FHIR resource' end) as unreadable,
    case
        when resourcetype <> 'AuditEvent' then 'another FHIR resource'
        else aside
    end as set_aside,
    -- Many servers give no id, and two events of one second may differ in the patient alone.
    coalesce(unless_blank(id), 'content-' || left(sha256(coalesce(try(json(record)), record)), 32)) as transfer_id,
    -- A period may be given by its month: what was recorded is the better time then.
    case when length(began) >= 10 then began else coalesce(recorded, began) end as occurred_at,
    ended as occurred_until,
    sender,
    named_places([observer, site]) as places,
    recipient,
    arrives,
    actor,
    audit_action(
        codes, action, coalesce(each_inside(type, '$..display')[1], inside(type, '$.text'), codes[1])
    ) as action,
    observer as system,
    joined(list_sort(list_distinct(flatten([
        flatten(list_transform(parties, lambda p: p.policies)),
        list_filter(list_transform(things, lambda e: e.name), lambda x: starts_with(x, 'Consent/')),
        based_on
    ]))), '; ') as authority,
    nullif(address_states, []) as states,
    nullif(list_distinct(flatten([detailed, labeled, wanted])), []) as elements,
    case
        when len(detailed) + len(labeled) > 0 then 'declared'
        when len(wanted) > 0 then 'disclosed'
        else 'unknown'
    end as element_basis,
    sensitivity_deduced(list_filter(labeled, lambda x: not list_contains(detailed || wanted, x))) as deduced,
    coalesce(
        nullif(len(list_distinct(list_transform(patients, lambda e: coalesce(e.name, '')))), 0),
        case when patient is not null then 1 end
    )::varchar as record_count,
    joined(purposes, '; ') as purpose,
    audit_outcome(outcome) as outcome,
    'request:' || list_filter(things, lambda e: list_contains(e.types, 'xrequestid'))[1].name as link_key,
    peer,
    query_text,
    case
        when len(address_states) > 0 then 'states are those of the addresses that were searched for'
        when list_contains(codes, '110102') then 'only the beginning of a transfer'
        when len(detailed) + len(wanted) = 0 and len(labeled) > 0 then 'elements are those that labels on the data name'
    end as note
from audit_sides('asked')
