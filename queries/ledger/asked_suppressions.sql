/*
title = "What the file of suppressions asks for"
description = "An empty table, `asked_suppressions`, for the suppressions of the file that are not past their day."
*/
create or replace temp table asked_suppressions as
select * exclude (first_scan, until_scan)
from suppression_spans
where false;
