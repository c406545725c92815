/*
title = "Ids of mapped records without one"
description = """
All that a record says makes its id, what no source reads included: two that differ in anything are two transfers. Left
empty where every record has an id of its own, for it takes as long as reading them.
"""
*/
create or replace temp table nameless as
select record_no
from mapped_rows
where unless_blank(transfer_id) is null and set_aside is null and unreadable is null;

create or replace temp table content_ids (record_no bigint, content_id varchar);
