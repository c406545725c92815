/*
title = "Count the traces of one transfer once"
description = "Puts `new_links`, `new_ambiguous` and `new_merges` into effect."
*/
insert into logged_disclosures by name
select
    * exclude (joined_key, kept_key, record_count, content),
    (select coalesce(max(disclosure_id), 0) from logged_disclosures)
    + row_number() over (order by content) as disclosure_id
from (
    select distinct on (m.content) m.*
    from new_merges m
    anti join logged_disclosures l on m.element_basis = l.element_basis and m.content = content_of(l)
    order by m.content
) fresh;

delete from links;

insert into links
select
    record_key,
    kept_key,
    how
from new_links
order by record_key;

delete from ambiguous_links;

insert into ambiguous_links
select *
from new_ambiguous
order by all;

delete from merged_contents;

insert into merged_contents
select
    m.kept_key,
    l.disclosure_id,
    m.record_count
from new_merges m
inner join logged_disclosures l on m.content = content_of(l)
order by m.kept_key;

insert into duplicates
select
    record_key,
    kept_key
from links
where record_key <> kept_key;

drop table linkable;
drop table link_groups;
drop table linkable_files;
drop table file_reaches;
drop table common_names;
drop table common_files;
drop table file_pairs;
drop table crowded;
drop table link_edges;
drop table reached_groups;
drop table strangers;
drop macro table reached_over;
drop table joined_groups;
drop table link_members;
drop table new_links;
drop table new_ambiguous;
drop table new_merges;
