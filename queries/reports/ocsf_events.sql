/*
title = "Events in the Open Cybersecurity Schema"
description = """
One event a row, as JSON of OCSF 1.5.0 (class 2006, or 2004): each transfer of the selection that met a rule, in order
of time and with its findings inside, then each finding about a log. Without `ocsf_changes` every one is new; with them,
these are the changes of the last scan of a ledger, and what did not change has no event. What the schema has no place
for stands under `unmapped`.
"""
selection = true

[params.ocsf_class]
type = "integer"
default = 2006
unit = "class"
description = "2006 (Data Security Finding) or 2004 (Detection Finding)."

[params.ocsf_made]
type = "varchar"
description = """
JSON of what only the program knows: `at` (milliseconds), `receipt`, `rests_on`, `titles` (of rules: `rule`, `title`)
and `sure` (`certainty`, `said`)."""

[params.ocsf_logs]
type = "boolean"
default = true
description = "Whether findings about logs are among them."

[params.ocsf_changes]
type = "varchar[]"
description = "Rows of `queue_changes`."
*/
with told as (
    select coalesce(getvariable('ocsf_made')::varchar, '{}')::json as made
),

-- What is long stays out of this: it goes along with every row.
made as (
    select
        coalesce((t.made ->> 'at')::bigint, 0) as at,
        coalesce(getvariable('ocsf_class')::integer, 2006) as class_uid,
        getvariable('ocsf_changes') is not null as of_ledger,
        ocsf_metadata(t.made, s.auditscan_version, of_ledger) as metadata
    from settings s
    cross join told t
),

titles as (
    select unnest(from_json(made -> 'titles', '[{"rule": "VARCHAR", "title": "VARCHAR"}]'), recursive := true)
    from told
),

sure as (
    select unnest(from_json(made -> 'sure', '[{"certainty": "VARCHAR", "said": "VARCHAR"}]'), recursive := true)
    from told
),

changes as (
    select
        c.told ->> 'transfer_id' as transfer_id,
        c.told ->> 'subject' as subject,
        c.told ->> 'rule' as rule,
        c.told ->> 'severity' as severity,
        c.told ->> 'state' as state,
        c.told -> 'changes' as changes
    from (select unnest(getvariable('ocsf_changes')::varchar[])::json as told) c
),

-- 4 (Suppressed) is an activity that the schema gave up in 1.4: what is suppressed is updated, and has that status.
states (state, activity_id, activity_name, status_id, status) as (
    values
    ('new', 1, 'Create', 1, 'New'),
    ('changed', 2, 'Update', 1, 'New'),
    ('suppressed', 2, 'Update', 3, 'Suppressed'),
    ('closed', 3, 'Close', 4, 'Resolved')
),

-- Not the view of all findings: joined to that of all answers, its hash tables would not fit into memory. And of the
-- transfers that are shown alone, for they are shown slice by slice.
found as (
    select
        disclosure_id,
        null::bigint as record_key,
        * exclude (disclosure_id)
    from disclosure_findings
    where disclosure_id in (select disclosure_id from kept_records)
    union all by name
    select *
    from event_findings
    where record_key in (select record_key from kept_records)
),

found_together as (
    select
        f.disclosure_id,
        f.record_key,
        list(
            {
                rank: list_position(['grave', 'review', 'note'], f.severity),
                rule: f.rule,
                title: coalesce(t.title, f.rule),
                severity: f.severity,
                evidence: f.evidence,
                citation: f.citation,
                certainty: f.certainty,
                certainty_in_words: w.said
            }
        ) as findings
    from found f
    left join titles t on f.rule = t.rule
    left join sure w on f.certainty = w.certainty
    group by f.disclosure_id, f.record_key
),

-- Of several records with one id, each of other content, the first has the id to itself.
versions as (
    select
        transfer_id,
        list(record_key order by record_key) as record_keys
    from conflicts
    group by transfer_id
),

transfers_told as (
    select
        a.*,
        c.actor,
        c.system,
        coalesce(a.sender_agency, d.sender) as sender,
        coalesce(a.recipient_agency, d.recipient) as recipient,
        s.counts,
        replace(r.note, chr(10), '; ') as noted,
        u.rules as suppressed,
        -- What a disclosure met stands under its reasons where it is in scope.
        list_sort(list_filter(
            list_concat(coalesce(f.findings, []), coalesce(e.findings, [])),
            lambda f: list_contains(a.reasons, f.rule)
        )) as findings,
        case
            when a.source_sha256 is not null
                then [{algorithm: 'SHA-256', algorithm_id: 3, value: a.source_sha256}]
        end as digests,
        coalesce(h.state, 'new') as state,
        h.changes,
        case
            when a.attempt then 2
            when a.verdict_now = 'enjoined' and a.verdict_basis = 'logged' then 5
            when list_contains([a.verdict_now, a.verdict_then], 'enjoined') then 4
            when list_has_any(['review', 'unattributed'], [a.verdict_now, a.verdict_then]) then 3
            else 1
        end as severity_id,
        finding_id(
            'transfer',
            a.transfer_id || case
                when list_position(v.record_keys, a.record_key) > 1
                    then chr(10) || list_position(v.record_keys, a.record_key)
                else ''
            end
        ) as uid
    from answer_rows a
    cross join made m
    inner join kept_records k on a.record_key = k.record_key
    inner join selected_disclosures n on k.disclosure_id = n.disclosure_id
    inner join disclosure_parties d on k.disclosure_id = d.disclosure_id
    inner join contexts c on a.context_id = c.context_id
    inner join sources s on s.source_id = a.record_key // 68719476736
    left join found_together f on k.disclosure_id = f.disclosure_id
    left join found_together e on a.record_key = e.record_key
    left join traces r on a.record_key = r.record_key
    left join suppressed_transfers u on a.transfer_id = u.transfer_id
    left join changes h on a.transfer_id = h.transfer_id
    left join versions v on a.transfer_id = v.transfer_id
    where
        is_day_asked_for(a.court_day)
        and is_verdict_asked_for(a.verdict_now, a.verdict_then)
        and if(m.of_ledger, h.transfer_id is not null, a.reasons <> [])
),

log_changes as (
    select *
    from changes
    where subject is not null
),

logs_told as (
    select
        coalesce(f.rule, h.rule) as rule,
        coalesce(t.title, f.rule, h.rule) as title,
        coalesce(f.subject, h.subject) as subject,
        coalesce(f.severity, h.severity) as severity,
        f.evidence,
        f.citation,
        f.certainty,
        coalesce(h.state, 'new') as state,
        h.changes
    from source_findings f
    full join log_changes h on f.rule = h.rule and f.subject = h.subject
    left join titles t on coalesce(f.rule, h.rule) = t.rule
    cross join made m
    where (not m.of_ledger or h.subject is not null) and coalesce(getvariable('ocsf_logs')::boolean, true)
),

words (verdict, said) as (
    values
    ('enjoined', 'barred'),
    ('review', 'needs review'),
    ('permitted', 'permitted'),
    ('outside', 'outside the order''s reach, which is not to say lawful'),
    ('unattributed', 'names neither side that is known'),
    ('out_of_scope', 'out of scope')
),

-- The parts that differ; what every event has is put around them below.
parts as (
    select
        1 as part,
        t.severity_id,
        t.instant,
        t.uid,
        t.state,
        'Transfer ' || t.transfer_id || coalesce(' from ' || t.sender, '') || coalesce(' to ' || t.recipient, '')
        || '; now: ' || n.said || '; when it happened: ' || h.said
        || if(t.attempt, '; an attempt: nothing passed', '')
        || if(t.verdict_basis = 'deduced', '; the verdict rests on what was deduced, not logged', '') as message,
        'Transfer ' || t.transfer_id as title,
        list_transform(
            t.findings,
            lambda f: {uid: struct_extract(f, 'rule'), name: struct_extract(f, 'title'), type: 'Rule', type_id: 1}
        ) as rules,
        t.source_file || ', ' || t.place as data_source,
        {
            name: list_last(string_split(t.source_file, '/')),
            path: t.source_file,
            type: 'Regular File',
            type_id: 1,
            'hashes': t.digests
        } as file,
        case when t.actor is not null then {user: {name: t.actor}} end as actor,
        {
            uid: t.transfer_id,
            type: 'data transfer',
            labels: t.categories,
            data: {
                sender: t.sender,
                recipient: t.recipient,
                states: t.states,
                programs: t.programs,
                populations: t.populations,
                elements: t.elements,
                record_count: t.record_count,
                counts: t.counts
            }
        } as resource,
        to_json({
            transfer_id: t.transfer_id,
            noted: t.noted,
            occurred_at: t.occurred_at,
            court_day: t.court_day,
            outcome: t.outcome,
            attempt: t.attempt,
            purpose: t.purpose,
            action: t.action,
            system: t.system,
            regime_now: t.regime_now,
            verdict_now: t.verdict_now,
            regime_then: t.regime_then,
            verdict_then: t.verdict_then,
            flagged: t.flagged,
            plaintiff_states: t.plaintiff_states,
            enjoined_categories: t.enjoined_categories,
            verdict_basis: t.verdict_basis,
            sender_basis: t.sender_basis,
            recipient_basis: t.recipient_basis,
            state_basis: t.state_basis,
            program_basis: t.program_basis,
            population_basis: t.population_basis,
            element_basis: t.element_basis,
            certainty: t.certainty,
            certainty_in_words: w.said,
            findings: t.findings,
            suppressed: t.suppressed,
            changes: t.changes
        }) as unmapped
    from transfers_told t
    left join sure w on t.certainty = w.certainty
    inner join words n on t.verdict_now = n.verdict
    inner join words h on t.verdict_then = h.verdict
    union all
    select
        2,
        case l.severity when 'grave' then 4 when 'review' then 3 else 1 end,
        null,
        finding_id(l.rule, l.subject),
        l.state,
        l.title || ': ' || l.subject || coalesce(': ' || l.evidence, ''),
        l.title,
        [{uid: l.rule, name: l.title, type: 'Rule', type_id: 1}],
        l.subject,
        null,
        null,
        {uid: l.subject, type: 'log', labels: null, data: null},
        to_json({
            rule: l.rule,
            subject: l.subject,
            severity: l.severity,
            evidence: l.evidence,
            citation: l.citation,
            certainty: l.certainty,
            certainty_in_words: w.said,
            changes: l.changes
        })
    from logs_told l
    left join sure w on l.certainty = w.certainty
),

events as (
    select
        p.part,
        p.instant,
        p.uid,
        {
            class_uid: m.class_uid,
            class_name: if(m.class_uid = 2006, 'Data Security Finding', 'Detection Finding'),
            category_uid: 2,
            category_name: 'Findings',
            type_uid: m.class_uid * 100 + s.activity_id,
            activity_id: s.activity_id,
            activity_name: s.activity_name,
            status_id: s.status_id,
            status: s.status,
            severity_id: p.severity_id,
            severity: (['Informational', 'Low', 'Medium', 'High', 'Critical'])[p.severity_id],
            is_alert: p.severity_id >= 3 and p.state in ('new', 'changed'),
            time: m.at,
            start_time: epoch_ms(p.instant),
            end_time: epoch_ms(p.instant),
            message: p.message,
            metadata: m.metadata,
            finding_info: {
                uid: p.uid,
                title: p.title,
                types: [if(p.part = 1, 'data transfer', 'log')],
                analytic: p.rules[1],
                related_analytics: p.rules[2:],
                data_sources: [p.data_source],
                first_seen_time: epoch_ms(p.instant)
            },
            data_security: case
                when m.class_uid = 2006 and r.regime_id is not null
                    then {
                        policy: {
                            uid: r.regime_id,
                            name: r.title,
                            data: {citation: r.citation, certainty: r.evidence},
                            is_applied: true
                        }
                    }
            end,
            file: case when m.class_uid = 2006 then p.file end,
            actor: case when m.class_uid = 2006 then p.actor end,
            evidences: case when m.class_uid = 2004 and p.part = 1 then [{file: p.file, actor: p.actor}] end,
            resources: [p.resource],
            unmapped: p.unmapped
        } as event
    from parts p
    cross join made m
    cross join settings g
    inner join states s on p.state = s.state
    left join policy_regimes r on g.regime_now = r.regime_id
),

-- What is null is not said: the schema has no null. Made of JSON last, for there it is widest.
ordered as (
    select event
    from events
    order by part asc, instant asc nulls last, uid asc
)

select
    json_merge_patch(
        json_merge_patch('{}', to_json(event)),
        json_object(
            'resources', [json_merge_patch('{}', to_json(event.resources[1]))],
            'evidences', case
                when event.evidences is not null
                    then [json_merge_patch('{}', to_json(event.evidences[1]))]
            end
        )
    )::varchar as event
from ordered;
