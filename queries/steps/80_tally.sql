/*
title = "Count transfers by what decides their verdicts"
description = """
Counts that stay right under every as-of date: `tallies` by disclosure and regime then, `week_tallies` by
week and by class of disclosures that every regime judges alike. The reports read these and no record.
"""
*/
create or replace table verdict_classes as
select * from judged_classes()
order by disclosure_id;

create or replace table tallies as
select * from tallied('kept_records')
order by all;

create or replace table week_tallies as
select * from tallied_by_week('kept_records')
order by all;
