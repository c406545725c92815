/*
title = "Audit messages of health systems (ATNA, DICOM, RFC 3881)"
description = """
AuditMessages in XML: one document, many, one a line, or behind the header of a syslog line. Roles say who sent and
who received. The messages have no id of their own, and a time without a zone is that of the system that wrote it.
"""
reader = "json"
fields = [
    "tag", "EventIdentification", "ActiveParticipant", "AuditSourceIdentification", "ParticipantObjectIdentification",
    "not_read",
]
pattern = '(?s)\A\s*(?:[^{\["\s].*?)?<(?:[\w.-]+:)?AuditMessage[\s/>]'
prepare = "atna_xml"
counts = "people"
*/
with messages as (
    -- RFC 3881 writes `code`, DICOM `csd-code`.
    select
        record_no,
        tag,
        not_read,
        record,
        list_distinct(list_transform(flatten([
            each_inside(eventidentification, '$[*].EventID[*]."@csd-code"'),
            each_inside(eventidentification, '$[*].EventID[*]."@code"'),
            each_inside(eventidentification, '$[*].EventTypeCode[*]."@csd-code"'),
            each_inside(eventidentification, '$[*].EventTypeCode[*]."@code"')
        ]), lambda x: lower(trim(x)))) as codes,
        coalesce(
            inside(eventidentification, '$[0].EventID[0]."@originalText"'),
            inside(eventidentification, '$[0].EventID[0]."@displayName"')
        ) as called,
        inside(eventidentification, '$[0]."@EventActionCode"') as action,
        inside(eventidentification, '$[0]."@EventDateTime"') as occurred,
        [inside(eventidentification, '$[0]."@EventOutcomeIndicator"')] as outcome,
        list_concat(
            each_inside(eventidentification, '$[*].PurposeOfUse[*]."@csd-code"'),
            each_inside(eventidentification, '$[*].PurposeOfUse[*]."@code"')
        ) as purposes,
        unless_blank(inside(auditsourceidentification, '$[0]."@AuditSourceID"')) as observer,
        coalesce(from_json(as_list(activeparticipant), '[{
            "@UserID": "VARCHAR", "@AlternativeUserID": "VARCHAR", "@UserName": "VARCHAR",
            "@UserIsRequestor": "VARCHAR",
            "@NetworkAccessPointID": "VARCHAR", "RoleIDCode": [{"@csd-code": "VARCHAR", "@code": "VARCHAR"}]
        }]'), []) as participants,
        coalesce(from_json(as_list(participantobjectidentification), '[{
            "@ParticipantObjectID": "VARCHAR", "@ParticipantObjectTypeCode": "VARCHAR",
            "@ParticipantObjectTypeCodeRole": "VARCHAR", "@ParticipantObjectSensitivity": "VARCHAR",
            "ParticipantObjectQuery": [{"#text": "VARCHAR"}],
            "ParticipantObjectDetail": [{"@type": "VARCHAR", "@value": "VARCHAR"}]
        }]'), []) as objects
    from incoming
),

read_parts as ( -- noqa: ST03
    select
        *,
        list_transform(participants, lambda a: {
            'names': list_filter(
                [clean(a."@UserID"), clean(a."@UserName"), clean(a."@AlternativeUserID")], lambda x: x is not null
            ),
            'roles': list_transform(
                coalesce(a.roleidcode, []), lambda r: lower(trim(coalesce(r."@csd-code", r."@code")))
            ),
            'asked': coalesce(a."@UserIsRequestor", '') = 'true',
            'address': clean(a."@NetworkAccessPointID")
        }) as parties,
        list_filter(objects, lambda o: o."@ParticipantObjectTypeCodeRole" = '1') as patients,
        list_filter(flatten(list_transform(objects, lambda o: list_transform(
            coalesce(o.participantobjectquery, []),
            lambda q: coalesce(base64_text(regexp_replace(q."#text", '\s', '', 'g')), q."#text")
        ))), lambda q: q is not null) as queries,
        list_distinct(flatten(list_transform(objects, lambda o: sensitivity_elements(
            string_split_regex(lower(coalesce(o."@ParticipantObjectSensitivity", '')), '[^a-z]+')
        )))) as labeled,
        list_filter(flatten(list_transform(objects, lambda o: flatten(list_transform(
            list_filter(
                coalesce(o.participantobjectdetail, []),
                lambda d: word(d."@type") in ('element', 'elements', 'data_elements', 'fields')
            ),
            lambda d: string_split_regex(coalesce(base64_text(d."@value"), d."@value"), '[,;|]')
        )))), lambda x: not is_blank(x)) as detailed
    from messages
)

select
    record_no,
    coalesce(not_read, case when tag <> 'AuditMessage' then 'a FHIR AuditEvent among audit messages' end) as unreadable,
    aside as set_aside,
    'content-' || left(sha256(record), 32) as transfer_id,
    occurred as occurred_at,
    sender,
    named_places([observer]) as places,
    recipient,
    arrives,
    actor,
    audit_action(codes, action, coalesce(called, codes[1])) as action,
    observer as system,
    nullif(list_distinct(list_concat(detailed, labeled)), []) as elements,
    case when len(detailed) + len(labeled) > 0 then 'declared' else 'unknown' end as element_basis,
    sensitivity_deduced(list_filter(labeled, lambda x: not list_contains(detailed, x))) as deduced,
    nullif(len(list_distinct(list_transform(patients, lambda o: coalesce(o."@ParticipantObjectID", '')))), 0)::varchar
        as record_count,
    joined(list_sort(list_distinct(purposes)), '; ') as purpose,
    audit_outcome(outcome) as outcome,
    peer,
    joined(queries, e'\n') as query_text,
    case
        when list_contains(codes, '110102') then 'only the beginning of a transfer'
        when len(detailed) = 0 and len(labeled) > 0 then 'elements are those that labels on the data name'
    end as note
from audit_sides('read_parts')
