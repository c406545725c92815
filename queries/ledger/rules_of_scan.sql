/*
title = "Write down how the rules of a scan ended"
description = "Adds to `scan_rules` what `rule_runs` says of every rule, with the hash of its query file."

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan that ran them."

[params.rule_names]
type = "varchar[]"
required = true
description = "Every rule of the library."

[params.rule_hashes]
type = "varchar[]"
required = true
description = "The hash of each of their files."
*/
insert into scan_rules
with files as (
    select
        unnest(getvariable('rule_names')::varchar[]) as rule,
        unnest(getvariable('rule_hashes')::varchar[]) as sha256
)

select
    getvariable('scan_id')::integer,
    r.rule,
    f.sha256,
    r.severity,
    r.outcome,
    r.hits,
    r.message
from rule_runs r
left join files f on r.rule = f.rule
order by r.rule;
