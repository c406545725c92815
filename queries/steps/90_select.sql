/*
title = "Take the selection once"
description = """
Puts what `selected_tallies` and `selected_week_tallies` select under the variables of this session into
temporary tables of the same names, which every report query then finds in their place: a selection by
day, state or recipient of the weeks reads the records, and must not do so once a table.
"""
*/
drop table if exists temp.selected_tallies;

drop table if exists temp.selected_week_tallies;

create temp table selected_tallies as
select * from auditscan.selected_tallies;

create temp table selected_week_tallies as
select * from auditscan.selected_week_tallies;
