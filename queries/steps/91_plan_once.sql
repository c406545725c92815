/*
title = "Let views be tables"
description = """
Puts what views that many rules read hold into tables, in this session only: where records are few, to plan them takes
longer than to run them.
"""
*/
create or replace temp table parts_now as
select * from auditscan.parts_now;

create or replace temp table agreements as
select * from auditscan.agreements;

create or replace temp table events as
select * from auditscan.events;
