/*
title = "Let every trace count for itself again"
description = "What links counted once, until they are found anew: other logs or parties may link otherwise."
*/
delete from duplicates
where record_key in (select record_key from links);

delete from links;

delete from ambiguous_links;

delete from merged_contents;
