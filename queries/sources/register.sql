/*
title = "Disclosure register or accounting (CSV, TSV, workbook)"
description = """
A table that people keep: one row a disclosure, or one for all between a first and a last day. Columns are found by
their headers, or named by a mapping. Each different cell was read once into `register_cells`. What the register says
was disclosed is declared, by the one who disclosed it.
"""
reader = "register"
*/
-- What stands in these columns repeats together: it is told once for all rows that say the same.
with said as (
    select distinct programs, states, elements, populations, action
    from incoming
),

told as (
    select
        w.*,
        p.items as program_items,
        s.items as state_items,
        m.items as element_items,
        o.items as population_items,
        -- What the mapping gives to all records alike stands in none of them.
        case when is_shared('programs') then as_deduced('program', p.items, from_mapping()) else [] end
        || case when is_shared('states') then as_deduced('state', s.items, from_mapping()) else [] end
        || case
            when regexp_matches(w.states, '(?i)(^|[;,\n])\s*(all\s+)?(of\s+)?(the\s+)?(\d+\s+)?plaintiff\s+states')
                then as_deduced('state', s.items, 'the states of every order, as the policy lists them')
            else []
        end
        || case when is_shared('elements') then as_deduced('element', m.items, from_mapping()) else [] end
        || case when is_shared('populations') then as_deduced('population', o.items, from_mapping()) else [] end
        as deduced,
        case
            when regexp_matches(fold(w.action), '\bdownload|\bpull|\bretriev') then 'download'
            when regexp_matches(fold(w.action), '\bview|\bread[- ]only|\binspect') then 'view'
            when regexp_matches(fold(w.action), '\bquer|\bapi\b|\bremote access|\blog-?in\b|\bdirect access')
                then 'query'
            when regexp_matches(fold(w.action), '\bshar|\bteams\b|\bonedrive|\bbox\b') then 'share'
            when regexp_matches(
                fold(w.action),
                '\beft\b|ftp\b|connect:?direct|\bupload|mail|courier|\bcd\b|\bdvd\b|\busb\b|\bdis[ck]\b|\bfile'
                || '|\bpush|transfer|transmi|\bfax|\bpaper|moveit|gateway|\bsent\b|\bsend'
            )
                then 'push'
            else w.action
        end as told_action
    from said w
    left join register_cells p on p.kind = 'programs' and w.programs = p.cell
    left join register_cells s on s.kind = 'states' and w.states = s.cell
    left join register_cells m on m.kind = 'elements' and w.elements = m.cell
    left join register_cells o on o.kind = 'populations' and w.populations = o.cell
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
        end as day_text,
        case
            when (
                transfer_id < '0' or transfer_id > 'zz' or transfer_id like 'x%' or transfer_id like 'X%'
                or transfer_id like 'R%'
            )
            and regexp_matches(fold(transfer_id), '\(\s*b\s*\)\s*\(\s*\d|x{4,}|redacted|withheld|█|■|\*\*')
                then null
            when lower(transfer_id) in ('redacted', 'withheld') or named_party(transfer_id) is null then null
            else transfer_id
        end as id,
        named_party(sender) as told_sender,
        named_party(recipient) as told_recipient
    from incoming
)

select
    i.record_no,
    i.set_aside,
    i.unreadable,
    i.id as transfer_id,
    coalesce(d.begins, day_of_register(i.day_text)) as occurred_at,
    coalesce(u.ends, u.begins, day_of_register(unless_blank(i.occurred_until)), d.ends) as occurred_until,
    coalesce(e.number, grouped_count(i.event_count)) as event_count,
    i.told_sender as sender,
    i.told_recipient as recipient,
    i.actor,
    t.told_action as action,
    i.system,
    i.authority,
    t.program_items as programs,
    t.state_items as states,
    case when x.items is null then t.element_items else list_concat(t.element_items, x.items) end as elements,
    case when len(t.element_items) > 0 then 'declared' else 'unknown' end as element_basis,
    t.population_items as populations,
    t.deduced || as_deduced('element', x.items, 'a column that names data elements and was not read') as deduced,
    coalesce(c.number::varchar, grouped_count(i.record_count)::varchar, i.record_count) as record_count,
    i.purpose,
    -- What the words mean, the policy says.
    i.outcome,
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
left join register_cells x on x.kind = 'left_out' and i.left_out = x.cell and len(x.items) > 0
left join told t
    on i.programs is not distinct from t.programs
    and i.states is not distinct from t.states
    and i.elements is not distinct from t.elements
    and i.populations is not distinct from t.populations
    and i.action is not distinct from t.action
