/*
title = "Ids that look like one"
description = "The five transfer ids nearest to the one in `explain_id`, nearest first."

[params.explain_id]
type = "varchar"
required = true
description = "The id to look for, as near as it is known."
*/
select transfer_id
from kept_records
group by transfer_id
having jaro_winkler_similarity(lower(transfer_id), lower(getvariable('explain_id'))) > 0.8
order by jaro_winkler_similarity(lower(transfer_id), lower(getvariable('explain_id'))) desc, transfer_id
limit 5
