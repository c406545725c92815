/*
title = "How many transfers are listed"
description = """
One row: how many transfers of the selection `listed_transfers` has without a limit, and how many of them are attempts.
"""
selection = true
*/
select
    count(*) as transfers,
    count(*) filter (where v.attempt) as attempts
from selected_verdicts v;
