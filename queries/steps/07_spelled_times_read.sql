/*
title = "Read times that are spelled otherwise than canonical ones"
description = "Fills `spelled_times` for the records of a block that have such times: they cost far more to read."
*/
insert into spelled_times
select
    record_no,
    logged_time(case when is_spelled_otherwise(occurred_at) then occurred_at end),
    logged_time(case when is_spelled_otherwise(occurred_until) then occurred_until end)
from mapped_rows
where
    set_aside is null and unreadable is null
    and (is_spelled_otherwise(occurred_at) or is_spelled_otherwise(occurred_until))
