/*
title = "Take the verdicts of a slice once"
description = """
Puts the verdicts of the slice that is shown into a temporary table, which hides the view: a query that reads them twice
need not judge twice, and join everything at once.
"""
*/
create or replace temp table verdicts as
select * from auditscan.verdicts;
