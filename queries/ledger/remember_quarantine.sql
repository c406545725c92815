/*
title = "What was in quarantine before a scan"
description = "Leaves `quarantine_before`: the records that could not be read, of contents that a path held so far."
*/
create or replace temp table quarantine_before as
select *
from quarantine_states
where state <> 'gone';
