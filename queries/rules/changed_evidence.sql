/*
title = "A log that was rewritten"
description = """
A file that a nightly scan found with other content than an earlier one, not by growing at its end. Both versions are
kept and judged. Only a ledger knows.
"""
severity = "review"
reads = "sources"
citation = "None: what the log says"
evidence = "A"
why = """
A log of what happened does not change afterwards: what was taken out or put in is between the two versions.
"""
false_positives = """
A file that is written anew each day under the same name, and an export that was corrected: then somebody can say by
whom.
"""
*/
select
    v.path || ' ' || left(v.sha256, 12) as subject,
    case v.change
        when 'restored' then 'what scan ' || v.first_scan || ' had found came back'
        else 'scan ' || v.first_scan || ' found other content'
    end
    || ' in the place of what scan ' || e.first_scan || ' found: SHA-256 ' || left(v.sha256, 12)
    || ', before ' || left(v.earlier_sha256, 12) as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from file_versions v
inner join file_versions e on v.path = e.path and v.earlier_sha256 = e.sha256
where v.change in ('rewritten', 'restored') and v.sha256 <> v.earlier_sha256
