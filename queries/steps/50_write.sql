/*
title = "Write the waiting records"
description = """
Many blocks at once: the engine writes a table in groups of 122,880 rows, and fills whole ones best.
"""
*/
insert into records
select *
from pending;

delete from pending;
