/*
title = "Records that are no transfers"
description = """
Why records of other systems' logs are no transfers: logins, uploads, loads, statements that move no data; how many, in
how many files, and where the first of them stands. Those that somebody has to look at come first: `naming` of them name
a part of DHS, and of those that are `unknown` no list says what they are. Then the most frequent.
"""
rests_on = "set_aside"
*/
select
    a.reason,
    starts_with(a.reason, unknown_operation('')) as unknown,
    sum(a.records)::bigint as records,
    coalesce(sum(a.naming), 0)::bigint as naming,
    count(distinct s.path) as files,
    arg_min(s.path, (s.path, a.first_record)) as first_file,
    arg_min(a.first_record, (s.path, a.first_record)) as first_record,
    arg_min(place_text(s.places, s.sheets, a.first_record), (s.path, a.first_record)) as first_place,
    arg_min(s.path, (s.path, a.first_naming)) filter (where a.naming > 0) as naming_file,
    arg_min(place_text(s.places, s.sheets, a.first_naming), (s.path, a.first_naming)) filter (where a.naming > 0)
        as naming_place
from set_aside a
inner join sources s on a.source_id = s.source_id
group by a.reason
order by unknown or coalesce(sum(a.naming), 0) > 0 desc, records desc, a.reason asc;
