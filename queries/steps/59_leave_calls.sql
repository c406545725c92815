/*
title = "Leave out calls whose statements are records"
description = """
What a call ran is counted once, as the records of its statements: `left_calls` are set aside. Returns, by file, how
many there are, as `count_aside` does.
"""
*/
delete from records
where record_key in (select record_key from left_calls);

delete from trace_rows
where record_key in (select record_key from left_calls);

delete from calls
where record_key in (select record_key from left_calls);

delete from duplicates
where record_key in (select record_key from left_calls) or kept_key in (select record_key from left_calls);

delete from conflicts
where record_key in (select record_key from left_calls);

-- What nobody else says is not asked about any more.
create or replace temp table left_disclosures as
select distinct l.disclosure_id
from left_calls l
where
    l.disclosure_id not in (
        select r.disclosure_id
        from records r
        where r.disclosure_id in (select c.disclosure_id from left_calls c)
    )
    and l.disclosure_id not in (select m.disclosure_id from merged_contents m);

delete from logged_disclosures
where disclosure_id in (select disclosure_id from left_disclosures);

delete from memory.known_disclosures
where disclosure_id in (select disclosure_id from left_disclosures);

delete from memory.said_disclosures
where disclosure_id in (select disclosure_id from left_disclosures);

create or replace temp table left_by_file as
select
    (l.record_key // 68719476736)::integer as source_id,
    'a call or text whose statements are records of their own' as reason,
    any_value(s.sha256) as sha256,
    any_value(s.bytes) as bytes,
    count(*) as records,
    min(l.record_key % 68719476736) as first_record,
    count(*) filter (where l.names_dhs) as naming,
    min(l.record_key % 68719476736) filter (where l.names_dhs) as first_naming
from left_calls l
inner join sources s on l.record_key // 68719476736 = s.source_id
group by all;

update sources
set not_transfers = not_transfers + l.records
from left_by_file l
where
    sources.source_id = l.source_id
    or (sources.status = 'copy' and sources.sha256 = l.sha256 and sources.bytes = l.bytes);

-- Some may have been left before.
merge into set_aside
using left_by_file l on set_aside.source_id = l.source_id and set_aside.reason = l.reason
when matched then update set
    records = set_aside.records + l.records,
    first_record = least(set_aside.first_record, l.first_record),
    naming = coalesce(set_aside.naming, 0) + l.naming,
    first_naming = least(set_aside.first_naming, l.first_naming)
when not matched then insert (source_id, reason, records, first_record, naming, first_naming)
    values (l.source_id, l.reason, l.records, l.first_record, l.naming, l.first_naming);

select *
from left_by_file
order by source_id
