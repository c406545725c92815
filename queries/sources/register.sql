/*
title = "Disclosure register or accounting (CSV, TSV, workbook)"
description = """
A table that people keep: one row a disclosure, or one for all between a first and a last day. Columns are found by
their headers, or named by a mapping. Each different cell was read once into `register_cells`. What the register says
was disclosed is declared, by the one who disclosed it.
"""
reader = "register"
*/
with actions as (
    select
        action,
        case
            when regexp_matches(fold(action), '\bdownload|\bpull|\bretriev') then 'download'
            when regexp_matches(fold(action), '\bview|\bread[- ]only|\binspect') then 'view'
            when regexp_matches(fold(action), '\bquer|\bapi\b|\bremote access|\blog-?in\b|\bdirect access') then 'query'
            when regexp_matches(fold(action), '\bshar|\bteams\b|\bonedrive|\bbox\b') then 'share'
            when regexp_matches(
                fold(action),
                '\beft\b|ftp\b|connect:?direct|\bupload|mail|courier|\bcd\b|\bdvd\b|\busb\b|\bdis[ck]\b|\bfile'
                || '|\bpush|transfer|transmi|\bfax|\bpaper|moveit|gateway|\bsent\b|\bsend'
            )
                then 'push'
            else action
        end as told
    from (select distinct action from incoming) logged
),

outcomes as (
    select
        outcome,
        case
            when word(outcome) in (
                'success', 'successful', 'succeeded', 'ok', 'complete', 'completed', 'delivered', 'sent', 'done',
                'transferred'
            )
                then 'success'
            when word(outcome) in (
                'failure', 'failed', 'fail', 'error', 'aborted', 'rejected', 'cancelled', 'canceled', 'not_delivered'
            )
                then 'failure'
            when word(outcome) in ('partial', 'partially_completed', 'incomplete') then 'partial'
            else outcome
        end as told
    from (select distinct outcome from incoming) logged
),

worded as (
    select
        *,
        -- What spreadsheets make of a bare day is midnight; a redaction in the place of an id is none.
        case
            when contains(occurred_at, '00:00')
                and regexp_full_match(occurred_at, '\d{4}-\d\d-\d\d[T ]00:00(:00(\.0+)?)?')
                then left(occurred_at, 10)
            else occurred_at
        end as occurred_text,
        case
            when (
                transfer_id < '0' or transfer_id > 'zz' or transfer_id like 'x%' or transfer_id like 'X%'
                or transfer_id like 'R%'
            )
            and regexp_matches(fold(transfer_id), '\(\s*b\s*\)\s*\(\s*\d|x{4,}|redacted|withheld|█|■|\*\*')
                then null
            when lower(transfer_id) in ('redacted', 'withheld', 'n/a', 'none') then null
            else transfer_id
        end as id
    from incoming
)

select
    i.record_no,
    i.set_aside,
    i.unreadable,
    i.id as transfer_id,
    coalesce(d.begins, i.occurred_text) as occurred_at,
    coalesce(u.ends, u.begins, unless_blank(i.occurred_until), d.ends) as occurred_until,
    coalesce(e.number, grouped_count(i.event_count)) as event_count,
    i.sender,
    i.recipient,
    i.actor,
    a.told as action,
    i.system,
    i.authority,
    p.items as programs,
    s.items as states,
    m.items as elements,
    case when len(m.items) > 0 then 'declared' else 'unknown' end as element_basis,
    o.items as populations,
    coalesce(c.number::varchar, grouped_count(i.record_count)::varchar, i.record_count) as record_count,
    i.purpose,
    r.told as outcome,
    i.file_name,
    coalesce(b.number, grouped_count(i.bytes)) as bytes,
    i.recipient_address as peer,
    unless_blank(i.note) as note
from worded i
left join register_cells d on d.kind = 'date' and i.occurred_at = d.cell
left join register_cells u on u.kind = 'date' and i.occurred_until = u.cell
left join register_cells e on e.kind = 'count' and i.event_count = e.cell
left join register_cells c on c.kind = 'count' and i.record_count = c.cell
left join register_cells b on b.kind = 'count' and i.bytes = b.cell
left join register_cells p on p.kind = 'programs' and i.programs = p.cell
left join register_cells s on s.kind = 'states' and i.states = s.cell
left join register_cells o on o.kind = 'populations' and i.populations = o.cell
left join register_cells m on m.kind = 'elements' and i.elements = m.cell
left join actions a on i.action = a.action
left join outcomes r on i.outcome = r.outcome
