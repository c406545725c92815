/*
title = "Macros for mail that was traced"
description = """
`trace_transfers` maps the traces of mail, in whichever of their forms: who sent to whom, how large it was and whether
it arrived. What stood in it is not told.
"""
*/
-- How a message ended for one of its receivers. What was resolved, expanded or pending tells nothing of it.
create or replace macro trace_outcome(status) as
    case
        when regexp_matches(status, '(?i)\bdeliver(ed)?\b|\bsend\b|\bsent\b|\bjunked\b') then 'success'
        when regexp_matches(status, '(?i)fail|reject|drop|block|spam|quarantin|bounce|undeliver') then 'failure'
        else 'unknown'
    end;

-- The receivers of a trace, each behind a mark its own status: a@b##Receive, Send;c@d##Receive, Fail.
create or replace macro trace_receivers(t) as
    list_filter(
        list_transform(
            string_split_regex(coalesce(t, ''), '\s*;\s*'),
            lambda x: clean(regexp_replace(x, '##.*$', ''))
        ),
        lambda x: x is not null
    );

-- The transfers of traces of mail. `traced` is the name of a table or `with` that holds their parts.
create or replace macro trace_transfers(traced) as table
select
    record_no,
    case
        when regexp_matches(
            event,
            '(?i)^(resolve|expand|submit|haredirect|hareceive|transfer|defer|agentinfo|duplicate|process)')
            then 'a step of the delivery that is told elsewhere'
    end as set_aside,
    case when sent_from is null and receivers is null then 'names neither who sent nor who received' end as unreadable,
    -- One message stands once for each of its receivers.
    trace_id || ' ' || coalesce(receivers, '') as transfer_id,
    in_utc(occurred_at) as occurred_at,
    sent_from as sender,
    receivers as recipient,
    sent_from as actor,
    'push' as action,
    'Exchange mail' as system,
    trace_outcome(status) as outcome,
    'unknown' as element_basis,
    'mail:' || trim(message_id, '<> ') as link_key,
    whole_number(bytes) as bytes,
    client as peer,
    case when subject is not null then 'a mail about: ' || left(subject, 200) end as note
from query_table(traced);
