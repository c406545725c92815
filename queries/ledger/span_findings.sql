/*
title = "Begin and end findings on what was disclosed, and about the logs"
description = """
Ends the spans of what is found no more, or says something else now, and begins those of what is new. What a rule that
failed had found stays: nobody knows better.
"""

[params.scan_id]
type = "integer"
required = true
unit = "scan"
description = "The scan that found it."
*/
create or replace temp table found as
select distinct
    rule,
    'disclosures' as reads,
    disclosure_id::bigint as key,
    null::varchar as subject,
    severity,
    evidence,
    citation,
    certainty
from disclosure_findings
union all
select distinct
    rule,
    'sources',
    null,
    subject,
    severity,
    evidence,
    citation,
    certainty
from source_findings;

create or replace temp table still_found as
select
    s.rowid as span,
    f.rowid as finding
from finding_spans s
inner join found f
    on s.rule = f.rule
    and s.reads = f.reads
    and s.key is not distinct from f.key
    and s.subject is not distinct from f.subject
    and s.severity = f.severity
    and s.evidence is not distinct from f.evidence
    and s.citation is not distinct from f.citation
    and s.certainty is not distinct from f.certainty
where s.until_scan is null;

update finding_spans
set until_scan = getvariable('scan_id')::integer
where
    reads <> 'transfers'
    and until_scan is null
    and rowid not in (select span from still_found)
    and rule not in (
        select rule
        from rule_runs
        where outcome = 'failed'
    );

insert into finding_spans by name
select
    *,
    getvariable('scan_id')::integer as first_scan
from found
where rowid not in (select finding from still_found)
order by reads, rule, key, subject, evidence;

drop table found;
drop table still_found;
