/*
title = "Macros for audit messages of health systems"
description = """
What FHIR AuditEvents and the older audit messages (RFC 3881, DICOM, IHE ATNA) share: their codes. `audit_codes` lists
the codes of a value, `audit_aside` says why an event discloses nothing, `audit_action` what kind of disclosure it is,
`audit_sides` who sent and who received, `sensitivity_elements` what the labels on the data give away.
"""
*/
-- A JSON list as it stands, an object as a list of one, so that both can be read alike; else null.
create or replace macro as_list(json) as
    case
        when not looks_nested(json) or not json_valid(json) then null
        when try(json_type(json)) = 'ARRAY' then json
        else '[' || json || ']'
    end;

-- Every code of a Coding, a CodeableConcept, a list of them or a plain text, in lower case.
create or replace macro audit_codes(json) as
    list_distinct(list_transform(
        case
            when json is null then []::varchar[]
            when looks_nested(json) and json_valid(json) then json_extract_string(json, '$..code')::varchar[]
            else [json]
        end,
        lambda x: lower(trim(x))
    ));

-- Codes of DICOM (DCM), of FHIR's restful interactions and of ISO 21089's record lifecycle.
create or replace macro audit_sends(codes) as
    list_has_any(codes, ['110106', '110104', '110102', 'disclose', 'disclosure', 'transmit']);

create or replace macro audit_receives(codes) as list_has_any(codes, ['110107', 'receive']);

create or replace macro audit_queries(codes) as
    list_has_any(codes, ['110112', 'search', 'search-type', 'search-system', 'search-compartment', 'query']);

create or replace macro audit_reads(codes) as
    list_has_any(codes, [
        'read', 'vread', 'history', 'history-instance', 'history-type', 'history-system', 'access', 'report', 'extract'
    ]);

-- Why an event discloses nothing; null where it may. An action letter counts only for events that do not tell by
-- their codes that data went out.
create or replace macro audit_aside(codes, action, names_source) as
    case
        when audit_sends(codes) then null
        when list_has_any(codes, ['110114', '110122', '110123', 'login', 'logout']) then 'a login'
        when list_has_any(codes, ['110100', '110120', '110121']) then 'an application was started or stopped'
        when list_has_any(codes, ['110101']) then 'a use of the audit log'
        when list_has_any(codes, ['110108']) then 'a network event'
        when list_has_any(codes, ['110113']) then 'a security alert'
        when audit_receives(codes) then case when not names_source then 'data received from somebody not named' end
        when audit_queries(codes) or audit_reads(codes) then null
        when list_has_any(codes, ['capabilities']) then 'a look at what a server offers'
        when list_has_any(codes, ['create']) or action = 'C' then 'a record was created'
        when list_has_any(codes, ['update', 'patch', 'amend']) or action = 'U' then 'a record was changed'
        when list_has_any(codes, ['delete', 'destroy', '110105']) or action = 'D' then 'a record was deleted'
    end;

create or replace macro audit_action(codes, action, logged) as
    case
        when audit_sends(codes) or audit_receives(codes) then 'push'
        when audit_queries(codes) then 'query'
        when audit_reads(codes) or action = 'R' then 'view'
        when action = 'E' then 'query'
        else logged
    end;

create or replace macro audit_outcome(codes) as
    case
        when list_has_any(codes, ['4', '8', '12', 'error', 'fatal', 'failure']) then 'failure'
        when list_has_any(codes, ['warning']) then 'partial'
        when list_has_any(codes, ['0', 'success', 'information']) then 'success'
        else 'unknown'
    end;

create or replace macro audit_has_role(parties, code) as
    len(list_filter(parties, lambda p: list_contains(p.roles, code))) > 0;

-- All names and ids of some parties: each once, in their order. One of them may be known where another is not.
create or replace macro audit_names(parties) as
    joined(list_sort(list_distinct(flatten(list_transform(parties, lambda p: p.names)))), '; ');

-- Those of some parties that did not ask, where there are any: machines before the people who asked them.
create or replace macro audit_machines(parties) as
    coalesce(nullif(list_filter(parties, lambda p: not p.asked), []), parties);

create or replace macro audit_requestor(parties) as audit_names(list_filter(parties, lambda p: p.asked));

-- Whether data were asked for, and did not go out or come in by themselves: whoever asks receives.
create or replace macro audit_pulls(codes, action) as
    not audit_sends(codes) and not audit_receives(codes)
    and (audit_queries(codes) or audit_reads(codes) or coalesce(action in ('R', 'E'), false));

-- The code of the side that receives. The destination does, but in a question the source is who asks; and where data
-- were asked for, it is the side of whoever asked, whatever its code.
create or replace macro audit_receiving_code(parties, pulls, answers) as
    case
        when answers then '110153'
        when pulls
            and len(list_filter(parties, lambda p: p.asked and list_contains(p.roles, '110153'))) > 0
            and len(list_filter(parties, lambda p: p.asked and list_contains(p.roles, '110152'))) = 0
            then '110153'
        else '110152'
    end;

create or replace macro audit_receivers(parties, pulls, code) as
    list_filter(
        parties, lambda p: list_contains(p.roles, code) or list_contains(p.roles, 'ircp') or (pulls and p.asked)
    );

-- The other side: who has one of the two codes and does not receive.
create or replace macro audit_givers(parties, pulls, code) as
    list_filter(
        parties,
        lambda p: list_contains(p.roles, case code when '110153' then '110152' else '110153' end)
            and not list_contains(p.roles, code) and not list_contains(p.roles, 'ircp') and not (pulls and p.asked)
    );

-- In a query the source is whose question it is and the destination who answers: the data go the other way. Unless the
-- destination is said to have asked.
create or replace macro audit_answers(parties, codes, action) as
    not audit_sends(codes)
    and not audit_receives(codes)
    and (audit_queries(codes) or (action = 'E' and not audit_reads(codes)))
    and len(list_filter(parties, lambda p: p.asked and list_contains(p.roles, '110152'))) = 0;

-- Sensitivity labels of HL7 (v3 ActCode) that say what the data are about. Note ETH: substance abuse, no ethnicity.
create or replace macro sensitivity_elements(codes) as
    list_transform(
        list_filter(codes, lambda x: x in (
            'bh', 'cogn', 'demo', 'dob', 'dvd', 'emotdis', 'eth', 'ethud', 'gdis', 'gender', 'hiv', 'livarg', 'marst',
            'mh', 'mst', 'opioidud', 'psy', 'psythpn', 'race', 'rel', 'sca', 'sdv', 'sex', 'sickle', 'spi', 'std',
            'sud', 'tboo', 'vio'
        )),
        lambda x: upper(x::varchar) || ' sensitivity'
    );

-- The same as deduced from the labels.
create or replace macro sensitivity_deduced(items) as
    list_transform(items, lambda x: {
        'kind': 'element', 'item': x, 'why': 'sensitivity label ' || split_part(x, ' ', 1)
    });

-- Who sent and who received, and why an event discloses nothing. `events` is the name of a table or `with` that holds
-- the parties, codes and action of events, and who observed them.
create or replace macro audit_sides(events) as table
with weighed as (
    select
        *,
        audit_has_role(parties, '110153') as names_source,
        audit_answers(parties, codes, action) as answers,
        audit_pulls(codes, action) as pulls,
        audit_receiving_code(
            parties, audit_pulls(codes, action), audit_answers(parties, codes, action)
        ) as receiving_code
    from query_table(events)
),

directed as (
    select
        *,
        audit_names(audit_machines(audit_givers(parties, pulls, receiving_code))) as source,
        audit_receivers(parties, pulls, receiving_code) as receivers,
        audit_aside(codes, action, names_source) as aside
    from weighed
)

select
    *,
    coalesce(
        source,
        case
            when audit_sends(codes) and observer <> coalesce(audit_names(receivers), audit_requestor(parties), '')
                then observer
            when aside in ('a record was created', 'a record was changed') then audit_requestor(parties)
        end
    ) as sender,
    case
        -- What was created or changed came to whose system it is.
        when aside in ('a record was created', 'a record was changed')
            then coalesce(audit_names(list_filter(receivers, lambda p: not p.asked)), observer)
        else coalesce(
            audit_names(receivers),
            case when answers or not audit_sends(codes) or not names_source then audit_requestor(parties) end,
            case when audit_receives(codes) then observer end
        )
    end as recipient,
    coalesce(aside in ('a record was created', 'a record was changed'), false) as arrives,
    audit_requestor(parties) as actor,
    coalesce(
        list_filter(receivers, lambda p: p.address is not null)[1].address,
        list_filter(parties, lambda p: p.asked)[1].address
    ) as peer
from directed;
