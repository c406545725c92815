/*
title = "Transfers by verdict"
description = """
How many transfers are counted where, now and then; what attempts would have been; whether they are flagged, and
whether the verdict rests on a deduction. The whole database, whatever a report was narrowed to.
"""
*/
with judged as (
    select
        t.attempt,
        verdict_of(t.in_scope, t.unattributed, not d.unknown_agency, n.verdict) as verdict_now,
        verdict_of(
            t.in_scope, t.unattributed, not d.unknown_agency and t.timed, coalesce(p.verdict, h.verdict)
        ) as verdict_then,
        t.in_scope
        and (coalesce(n.content_before_purpose = 'enjoined', false) or coalesce(n.some_covered, false)) as flagged,
        t.in_scope and not d.unknown_agency and coalesce(n.verdict <> n.verdict_as_logged, false) as deduced,
        t.unattributed
        and coalesce(n.content_before_purpose = 'enjoined', false) and coalesce(n.some_covered, false)
            as barred_if_attributed,
        sum(t.transfers)::bigint as transfers
    from tallies t
    inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
    cross join settings s
    left join judgments n on t.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
    left join judgments h on t.disclosure_id = h.disclosure_id and t.regime_then = h.regime_id
    left join span_judgments p on t.disclosure_id = p.disclosure_id and t.span_id = p.span_id
    group by all
)

select
    counted_as(verdict_now, attempt) as class_now,
    counted_as(verdict_then, attempt) as class_then,
    *
from judged
order by all
