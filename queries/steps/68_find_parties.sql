/*
title = "Find the agencies behind the parties"
description = """
Leaves `logged_parties`: each text that stands as sender or recipient, the agency it names and which line of the
policy tables says so. A text is looked up as a word of agencies.csv first, then in parties.csv: as mail domain,
account, address, name and word in a name. A text that names several parties counts as the one that brings the
transfer into scope; without one, as their agency if all are known and agree, else as nobody known. One query over
sixty lines, because each kind of line is found its own way and the first that finds anything counts.
"""
*/
create or replace temp table party_pieces as
with texts as (
    select sender as text from logged_disclosures
    union
    select recipient from logged_disclosures
),

parted as (
    select
        text,
        party_parts(text) as parts
    from texts
    where text is not null
)

select
    text,
    0 as place,
    text as part,
    len(parts) > 1 as names_several
from parted
union all
select
    text,
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
        word(part) as key,
        -- A text that names several is only looked up as a whole where the whole is a word or a name.
        bool_and(names_several) as names_several
    from party_pieces
    group by part
),

single as (
    select
        part,
        key,
        domain_of(part) as domain
    from pieces
    where not names_several
),

endings as (
    select
        part,
        unnest(list_transform(
            range(len(string_split(domain, '.'))),
            lambda place: array_to_string(string_split(domain, '.')[place + 1:], '.')
        )) as ending
    from single
    where domain is not null
),

-- Where nobody's network is known, no text is taken apart as an address.
addresses as (
    select
        part,
        address_key(part) as address
    from single
    where 'network' in (select kind from policy_parties)
),

named_tokens as (
    select
        s.part,
        p.value_key,
        p.agency,
        p.certainty,
        p.origin,
        -- DHS.ICE is ICE: a department beside a component of its own is no second party.
        p.agency = 'DHS' and bool_or(a.side = 'recipient' and p.agency <> 'DHS')
            over (partition by s.part) as is_department
    from (
        select
            part,
            unnest(list_distinct(string_split(key, '_'))) as token
        from single
        -- The domain of a mail address says who it is: a name before it says nothing.
        where not contains(part, '@')
    ) s
    inner join policy_parties p on p.kind = 'token' and s.token = p.value_key
    inner join agencies a on p.agency = a.agency
),

tokens as (
    select
        *,
        count(distinct agency) over (partition by part) as agencies
    from named_tokens
    where not is_department
),

found as (
    select
        p.part,
        'alias' as found_by,
        1 as asked,
        0 as length,
        a.alias_key as matched,
        a.agency,
        null as certainty,
        a.origin
    from pieces p
    inner join policy_agencies a on p.key = a.alias_key
    union all
    select e.part, p.kind, 2, length(e.ending), p.value_key, p.agency, p.certainty, p.origin
    from endings e
    inner join policy_parties p on p.kind = 'mail_domain' and e.ending = p.value_key
    union all
    select s.part, p.kind, 3, 0, p.value_key, p.agency, p.certainty, p.origin
    from single s
    inner join policy_parties p on p.kind = 'account' and account_of(s.part) = p.value_key
    union all
    -- The narrowest network is the one that starts last, and of those the one that ends first.
    select a.part, p.kind, 4, 0, p.value_key, p.agency, p.certainty, p.origin
    from addresses a
    inner join policy_parties p
        on p.kind = 'network' and a.address between p.first_address and p.last_address
        and length(a.address) = length(p.first_address)
    qualify row_number() over (partition by a.part order by p.first_address desc, p.last_address asc) = 1
    union all
    select k.part, p.kind, 5, 0, p.value_key, p.agency, p.certainty, p.origin
    from pieces k
    inner join policy_parties p on p.kind = 'name' and k.key = p.value_key
    union all
    select part, 'token', 6, 0, value_key, agency, certainty, origin
    from tokens
    where agencies = 1
)

select
    f.part,
    f.found_by,
    f.matched,
    f.agency,
    a.side,
    f.certainty,
    f.origin
from found f
inner join agencies a on f.agency = a.agency
qualify row_number() over (partition by f.part order by f.asked asc, f.length desc, f.matched asc) = 1;

create or replace table logged_parties as
with roles as (
    select distinct
        'sender' as role,
        sender as text,
        'sender' as side_asked
    from logged_disclosures
    where sender is not null
    union all
    select distinct
        'recipient',
        recipient,
        'recipient'
    from logged_disclosures
    where recipient is not null
),

-- The whole text where it is known or names one party, else its parts.
pieces as (
    select
        p.text,
        p.place,
        p.part,
        l.found_by,
        l.matched,
        l.agency,
        l.side,
        l.certainty,
        l.origin
    from party_pieces p
    left join party_lines l on p.part = l.part and (not p.names_several or l.found_by in ('alias', 'name'))
    qualify p.place = 0 and (not p.names_several or l.agency is not null)
        or p.place > 0 and count(l.agency) filter (where p.place = 0) over (partition by p.text) = 0
),

counted as (
    select
        r.role,
        r.text,
        count(*) as parts,
        list_sort(list(distinct coalesce(p.agency, 'unknown'))) as agencies,
        arg_min(p, p.place) filter (where p.side = r.side_asked) as asked_about,
        arg_min(p, p.place) as first_part,
        bool_or(p.agency is null) as some_unknown
    from roles r
    inner join pieces p on r.text = p.text
    group by r.role, r.text
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
    party.found_by,
    party.part,
    party.matched,
    party.certainty,
    party.origin,
    parts,
    agencies
from settled
order by role, text;

drop table party_pieces;
drop table party_lines;
