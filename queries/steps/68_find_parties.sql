/*
title = "Find the agencies behind the parties"
description = """
Leaves `logged_parties`: each text that stands as sender or recipient, the agency it names and which line of the
policy tables says so. A text is looked up as a word of agencies.csv first, then in parties.csv: as mail domain,
account, address, name and word in a name. A text that names several parties counts as the one that brings the
transfer into scope, of several such the parts of DHS that enforce immigration law first, and a whole name before a
word in one; without one, as their agency if all are known and agree, else as nobody known. A place (a database, a
bucket, the account of a server) is where data lay and no party: a mere word in its name, or in its owner's, can make it
one of CMS, never one of DHS. One query over sixty lines, because each kind of line is found its own way and the first
that finds anything counts.
"""
*/
create or replace temp table logged_names as
select
    case when deduces('place', deduced) then 'place' else 'sender' end as role,
    sender as text
from logged_disclosures
where sender is not null
union
select
    'sender',
    d.item
from (
    select unnest(deduced) as d
    from logged_disclosures
) told
where d.kind = 'sender'
union
select
    'recipient',
    recipient
from logged_disclosures
where recipient is not null;

create or replace temp table party_pieces as
with parted as (
    select distinct
        text,
        role = 'place' as is_place,
        -- The engine keeps a text with each of its parts: of one with very many, the whole is looked up alone.
        case when is_many(text, len(party_parts(text))) then [text] else party_parts(text) end as parts
    from logged_names
)

select
    text,
    is_place,
    0 as place,
    text as part,
    len(parts) > 1 as names_several
from parted
union all
select
    text,
    is_place,
    generate_subscripts(parts, 1),
    unnest(parts),
    false
from parted
where len(parts) > 1;

create or replace temp table party_lines as
with agencies as (
    select distinct agency, side from policy_agencies
),

pieces as (
    select
        part,
        is_place,
        word(part) as key,
        -- A text that names several is only looked up as a whole where the whole is a word or a name.
        bool_and(names_several) as names_several
    from party_pieces
    group by part, is_place
),

single as (
    select
        part,
        is_place,
        key,
        domain_of(part) as domain
    from pieces
    where not names_several and not is_many(part, len(string_split(key, '_')))
),

endings as (
    select
        part,
        is_place,
        unnest(list_transform(
            range(len(string_split(domain, '.'))),
            lambda place: array_to_string(string_split(domain, '.')[place + 1:], '.')
        )) as ending
    from single
    where domain is not null and not is_many(domain, len(string_split(domain, '.')))
),

-- Where nobody's network is known, no text is taken apart as an address.
addresses as (
    select
        part,
        is_place,
        address_key(part) as address
    from single
    where 'network' in (select kind from policy_parties)
),

-- Words that stand together: a department of human services is a state's, whatever letters it is called by.
phrases as (
    select
        s.part,
        s.is_place,
        p.kind,
        p.value_key,
        p.agency,
        p.certainty,
        p.origin
    from single s
    inner join policy_parties p on p.kind = 'phrase' and contains('_' || s.key || '_', '_' || p.value_key || '_')
    where not contains(s.part, '@')
    union all
    select
        s.part,
        s.is_place,
        'phrase',
        n.alias_key || '_dhs',
        'STATE',
        'C',
        n.origin
    from single s
    inner join policy_states n
        on n.code_system = 'name' and contains('_' || s.key || '_', '_' || n.alias_key || '_dhs_')
    where not contains(s.part, '@') and 'STATE' in (select agency from agencies)
),

named_tokens as (
    select
        s.part,
        s.is_place,
        p.value_key,
        p.agency,
        p.certainty,
        p.origin,
        a.side,
        -- DHS.ICE is ICE: a department beside a component of its own is no second party.
        p.agency = 'DHS' and bool_or(a.side = 'recipient' and p.agency <> 'DHS')
            over (partition by s.part, s.is_place) as is_department,
        -- ICE_READ is a name of ICE's own; of a longer name one word proves little.
        s.rest = 0 and regexp_full_match(s.part, '[A-Za-z0-9_.-]+')
        or count(*) over (partition by s.part, s.is_place) > 1 as is_whole
    from (
        select
            part,
            is_place,
            unnest(words) as token,
            len(list_filter(words, lambda w: not is_technical(w) and not list_contains(known, w))) as rest
        from (
            select
                part,
                is_place,
                list_distinct(string_split(key, '_')) as words
            from single
            -- The domain of a mail address says who it is: a name before it says nothing.
            where not contains(part, '@')
        ) split
        cross join (
            select coalesce(list(value_key), []) as known
            from policy_parties
            where kind = 'token'
        ) tokens
    ) s
    inner join policy_parties p on p.kind = 'token' and s.token = p.value_key
    inner join agencies a on p.agency = a.agency
),

tokens as (
    select
        part,
        is_place,
        agency,
        min(value_key) as value_key,
        min(certainty) as certainty,
        arg_min(origin, value_key) as origin,
        bool_or(is_whole) as is_whole,
        count(*) over (partition by part, is_place) as agencies
    from named_tokens
    where case when is_place then side = 'sender' else not is_department end
    group by part, is_place, agency
),

found as (
    select
        p.part,
        p.is_place,
        'alias' as found_by,
        1 as asked,
        0 as length,
        a.alias_key as matched,
        a.agency,
        null as certainty,
        a.origin
    from pieces p
    inner join policy_agencies a on p.key = a.alias_key
    where not p.is_place or a.side = 'sender'
    union all
    select e.part, e.is_place, p.kind, 2, length(e.ending), p.value_key, p.agency, p.certainty, p.origin
    from endings e
    inner join policy_parties p on p.kind = 'mail_domain' and e.ending = p.value_key
    union all
    select s.part, s.is_place, p.kind, 3, 0, p.value_key, p.agency, p.certainty, p.origin
    from single s
    inner join policy_parties p on p.kind = 'account' and account_of(s.part) = p.value_key
    union all
    -- The narrowest network is the one that starts last, and of those the one that ends first.
    select a.part, a.is_place, p.kind, 4, 0, p.value_key, p.agency, p.certainty, p.origin
    from addresses a
    inner join policy_parties p
        on p.kind = 'network' and a.address between p.first_address and p.last_address
        and length(a.address) = length(p.first_address)
    qualify row_number() over (
        partition by a.part, a.is_place order by p.first_address desc, p.last_address asc
    ) = 1
    union all
    select k.part, k.is_place, p.kind, 5, 0, p.value_key, p.agency, p.certainty, p.origin
    from pieces k
    inner join policy_parties p on p.kind = 'name' and k.key = p.value_key
    union all
    select part, is_place, kind, 6, length(value_key), value_key, agency, certainty, origin
    from phrases
    union all
    select
        part, is_place, case when is_whole then 'account_name' else 'token' end, 7, 0, value_key, agency, certainty,
        origin
    from tokens
    where agencies = 1
)

select
    f.part,
    f.is_place,
    f.found_by,
    f.matched,
    f.agency,
    a.side,
    f.certainty,
    f.origin
from found f
inner join agencies a on f.agency = a.agency
qualify row_number() over (
    partition by f.part, f.is_place order by f.asked asc, f.length desc, f.matched asc
) = 1;

create or replace table logged_parties as
-- The whole text where it is known or names one party, else its parts.
with pieces as (
    select
        p.text,
        p.is_place,
        p.place,
        p.part,
        l.found_by,
        l.matched,
        l.agency,
        l.side,
        l.certainty,
        l.origin
    from party_pieces p
    left join party_lines l
        on p.part = l.part and p.is_place = l.is_place
        and (not p.names_several or l.found_by in ('alias', 'name'))
    qualify p.place = 0 and (not p.names_several or l.agency is not null)
        or p.place > 0 and count(l.agency) filter (where p.place = 0) over (partition by p.text, p.is_place) = 0
),

-- What one word suggests never takes a transfer out of scope: it counts for the side that is asked about only.
known as (
    select
        r.role,
        p.*,
        case r.role when 'recipient' then 'recipient' else 'sender' end as side_asked
    from logged_names r
    inner join pieces p on r.text = p.text and p.is_place = (r.role = 'place')
),

asked as (
    select * replace (
        case when found_by <> 'token' or side = side_asked then agency end as agency,
        case when found_by <> 'token' or side = side_asked then side end as side
    )
    from known
),

counted as (
    select
        p.role,
        p.text,
        count(*) as parts,
        list_sort(list(distinct coalesce(p.agency, 'unknown'))) as agencies,
        arg_min(
            p,
            case when p.found_by = 'token' then 2000000 else 0 end
            + case when p.side = 'recipient' and not enforces(p.agency) then 1000000 else 0 end
            + p.place
        ) filter (where p.side = p.side_asked) as asked_about,
        arg_min(p, p.place) as first_part,
        bool_or(p.agency is null) as some_unknown
    from asked p
    group by p.role, p.text
),

settled as (
    select
        role,
        text,
        parts,
        agencies,
        coalesce(asked_about, case when not some_unknown and len(agencies) = 1 then first_part end) as party
    from counted
)

select
    role,
    text,
    party.agency,
    coalesce(party.side, 'unknown') as side,
    case when party.agency is not null then party.found_by end as found_by,
    party.part,
    case when party.agency is not null then party.matched end as matched,
    case when party.agency is not null then party.certainty end as certainty,
    case when party.agency is not null then party.origin end as origin,
    parts,
    agencies
from settled
order by role, text;

drop table logged_names;
drop table party_pieces;
drop table party_lines;
