/*
title = "The figures of the headline"
description = """
One row. Every transfer is counted in one class: enjoined, review, permitted, outside, attempt, unattributed, out of
scope; their sum is `transfers`. Beside them how many of the barred rest on a deduction, how many of the unattributed
name no sender and how many hold barred data of a plaintiff state, how many are flagged and how many neither flagged
nor cleared, and what an order that is reported and not applied would move. `people` adds up the counts of the logs,
rows and people alike.
"""
selection = true
*/
with sums as (
    select
        coalesce(sum(transfers), 0)::bigint as transfers,
        sum_where(transfers, in_scope and not attempt) as judged,
        coalesce(sum(people) filter (where in_scope and not attempt), 0)::hugeint as people,
        sum_where(counted, in_scope and not attempt) as counted,
        sum_where(transfers, class_now = 'enjoined') as barred_now,
        sum_where(transfers, class_now = 'enjoined' and deduced) as barred_now_deduced,
        sum_where(transfers, class_then = 'enjoined') as barred_then,
        sum_where(transfers, class_now = 'review') as review_now,
        sum_where(transfers, class_then = 'review') as review_then,
        sum_where(transfers, class_now = 'permitted') as permitted_now,
        sum_where(transfers, class_now = 'outside') as outside_now,
        sum_where(transfers, in_scope and not attempt and (flag_category or flag_state)) as flagged,
        sum_where(transfers, class_now = 'review' and not (flag_category or flag_state)) as not_cleared,
        coalesce(sum(people) filter (where class_now = 'enjoined'), 0)::hugeint as people_barred_now,
        coalesce(sum(people) filter (where class_then = 'enjoined'), 0)::hugeint as people_barred_then,
        sum_where(transfers, class_now = 'attempt') as attempts,
        sum_where(transfers, class_now = 'attempt' and verdict_now = 'enjoined') as attempts_barred_now,
        sum_where(transfers, class_now = 'attempt' and verdict_then = 'enjoined') as attempts_barred_then,
        sum_where(transfers, class_now = 'unattributed') as unattributed,
        sum_where(transfers, barred_if_attributed) as unattributed_barred,
        sum_where(transfers, class_now = 'unattributed' and nameless) as unattributed_nameless,
        sum_where(transfers, class_now = 'out_of_scope') as out_of_scope,
        sum_where(transfers, in_scope and not timed) as untimed
    from (
        select
            t.*,
            -- `--held-by` fills in a sender of which the log names nothing, a place or a number.
            case
                when t.unattributed then l.sender is null or deduces('place', l.deduced) or is_opaque(l.sender)
            end as nameless
        from selected_tallies t
        inner join logged_disclosures l on t.disclosure_id = l.disclosure_id
    ) told
),

-- An order that is reported and switched off, whose days contain the day of now.
reported as (
    select r.*
    from policy_regimes r
    cross join settings s
    where not r.enabled and s.as_of between r.first_day and coalesce(r.last_day, date '9999-12-31')
    qualify row_number() over (order by r.first_day desc, r.regime_id asc) = 1
),

worse as (
    select coalesce(sum(t.transfers), 0)::bigint as transfers
    from selected_tallies t
    inner join reported r on true
    inner join judgments j on t.disclosure_id = j.disclosure_id and r.regime_id = j.regime_id
    inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
    where
        t.in_scope
        and not t.attempt
        -- With a party unknown the verdict stays at review under every order.
        and not d.unknown_agency
        and severity_rank(j.verdict) > severity_rank(t.verdict_now)
)

select
    m.*,
    s.as_of,
    s.since,
    s.regime_now,
    r.title as regime_title,
    r.first_day as regime_first_day,
    r.last_day as regime_last_day,
    r.citation,
    r.evidence as certainty,
    p.regime_id as reported_regime,
    p.title as reported_title,
    p.first_day as reported_first_day,
    p.evidence as reported_certainty,
    case when p.regime_id is not null then w.transfers end as reported_worse,
    c.caption,
    c.no_order_read
from settings s
cross join policy_settings c
cross join sums m
cross join worse w
left join policy_regimes r on s.regime_now = r.regime_id
left join reported p on true;
