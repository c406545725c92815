/*
title = "The scan itself, as an event in the Open Cybersecurity Schema"
description = """
One row: JSON of OCSF 1.5.0, class 6007 (Scan Activity), with what could not be read, the accounting of every file, the
orders and how sure each is, and what all events rest on. It ends a stream of events, and says how many there are.
"""

[params.ocsf_made]
type = "varchar"
description = """
JSON of what only the program knows: `at` (milliseconds), `command`, `receipt`, `rests_on`, `said` (the first lines of
the report)."""

[params.ocsf_written]
type = "integer"
unit = "events"
description = "How many events stand before this one."

[params.ocsf_changes]
type = "varchar[]"
description = "Rows of `queue_changes`."
*/
with told as (
    select coalesce(getvariable('ocsf_made')::varchar, '{}')::json as made
),

made as (
    select
        t.made,
        coalesce((t.made ->> 'at')::bigint, 0) as at,
        getvariable('ocsf_changes') is not null as of_ledger,
        ocsf_metadata(t.made, s.auditscan_version, of_ledger) as metadata
    from settings s
    cross join told t
),

files as (
    select
        count(*) as read_from,
        count(*) filter (where status in ('damaged', 'unreadable', 'unrecognized')) as not_read,
        sum(records)::bigint as records,
        sum(transfers)::bigint as transfers,
        sum(not_transfers)::bigint as others,
        sum(duplicates)::bigint as duplicates,
        sum(quarantined)::bigint as quarantined,
        list(
            {
                path: path, sha256: sha256, status: status, note: note, records: records, transfers: transfers,
                others: not_transfers, duplicates: duplicates, quarantined: quarantined
            }
            order by path, source_id
        ) as files
    from accounting
    where current
),

unseen as (
    select
        r.failed,
        f.not_read > 0 or f.quarantined > 0 or r.failed > 0 as unseen
    from files f
    cross join (select count(*) filter (where outcome = 'failed') as failed from rule_runs) r
),

law as (
    select list(
        {
            id: regime_id,
            title: title,
            first_day: first_day,
            last_day: last_day,
            standing: if(enabled, 'applied', 'reported, not applied'),
            citation: citation,
            certainty: evidence
        }
        order by first_day, regime_id
    ) as orders
    from policy_regimes
)

select
    json_merge_patch(
        '{}',
        to_json(
            {
                class_uid: 6007,
                class_name: 'Scan Activity',
                category_uid: 6,
                category_name: 'Application Activity',
                type_uid: 600702,
                activity_id: 2,
                activity_name: 'Completed',
                status_id: if(u.unseen, 99, 1),
                status: if(u.unseen, 'Incomplete', 'Success'),
                status_detail: case
                    when u.unseen
                        then 'Could not be read: files ' || f.not_read || ', records ' || f.quarantined
                        || '; rules that failed: ' || u.failed
                end,
                severity_id: if(u.unseen, 3, 1),
                severity: if(u.unseen, 'Medium', 'Informational'),
                time: m.at,
                message: c.caption,
                metadata: m.metadata,
                scan: {name: 'auditscan', uid: m.made ->> 'rests_on', type: 'Manual', type_id: 1},
                num_files: f.read_from,
                num_detections: getvariable('ocsf_written')::bigint,
                num_skipped_items: f.not_read + f.quarantined,
                policy: {name: 'auditscan policy', uid: s.policy_sha256},
                unmapped: {
                    caption: c.caption,
                    no_order_read: c.no_order_read,
                    as_of: s.as_of,
                    since: s.since,
                    regime_now: s.regime_now,
                    command: m.made ->> 'command',
                    receipt: m.made ->> 'receipt',
                    rests_on: m.made ->> 'rests_on',
                    queries_sha256: s.queries_sha256,
                    policy_sha256: s.policy_sha256,
                    said: m.made -> 'said',
                    accounting: {
                        records: f.records, transfers: f.transfers, others: f.others, duplicates: f.duplicates,
                        quarantined: f.quarantined
                    },
                    files: f.files,
                    orders: l.orders,
                    only_changes: m.of_ledger
                }
            }
        )
    )::varchar as event
from made m
cross join settings s
cross join policy_settings c
cross join files f
cross join unseen u
cross join law l;
