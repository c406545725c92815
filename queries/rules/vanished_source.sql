/*
title = "A log that vanished"
description = """
A file that an earlier nightly scan read and the last one did not find, neither under its name nor with the same content
or the same records under another. Its records are kept and judged. Only a ledger knows.
"""
severity = "review"
reads = "sources"
rests_on = "file_versions"
citation = "None: what the log says"
evidence = "A"
why = "The original is gone: what it said can no longer be held against it."
false_positives = "A rule that deletes or moves old logs: then somebody can name it, and for how long they are kept."
*/
with latest as (
    select greatest((select max(scan_id) from scans), max(last_scan)) as scan_id
    from file_versions
),

here as (
    select v.*
    from file_versions v
    inner join latest l on v.last_scan = l.scan_id
),

gone as (
    select v.*
    from file_versions v
    inner join sources s on v.source_id = s.source_id
    where v.bytes > 0 and v.sha256 is not null and s.status in ('read', 'damaged', 'copy')
    qualify v.last_scan = max(v.last_scan) over (partition by v.path)
)

-- Packed since, under the same name: its content is another only to the byte.
select
    g.path || ' ' || left(g.sha256, 12) as subject,
    'last found by scan ' || g.last_scan || ', with SHA-256 ' || left(g.sha256, 12) as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from gone g
anti join here h on unpacked_name(g.path) = unpacked_name(h.path)
anti join here c on g.sha256 = c.sha256
anti join here o on g.sha256 = o.earlier_sha256 and o.change in ('grown', 'renamed')
-- Packed and moved, or exported anew: its records are at hand.
anti join contents_elsewhere e on g.path = e.path and g.sha256 = e.sha256
