/*
title = "The verdicts before queries change"
description = "Leaves `verdicts_before`: the verdicts of every transfer, before anything is judged by other queries."
*/
create or replace temp table verdicts_before as
select
    v.record_key,
    v.verdict_now,
    v.verdict_then,
    m.outcome in ('failure', 'empty') as attempt
from verdicts v
inner join context_meanings m on v.context_id = m.context_id;
