/*
title = "Verdicts that one scan moved"
description = "Of the scan `receipt_scan`, in a fixed order."
*/
select * exclude (scan_id)
from verdict_moves
where scan_id = getvariable('receipt_scan')::integer
order by all;
