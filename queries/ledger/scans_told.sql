/*
title = "Two scans of a ledger"
description = "The rows of two scans: when they were made, what judged, how they ended."
[params.scan_before]
type = "integer"
unit = "scan"
description = "The one."

[params.scan_after]
type = "integer"
unit = "scan"
description = "The other."
*/
select *
from scans
where scan_id in (getvariable('scan_before')::integer, getvariable('scan_after')::integer)
order by scan_id;
