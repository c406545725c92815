/*
title = "Where else one transfer is logged"
description = "The duplicates of the records whose id is in `explain_id`, and where each is, as a person says it."

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
select
    d.kept_key,
    d.record_key,
    cited(s.path, s.places, s.sheets, d.record_key % 68719476736) as cited
from duplicates d
inner join records r on d.record_key = r.record_key
inner join sources s on s.source_id = d.record_key // 68719476736
anti join links l on d.record_key = l.record_key
where r.transfer_id = getvariable('explain_id')
order by s.path, d.record_key
