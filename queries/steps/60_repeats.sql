/*
title = "Find ids that are there more than once"
description = """
Ids are compared by hash first, so that the usual log, which repeats none, costs one pass over eight bytes a record.
"""
*/
create or replace temp table repeated_hashes as
select hash(transfer_id) as id_hash
from records
group by all
having count(*) > 1;
