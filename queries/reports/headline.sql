/*
title = "The figures of the headline"
description = """
One row: how many transfers were read, how many of them would be barred now and were barred then, what is
to review, attempts apart, what is out of scope. `people` adds up the counts of the log: one person may be
in many transfers.
"""
selection = true
*/
with sums as (
    select
        coalesce(sum(transfers), 0)::bigint as transfers,
        coalesce(sum(transfers) filter (where not in_scope), 0)::bigint as out_of_scope,
        coalesce(sum(transfers) filter (where in_scope and not attempt), 0)::bigint as judged,
        coalesce(sum(people) filter (where in_scope and not attempt), 0)::hugeint as people,
        coalesce(sum(counted) filter (where in_scope and not attempt), 0)::bigint as counted,
        coalesce(sum(transfers) filter (where not attempt and verdict_now = 'enjoined'), 0)::bigint as barred_now,
        coalesce(sum(transfers) filter (where not attempt and verdict_then = 'enjoined'), 0)::bigint as barred_then,
        coalesce(sum(transfers) filter (where not attempt and verdict_now = 'review'), 0)::bigint as review_now,
        coalesce(sum(transfers) filter (where not attempt and verdict_then = 'review'), 0)::bigint as review_then,
        coalesce(sum(people) filter (where not attempt and verdict_now = 'enjoined'), 0)::hugeint
            as people_barred_now,
        coalesce(sum(people) filter (where not attempt and verdict_then = 'enjoined'), 0)::hugeint
            as people_barred_then,
        coalesce(sum(transfers) filter (where attempt and in_scope), 0)::bigint as attempts,
        coalesce(sum(transfers) filter (where attempt and verdict_now = 'enjoined'), 0)::bigint as attempts_barred_now,
        coalesce(sum(transfers) filter (where attempt and verdict_then = 'enjoined'), 0)::bigint
            as attempts_barred_then,
        coalesce(sum(transfers) filter (where in_scope and not timed), 0)::bigint as untimed
    from selected_tallies
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
    r.evidence as certainty
from settings s
cross join sums m
left join policy_regimes r on s.regime_now = r.regime_id;
