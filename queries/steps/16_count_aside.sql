/*
title = "Count what a block has set aside"
description = """
By what the records are: how many, the first of them, and how many name a part of DHS, whatever their kind of event is
said to be. Reads `whole_records`, the records as they stand in the log.
"""
*/
select
    m.set_aside as reason,
    count(*) as records,
    min(m.record_no) as first_record,
    count(*) filter (where names_dhs(w.whole_record)) as naming,
    min(m.record_no) filter (where names_dhs(w.whole_record)) as first_naming
from mapped_rows m
inner join whole_records w on m.record_no = w.record_no
where m.set_aside is not null and m.unreadable is null
group by m.set_aside
order by m.set_aside
