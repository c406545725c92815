/*
title = "Begin a worker's share of mapped records"
description = """
The traces that wait to be written with their records; what a closer look at the records of a block finds, of few blocks
anything; and those rows of `mapped_rows` that are transfers, with that.
"""
*/
create or replace temp table staged_traces as
select
    null::integer as block,
    null::bigint as record_no,
    * exclude (record_key)
from traces
where false;

create or replace temp table content_ids (record_no bigint, content_id varchar);

create or replace temp table spelled_times (record_no bigint, occurred_at varchar, occurred_until varchar);

create or replace temp view mapped_transfers as
select
    m.log,
    coalesce(s.occurred_at, m.occurred_at) as read_at,
    m.record_no,
    -- Two files fetched in one second are two transfers: all of the record tells them apart.
    coalesce(unless_blank(m.transfer_id), c.content_id) as transfer_id,
    m.occurred_at,
    coalesce(s.occurred_until, m.occurred_until) as occurred_until,
    m.event_count,
    m.sender,
    m.places,
    m.recipient,
    m.arrives,
    m.actor,
    m.action,
    m.system,
    m.authority,
    m.programs,
    m.states,
    m.elements,
    m.element_basis,
    m.populations,
    m.record_count,
    m.purpose,
    m.outcome,
    m.deduced,
    m.link_key,
    m.file_name,
    m.bytes,
    m.peer,
    m.population_filter,
    m.used_elements,
    m.open_tables,
    m.excluded,
    m.accessed,
    m.query_text,
    m.note
from mapped_rows m
left join content_ids c on m.record_no = c.record_no
left join spelled_times s on m.record_no = s.record_no
where m.set_aside is null and m.unreadable is null;
