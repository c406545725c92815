/*
title = "How each rule ended in one scan"
description = "Of the scan `receipt_scan`, by rule."
*/
select * exclude (scan_id)
from scan_rules
where scan_id = getvariable('receipt_scan')::integer
order by rule;
