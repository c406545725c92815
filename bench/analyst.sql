-- What a good analyst would write in an afternoon: unnest the log, join the policy tables, group back.
-- It knows the spec, and trusts the log: no bad record, no conflicting id, every time readable.
with words as (
    select
        *,
        trim(regexp_replace(lower(sender), '[^a-z0-9]+', '_', 'g'), '_') as sender_key,
        trim(regexp_replace(lower(recipient), '[^a-z0-9]+', '_', 'g'), '_') as recipient_key,
        trim(regexp_replace(lower(purpose), '[^a-z0-9]+', '_', 'g'), '_') as purpose_key,
        (occurred_at at time zone 'America/Los_Angeles')::date as day
    from log
),

transfers as (
    select
        w.*,
        s.side as sender_side,
        r.side as recipient_side,
        p.purpose as purpose_kind,
        t.regime_id as regime_then,
        (
            select regime_id
            from policy_regimes
            where enabled and $as_of >= first_day and $as_of <= coalesce(last_day, date '9999-12-31')
        ) as regime_now
    from words w
    left join (select distinct alias_key, side from policy_agencies) s on w.sender_key = s.alias_key
    left join (select distinct alias_key, side from policy_agencies) r on w.recipient_key = r.alias_key
    left join policy_purposes p on w.purpose_key = p.alias_key
    left join policy_regimes t
        on t.enabled and w.day >= t.first_day and w.day <= coalesce(t.last_day, date '9999-12-31')
),

judged_under as (
    select transfer_id, 'now' as asked, regime_now as regime_id from transfers
    union all
    select transfer_id, 'then', regime_then from transfers
),

parts as (
    select transfer_id, 'category' as kind, coalesce(e.category, 'unclassified') as key
    from (select transfer_id, unnest(elements) as item from transfers)
    left join policy_elements e on trim(regexp_replace(lower(item), '[^a-z0-9]+', '_', 'g'), '_') = e.alias_key
    union all
    select transfer_id, 'population', coalesce(p.population, 'unknown')
    from (select transfer_id, unnest(populations) as item from transfers)
    left join policy_populations p on trim(regexp_replace(lower(item), '[^a-z0-9]+', '_', 'g'), '_') = p.alias_key
    union all
    select transfer_id, 'program', coalesce(p.program, 'unknown')
    from (select transfer_id, unnest(programs) as item from transfers)
    left join policy_programs p on trim(regexp_replace(lower(item), '[^a-z0-9]+', '_', 'g'), '_') = p.alias_key
),

states as (
    select transfer_id, coalesce(p.state, 'unknown') as state
    from (select transfer_id, unnest(states) as item from transfers)
    left join (select distinct alias_key, state from policy_states) p
        on trim(regexp_replace(lower(item), '[^a-z0-9]+', '_', 'g'), '_') = p.alias_key
),

ranks as (
    select
        p.transfer_id,
        j.asked,
        j.regime_id,
        max(case coalesce(s.severity, case p.kind
            when 'category' then r.default_category
            when 'population' then r.default_population
            else r.default_program
        end, 'review') when 'enjoined' then case when i.category is null then 3 else 1 end
            when 'review' then case when i.category is null then 2 else 1 end
            when 'permitted' then 1 else 0 end) as content
    from parts p
    inner join judged_under j on p.transfer_id = j.transfer_id
    inner join policy_regimes r on j.regime_id = r.regime_id
    left join policy_severities s on j.regime_id = s.regime_id and p.kind = s.kind and p.key = s.key
    left join (
        select distinct b.transfer_id, l.category, v.regime_id
        from parts b
        inner join policy_implied_by l on b.kind = 'category' and b.key = l.implied_by
        inner join policy_severities v on v.kind = 'category' and v.key = l.implied_by and v.severity = 'permitted'
    ) i on p.kind = 'category' and p.transfer_id = i.transfer_id and p.key = i.category and j.regime_id = i.regime_id
    group by all
),

reach as (
    select
        s.transfer_id,
        j.asked,
        bool_or(p.status = 'covered') as covered,
        bool_or(p.status = 'unsettled') as unsettled,
        bool_or(s.state = 'unknown') as unknown,
        bool_or(j.regime_id in (select regime_id from policy_regime_states)) as reaches
    from states s
    inner join judged_under j on s.transfer_id = j.transfer_id
    left join policy_regime_states p on j.regime_id = p.regime_id and s.state = p.state
    group by all
),

verdicts as (
    select
        k.transfer_id,
        k.asked,
        case
            when not h.reaches then 0
            else greatest(
                case when h.covered then k.capped else 0 end,
                case when h.unsettled then least(k.capped, 2) else 0 end,
                case when h.unknown then 2 else 0 end
            )
        end as verdict
    from (
        select
            n.transfer_id,
            n.asked,
            case
                when t.purpose_kind = 'other' and r.other_purpose = 'outside' then 0
                when t.purpose_kind = 'other' and r.other_purpose = 'review' then 2
                else n.content
            end as capped
        from ranks n
        inner join transfers t on n.transfer_id = t.transfer_id
        inner join policy_regimes r on n.regime_id = r.regime_id
    ) k
    inner join reach h on k.transfer_id = h.transfer_id and k.asked = h.asked
)

select
    case when o.in_scope then ['outside', 'permitted', 'review', 'enjoined'][coalesce(p.verdict, 0) + 1] else 'out_of_scope' end
        as verdict_then,
    case when o.in_scope then ['outside', 'permitted', 'review', 'enjoined'][coalesce(n.verdict, 0) + 1] else 'out_of_scope' end
        as verdict_now,
    count(*) as transfers
from (
    select
        transfer_id,
        sender_side = 'sender' and recipient_side = 'recipient' and day >= date '2025-06-01' as in_scope
    from transfers
) o
left join verdicts n on o.transfer_id = n.transfer_id and n.asked = 'now'
left join verdicts p on o.transfer_id = p.transfer_id and p.asked = 'then'
group by all
order by all
