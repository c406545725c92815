/*
title = "Why findings changed"
description = "How many findings are new, gone, changed or newly suppressed for which cause. Reads `changed_findings`."
*/
select
    change,
    cause,
    count(*) as findings
from changed_findings
where change = 'newly suppressed' or not if(change = 'gone', was_suppressed, is_suppressed)
group by change, cause
order by
    list_position(['new', 'changed', 'gone', 'newly suppressed'], change) asc, findings desc, cause asc;
