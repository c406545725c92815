/*
title = "Mapped records that need a closer look"
description = """
Those without an id, whose id is made of all that they say, what no source reads included; and those whose times are
spelled otherwise than canonical ones. `content_ids` and `spelled_times` stay empty where there are none, for either
takes as long as reading the records.
"""
*/
create or replace temp table nameless as
select record_no
from mapped_rows
where unless_blank(transfer_id) is null and set_aside is null and unreadable is null;

create or replace temp table content_ids (record_no bigint, content_id varchar);

create or replace temp table oddly_timed as
select
    record_no,
    case when is_spelled_otherwise(occurred_at) then occurred_at end as occurred_at,
    case when is_spelled_otherwise(occurred_until) then occurred_until end as occurred_until
from mapped_rows
where
    set_aside is null and unreadable is null
    -- A register reads its cells itself: what it leaves alone may be of either order of day and month.
    and getvariable('source_format') <> 'register'
    and (is_spelled_otherwise(occurred_at) or is_spelled_otherwise(occurred_until));

create or replace temp table spelled_times (record_no bigint, occurred_at varchar, occurred_until varchar);
