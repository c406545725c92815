/*
title = "Names that decide many reviews"
description = """
Texts that stand as sender or recipient, name no agency that the policy tables know, and hold many verdicts at review:
whoever tells whose they are settles `reviews` transfers at once, of `in_all` that are to review. Texts that are
blacked out are left out, and attempts.
"""
selection = true

[params.deciding_names_limit]
type = "integer"
default = 3
unit = "texts"
description = "How many to list, those that hold the most first."

[params.deciding_names_share]
type = "integer"
default = 5
unit = "percent"
description = "Of all reviews, how many a text must hold to be listed."
*/
with held as (
    select
        d.unknown_agency and d.sender_side = 'unknown' as by_sender,
        d.unknown_agency and d.recipient_side = 'unknown' as by_recipient,
        d.sender,
        d.recipient,
        t.transfers
    from selected_tallies t
    inner join disclosure_parties d on t.disclosure_id = d.disclosure_id
    where t.class_now = 'review'
),

named as (
    select
        case when by_sender then 'sender' else 'recipient' end as role,
        case when by_sender then sender else recipient end as text,
        transfers
    from held
    where by_sender or by_recipient
),

counted as (
    select
        n.text,
        n.role,
        sum(n.transfers)::bigint as reviews,
        (select sum(transfers) from held)::bigint as in_all
    from named n
    where n.text is not null and not is_redacted(n.text)
    group by n.text, n.role
)

select
    text,
    role,
    reviews,
    in_all
from counted
where reviews * 100 >= in_all * coalesce(getvariable('deciding_names_share')::bigint, 5)
order by reviews desc, text asc, role desc
limit coalesce(getvariable('deciding_names_limit')::bigint, 3)
