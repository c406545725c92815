/*
title = "Read times that are spelled otherwise than canonical ones"
description = "Fills `spelled_times` for the records of `oddly_timed`: the other spellings cost far more to read."
*/
insert into spelled_times
select
    record_no,
    logged_time(occurred_at),
    logged_time(occurred_until)
from oddly_timed
