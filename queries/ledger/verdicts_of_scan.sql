/*
title = "Verdicts of what a scan read"
description = "How many of the transfers that came in with the files from `first_source` on have which verdict now."

[params.first_source]
type = "integer"
required = true
unit = "source_id"
description = "The least number of a file that the scan read."
*/
select
    counted_as(v.verdict_now, v.attempt) as class_now,
    count(*) as transfers
from verdicts v
where v.record_key >= getvariable('first_source')::bigint * 68719476736
group by all
order by all;
