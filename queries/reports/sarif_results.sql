/*
title = "Findings by line, in the Static Analysis Results Interchange Format"
description = """
JSON of SARIF 2.1.0, a row an object, each with the list it belongs to: `artifact`, every file with its hash;
`notification`, what could not be read and what is left out; `result`, each finding of the selection in a log that has
lines, by file and line. Findings in workbooks, Parquet and arrays have no line, and those about logs have none either:
they are counted among the notifications.
"""
selection = true
*/
with asked_for as (
    select
        f.rule,
        f.severity,
        f.evidence,
        f.citation,
        f.certainty,
        f.transfer_id,
        x.suppressed_until,
        x.suppressed_by,
        replace(t.note, chr(10), '; ') as noted,
        v.verdict_now,
        v.verdict_then,
        v.verdict_basis,
        v.attempt,
        s.path,
        s.places,
        number_found(s.places, f.record_key) as line
    from findings f
    inner join selected_verdicts v on f.record_key = v.record_key
    inner join sources s on s.source_id = f.record_key // 68719476736
    left join traces t on f.record_key = t.record_key
    left join suppressed_now x on f.rule = x.rule and f.transfer_id = x.transfer_id
),

-- In a message of SARIF brackets make links, and braces places for other text.
results as (
    select
        path,
        line,
        rule,
        transfer_id,
        evidence,
        {
            'ruleId': rule,
            level: case severity when 'grave' then 'error' when 'review' then 'warning' else 'note' end,
            message: {
                text: regexp_replace(
                    replace(replace(
                        transfer_id || ': ' || coalesce(evidence, rule) || ' (' || coalesce(citation, 'no clause')
                        || ')',
                        '{', '{{'
                    ), '}', '}}'),
                    '([\\\[\]])', '\\\1', 'g'
                )
            },
            locations: [
                {
                    'physicalLocation': {
                        'artifactLocation': {
                            uri: if(starts_with(path, '/'), 'file://', '') || replace(url_encode(path), '%2F', '/')
                        },
                        region: {'startLine': line}
                    }
                }
            ],
            'partialFingerprints': {finding: finding_id(rule, transfer_id)},
            suppressions: case
                when suppressed_until is not null
                    then [
                        {
                            kind: 'external',
                            status: 'accepted',
                            justification: suppressed_by || ' (until ' || suppressed_until || ')'
                        }
                    ]
            end,
            properties: {
                transfer_id: transfer_id,
                noted: noted,
                evidence: evidence,
                citation: citation,
                certainty: certainty,
                verdict_now: verdict_now,
                verdict_then: verdict_then,
                verdict_basis: verdict_basis,
                attempt: attempt
            }
        } as told
    from asked_for
    where places = 'line'
),

artifacts as (
    select
        path,
        to_json({
            location: {uri: if(starts_with(path, '/'), 'file://', '') || replace(url_encode(path), '%2F', '/')},
            length: bytes,
            'hashes': case when sha256 is not null then {'sha-256': sha256} end,
            properties: {
                status: status, records: records, transfers: transfers, others: not_transfers, duplicates: duplicates,
                quarantined: quarantined
            }
        }) as told
    from accounting
    where current and path is not null
    qualify source_id = max(source_id) over (partition by path)
),

notifications as (
    select
        'warning' as level,
        path || ': ' || if(
            status in ('damaged', 'unreadable', 'unrecognized'), status || '; ', ''
        ) || quarantined || ' records could not be read' || if(note = '', '', ': ' || note) as text
    from accounting
    where current and (quarantined > 0 or status in ('damaged', 'unreadable', 'unrecognized'))
    union all
    select
        'warning',
        'the rule ' || rule || ' failed: ' || coalesce(message, '')
    from rule_runs
    where outcome = 'failed'
    union all
    select
        'note',
        count(*) || ' findings stand in logs without lines, and are not among the results'
    from asked_for
    where places is distinct from 'line'
    having count(*) > 0
    union all
    select
        'note',
        count(*) || ' findings are about logs and not about a line of them, and are not among the results'
    from source_findings
    having count(*) > 0
    union all
    select
        'note',
        caption || '. ' || no_order_read || '. Outside the reach of an order is not to say lawful.'
    from policy_settings
),

rows_told as (
    select
        0 as part,
        'artifact' as kind,
        *
    from artifacts
    union all by name
    select
        1 as part,
        'notification' as kind,
        text as path,
        to_json({level: level, message: {text: regexp_replace(
            replace(replace(text, '{', '{{'), '}', '}}'), '([\\\[\]])', '\\\1', 'g'
        )}}) as told
    from notifications
    union all by name
    select
        2 as part,
        'result' as kind,
        * replace (to_json(told) as told)
    from results
)

select
    kind,
    json_merge_patch('{}', told)::varchar as told
from rows_told
order by part, path, line, rule, transfer_id, evidence;
