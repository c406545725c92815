/*
title = "Find the lines of policy that change verdicts"
description = """
Leaves the table `causes`: for each changed verdict, now and then, the lines of policy that differ and had a part
in it. A part of the content counts where it decided: if the verdict got worse, as one of the worst parts after;
if milder, as one of the worst before. One query over sixty lines, because each kind of line is found its own way
and all must be told together.
"""
*/
-- Each changed verdict once, with the regimes that gave it.
create or replace temp table judged_changes as
select distinct
    c.time,
    c.disclosure_id,
    c.pair_id,
    case c.time when 'now' then s.regime_now else p.regime_before end as regime_before,
    case c.time when 'now' then t.regime_now else p.regime_after end as regime_after,
    -- Out of scope ranks below all: to come into scope is to get worse.
    coalesce(severity_rank(c.verdict_after), -1) > coalesce(severity_rank(c.verdict_before), -1) as worse
from changed_verdicts c
inner join regime_pairs p on c.pair_id = p.pair_id
cross join before.settings s
cross join after.settings t;

create or replace temp table causes as
-- A regime that reaches nobody has no parts or states to compare: that it is in force is the whole cause.
with compared as (
    select *
    from judged_changes
    where
        regime_before in (select regime_id from before.policy_regime_states)
        and regime_after in (select regime_id from after.policy_regime_states)
),

parts as (
    select
        c.time,
        c.disclosure_id,
        c.pair_id,
        c.regime_after || ': ' || k.kind || ' ' || k.key || ' '
        || coalesce(s.severity, 'not there') || ' -> ' || coalesce(t.severity, 'not there') as what,
        coalesce(t.origin, s.origin, r.origin) as origin
    from compared c
    inner join after.disclosure_meanings k on c.disclosure_id = k.disclosure_id and k.kind <> 'state'
    inner join before.judgments b on c.disclosure_id = b.disclosure_id and c.regime_before = b.regime_id
    inner join after.judgments a on c.disclosure_id = a.disclosure_id and c.regime_after = a.regime_id
    left join before.severities s on c.regime_before = s.regime_id and k.kind = s.kind and k.key = s.key
    left join after.severities t on c.regime_after = t.regime_id and k.kind = t.kind and k.key = t.key
    left join after.policy_regimes r on c.regime_after = r.regime_id
    where
        case
            when c.worse
                then severity_rank(t.severity) > coalesce(severity_rank(s.severity), -1)
                and t.severity = a.content_before_purpose
            else severity_rank(t.severity) < severity_rank(s.severity) and s.severity = b.content_before_purpose
        end
),

states as (
    select
        c.time,
        c.disclosure_id,
        c.pair_id,
        c.regime_after || ': state ' || k.key || ' ' || coalesce(s.status, 'not covered') || ' -> '
        || coalesce(t.status, 'not covered') as what,
        coalesce(t.origin, s.origin) as origin
    from compared c
    inner join after.disclosure_meanings k on c.disclosure_id = k.disclosure_id and k.kind = 'state'
    left join before.policy_regime_states s on c.regime_before = s.regime_id and k.key = s.state
    left join after.policy_regime_states t on c.regime_after = t.regime_id and k.key = t.state
    where
        s.status is distinct from t.status
        and (
            case s.status when 'covered' then 2 when 'unsettled' then 1 else 0 end
            < case t.status when 'covered' then 2 when 'unsettled' then 1 else 0 end
        ) = c.worse
),

changed_parties as (
    select
        a.role,
        a.text,
        'party ' || coalesce(a.matched, b.matched) || ': '
        || coalesce(b.agency || ' (' || b.side || ')', 'unknown') || ' -> '
        || coalesce(a.agency || ' (' || a.side || ')', 'unknown') as what,
        coalesce(a.origin, b.origin) as origin
    from after.logged_parties a
    inner join before.logged_parties b on a.role = b.role and a.text = b.text
    where a.agency is distinct from b.agency or a.side <> b.side
),

words as (
    select
        m.disclosure_id,
        m.kind,
        word(unnest(list_concat(m.items, list_transform(m.deduced, lambda x: x.item)))) as alias_key
    from before.disclosure_meanings m
    where exists (select 1 from changed_words) and m.disclosure_id in (select disclosure_id from judged_changes)
    union
    select
        d.disclosure_id,
        'purpose',
        word(d.purpose)
    from logged_disclosures d
    where exists (select 1 from changed_words) and d.disclosure_id in (select disclosure_id from judged_changes)
)

-- Another regime is in force.
select
    c.time,
    c.disclosure_id,
    c.pair_id,
    coalesce(c.regime_before, 'no regime') || ' -> ' || coalesce(c.regime_after, 'no regime') as what,
    coalesce(a.origin, b.origin) as origin
from judged_changes c
left join before.policy_regimes b on c.regime_before = b.regime_id
left join after.policy_regimes a on c.regime_after = a.regime_id
where c.regime_before is distinct from c.regime_after
union all
select * from parts
union all
select * from states
union all
-- What a regime makes of a purpose that is not immigration enforcement, or that nobody knows.
select
    c.time,
    c.disclosure_id,
    c.pair_id,
    c.regime_after || ': other purpose ' || coalesce(b.other_purpose, 'no cap') || ' -> '
    || coalesce(a.other_purpose, 'no cap'),
    a.origin
from judged_changes c
inner join after.disclosures d
    on c.disclosure_id = d.disclosure_id
    and (d.purpose_kind in ('other', 'unrecognized') or (d.purpose_kind = 'presumed' and not d.enforces))
inner join before.policy_regimes b on c.regime_before = b.regime_id
inner join after.policy_regimes a on c.regime_after = a.regime_id
where b.other_purpose is distinct from a.other_purpose
union all
-- A word means something else.
select
    c.time,
    c.disclosure_id,
    c.pair_id,
    x.kind || ' ' || x.alias_key || ': ' || x.what,
    x.origin
from judged_changes c
inner join words w on c.disclosure_id = w.disclosure_id
inner join changed_words x on w.kind = x.kind and w.alias_key = x.alias_key
union all
-- A party is found to be another one.
select
    c.time,
    c.disclosure_id,
    c.pair_id,
    p.what,
    p.origin
from judged_changes c
inner join (
    select
        disclosure_id,
        case when deduces('place', deduced) then 'place' else 'sender' end as role,
        sender as text
    from logged_disclosures
    union all
    select disclosure_id, 'sender', deduced_item('sender', deduced) from logged_disclosures
    union all
    select disclosure_id, 'recipient', recipient from logged_disclosures
) d on c.disclosure_id = d.disclosure_id
inner join changed_parties p on d.role = p.role and d.text = p.text;
