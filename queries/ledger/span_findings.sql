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

create or replace temp table ended_spans as
select s.rowid as span
from finding_spans s
anti join found f
    on s.rule = f.rule
    and s.reads = f.reads
    and s.key is not distinct from f.key
    and s.subject is not distinct from f.subject
    and s.severity = f.severity
    and s.evidence is not distinct from f.evidence
    and s.citation is not distinct from f.citation
    and s.certainty is not distinct from f.certainty
where
    s.reads <> 'transfers'
    and s.until_scan is null
    and s.rule not in (
        select rule
        from rule_runs
        where outcome = 'failed'
    );

update finding_spans
set until_scan = getvariable('scan_id')::integer
where rowid in (select span from ended_spans);

insert into finding_spans by name
select
    f.*,
    getvariable('scan_id')::integer as first_scan
from found f
anti join (
    select *
    from finding_spans
    where until_scan is null
) s
    on f.rule = s.rule
    and f.reads = s.reads
    and f.key is not distinct from s.key
    and f.subject is not distinct from s.subject
    and f.severity = s.severity
    and f.evidence is not distinct from s.evidence
    and f.citation is not distinct from s.citation
    and f.certainty is not distinct from s.certainty
order by f.reads, f.rule, f.key, f.subject, f.evidence;

drop table found;
drop table ended_spans;
