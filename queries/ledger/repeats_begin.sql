/*
title = "Begin to look for repeated records again"
description = """
Puts empty temporary tables in the place of `duplicates` and `conflicts`, so that the very steps of a scan find again
which records repeat others, on a ledger that is only read.
"""
*/
create or replace temp table duplicates as
select *
from auditscan.duplicates
where false;

create or replace temp table conflicts as
select *
from auditscan.conflicts
where false;
