/*
title = "What each suppression meets"
description = """
Leaves `suppression_matches`: each finding that holds now and that a row of `asked_suppressions` is about, with the
number of transfers it stands on. A finding is met where every selector holds for it and, where several transfers share
an id and differ, for every one of them that it stands on. A file is met by any copy of a record. A finding that is
named by its id is looked up among those it hid before, and only then among all. Of records that could not be read,
those are met that a path still holds. Returns a count a suppression.
"""
[params.rules_of_any_scope]
type = "varchar[]"
description = "Rules that find things out of scope too."
*/
create or replace temp table suppression_targets as
select
    a.* replace (
        coalesce(k.rule, a.rule) as rule,
        coalesce(k.transfer_id, a.transfer_id) as transfer_id,
        coalesce(k.subject, a.subject) as subject
    ),
    -- Left where it has to be looked for among all findings.
    if(k.rule is null, a.finding_id, null) as sought_id
from asked_suppressions a
left join (
    select distinct
        finding_id(rule, coalesce(transfer_id, subject)) as finding_id,
        rule,
        transfer_id,
        subject
    from suppressed_findings
    where suppression_id in (
        select suppression_id
        from asked_suppressions
        where finding_id is not null
    )
) k on a.finding_id = k.finding_id
-- What a person wrote beside the id must hold too.
where
    coalesce(a.rule = k.rule, true)
    and coalesce(a.transfer_id = k.transfer_id, true)
    and coalesce(a.subject = k.subject, true);

create or replace temp table suppression_candidates as
with spans as (
    select
        *,
        coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], rule), false) as anywhere
    from finding_spans
    where until_scan is null and reads <> 'sources'
),

of_named_transfers as (
    select
        t.suppression_id,
        t.rule,
        t.sought_id,
        e.*
    from events e
    inner join suppression_targets t on e.transfer_id = t.transfer_id
),

of_contents as (
    select
        t.suppression_id,
        t.sought_id,
        s.rule,
        s.key as disclosure_id,
        s.anywhere
    from spans s
    inner join disclosures d on s.key = d.disclosure_id
    inner join suppression_targets t
        on
            coalesce(s.rule = t.rule, true)
            and coalesce(d.recipient_agency = t.recipient_agency, t.recipient_agency is null)
            and coalesce(list_contains(d.states, t.state), true)
    where s.reads = 'disclosures' and t.transfer_id is null and t.subject is null
),

of_events as (
    select
        t.suppression_id,
        t.sought_id,
        s.rule,
        s.key as record_key
    from spans s
    inner join suppression_targets t on coalesce(s.rule = t.rule, true)
    where s.reads = 'transfers' and t.transfer_id is null and t.subject is null
)

select n.suppression_id, s.rule, n.transfer_id, n.record_key, n.disclosure_id
from of_named_transfers n
inner join spans s on s.reads = 'disclosures' and n.disclosure_id = s.key
where
    (n.in_scope or s.anywhere)
    and coalesce(n.rule = s.rule, true)
    and (n.sought_id is null or n.sought_id = finding_id(s.rule, n.transfer_id))
union all
select n.suppression_id, s.rule, n.transfer_id, n.record_key, n.disclosure_id
from of_named_transfers n
inner join spans s on s.reads = 'transfers' and n.record_key = s.key
where coalesce(n.rule = s.rule, true) and (n.sought_id is null or n.sought_id = finding_id(s.rule, n.transfer_id))
union all
select c.suppression_id, c.rule, e.transfer_id, e.record_key, e.disclosure_id
from events e
inner join of_contents c on e.disclosure_id = c.disclosure_id
where
    (e.in_scope or c.anywhere)
    and (c.sought_id is null or c.sought_id = finding_id(c.rule, e.transfer_id))
union all
select o.suppression_id, o.rule, e.transfer_id, e.record_key, e.disclosure_id
from events e
inner join of_events o on e.record_key = o.record_key
where o.sought_id is null or o.sought_id = finding_id(o.rule, e.transfer_id);

create or replace temp table suppression_matches as
with copies as (
    select
        t.suppression_id,
        d.kept_key as record_key
    from duplicates d
    inner join sources s on s.source_id = d.record_key // 68719476736
    inner join suppression_targets t
        on t.source_file is not null and is_file_named(s.path, t.source_file)
    group by all
),

on_transfers as (
    select
        c.suppression_id,
        c.rule,
        c.transfer_id,
        null::varchar as subject,
        count(*) as records,
        count(distinct c.record_key) as versions
    from suppression_candidates c
    inner join suppression_targets t on c.suppression_id = t.suppression_id
    inner join disclosures d on c.disclosure_id = d.disclosure_id
    inner join sources s on s.source_id = c.record_key // 68719476736
    left join copies k on c.suppression_id = k.suppression_id and c.record_key = k.record_key
    where
        coalesce(t.recipient_agency = d.recipient_agency, t.recipient_agency is null)
        and coalesce(list_contains(d.states, t.state), true)
        and coalesce(is_file_named(s.path, t.source_file) or k.record_key is not null, true)
    group by all
),

on_shared_ids as (
    select
        s.rule,
        e.transfer_id,
        count(distinct e.record_key) as versions
    from events e
    semi join conflicts c on e.record_key = c.record_key
    inner join finding_spans s
        on
            s.until_scan is null
            and s.key = case s.reads when 'disclosures' then e.disclosure_id when 'transfers' then e.record_key end
    where
        s.reads = 'transfers'
        or e.in_scope
        or coalesce(list_contains(getvariable('rules_of_any_scope')::varchar[], s.rule), false)
    group by all
)

select o.suppression_id, o.rule, o.transfer_id, o.subject, o.records
from on_transfers o
left join on_shared_ids h on o.rule = h.rule and o.transfer_id = h.transfer_id
where o.versions = coalesce(h.versions, o.versions)
union all
select t.suppression_id, s.rule, null as transfer_id, s.subject, 1 as records
from finding_spans s
inner join suppression_targets t
    on
        coalesce(s.rule = t.rule, true)
        and coalesce(s.subject = t.subject, true)
        and coalesce(t.finding_id = finding_id(s.rule, s.subject), true)
where
    s.reads = 'sources'
    and s.until_scan is null
    and t.transfer_id is null
    and t.source_file is null
    and t.state is null
    and t.recipient_agency is null
union all
-- Records that could not be read: the subject is the number of one.
select distinct
    t.suppression_id,
    t.rule,
    null as transfer_id,
    q.subject,
    1 as records
from quarantine_states q
left join contents_at_hand h on q.source_id = h.source_id
inner join suppression_targets t
    on
        t.rule = 'quarantine'
        and coalesce(t.subject = q.source_record::varchar, true)
        and (is_file_named(q.path, t.source_file) or is_file_named(h.path, t.source_file))
where q.state <> 'gone';

drop table suppression_candidates;
drop table suppression_targets;

select
    a.suppression_id,
    count(m.rule) as findings
from asked_suppressions a
left join suppression_matches m on a.suppression_id = m.suppression_id
group by all
order by all;
