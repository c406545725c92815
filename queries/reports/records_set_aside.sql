/*
title = "Records that are no transfers"
description = """
Why records of other systems' logs are no transfers: logins, uploads, loads, statements that move no data; how many, in
how many files, and where the first of them stands. The most frequent reason first.
"""
*/
select
    a.reason,
    sum(a.records)::bigint as records,
    count(distinct s.path) as files,
    arg_min(s.path, (s.path, a.first_record)) as first_file,
    arg_min(a.first_record, (s.path, a.first_record)) as first_record,
    arg_min(place_text(s.places, s.sheets, a.first_record), (s.path, a.first_record)) as first_place
from set_aside a
inner join sources s on a.source_id = s.source_id
group by a.reason
order by records desc, a.reason asc;
