/*
title = "Two scans of a ledger"
description = """
The rows of two scans: when they were made, what judged, how they ended; from their receipts the settings in force and
the transfers by class, both as JSON; how many suppressions began or ended since the earlier one.
"""
[params.scan_before]
type = "integer"
unit = "scan"
description = "The one."

[params.scan_after]
type = "integer"
unit = "scan"
description = "The other."
*/
select
    s.*,
    json_extract(r.body::json, '$.configuration')::varchar as configuration,
    json_extract(r.body::json, '$.byproducts.verdicts_now')::varchar as verdicts_now,
    (
        select count(*)
        from suppression_spans
        where moved_between(
            first_scan, until_scan, getvariable('scan_before')::integer, getvariable('scan_after')::integer
        )
    ) as suppressions_changed
from scans s
left join receipts r on s.scan_id = r.scan_id
where s.scan_id in (getvariable('scan_before')::integer, getvariable('scan_after')::integer)
order by s.scan_id;
