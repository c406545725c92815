/*
title = "Parties that no table knows"
description = """
Texts that stand as sender or recipient and name no agency that the policy tables know, by the number of transfers:
each is a line to add to parties.csv. Texts that are blacked out are left out, for nobody can say whom they name:
`redacted` is how many transfers have one. `in_scope` counts those whose verdict stays at review
because of it; `in_all` is how many such texts there are.
"""

[params.unknown_parties_limit]
type = "integer"
unit = "texts"
description = "How many to list, the most frequent first; all where it is not set."
*/
with unnamed as (
    select
        *,
        is_redacted(text) as redacted
    from (
        select disclosure_id, 'sender' as role, sender as text
        from disclosure_parties
        where sender_side = 'unknown' and sender is not null
        union all
        select disclosure_id, 'recipient', recipient
        from disclosure_parties
        where recipient_side = 'unknown' and recipient is not null
    ) u
),

unknown as (
    select disclosure_id, role, text
    from unnamed
    where not redacted
),

blacked_out as (
    select coalesce(sum(t.transfers), 0)::bigint as transfers
    from tallies t
    inner join (
        select distinct disclosure_id
        from unnamed
        where redacted
    ) u on t.disclosure_id = u.disclosure_id
),

counted as (
    select
        u.role,
        u.text,
        sum(t.transfers)::bigint as transfers,
        sum_where(t.transfers, t.in_scope) as in_scope
    from unknown u
    inner join tallies t on u.disclosure_id = t.disclosure_id
    group by all
),

listed as (
    select
        *,
        count(*) over () as in_all,
        row_number() over (order by transfers desc, text asc, role desc) as place
    from counted
    qualify place <= coalesce(getvariable('unknown_parties_limit')::bigint, in_all)
),

-- Only the records of those listed are looked at; the records, which may be many, go past the few that are asked for.
asked as (
    select
        l.place,
        u.disclosure_id
    from listed l
    inner join unknown u on l.role = u.role and l.text = u.text
),

files as (
    select
        a.place,
        min(s.path) as first_file
    from kept_records r
    inner join asked a on r.disclosure_id = a.disclosure_id
    inner join sources s on r.record_key // 68719476736 = s.source_id
    group by a.place
)

select
    l.text,
    l.role,
    l.transfers,
    l.in_scope,
    f.first_file,
    l.in_all,
    b.transfers as redacted
from listed l
inner join files f on l.place = f.place
cross join blacked_out b
order by l.place;
