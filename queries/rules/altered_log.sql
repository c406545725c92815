/*
title = "A log that is not as its digest lists it"
description = """
A log of CloudTrail whose content is another than the one that a digest among the files lists under its name, by
SHA-256. The digests' own signatures are not checked: they do not stand in the files.
"""
severity = "review"
reads = "sources"
rests_on = "digest_entries"
citation = "None: what the log says"
evidence = "A"
why = "AWS lists each log as it delivered it. This one was changed since: records may be missing, added or edited."
false_positives = """
A log that was unpacked and written anew, by a program that sets its brackets or line ends otherwise.
"""
*/
select
    path as subject,
    'SHA-256 of its content ' || left(content_sha256, 12) || ', listed ' || left(listed_sha256, 12) as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from digest_checks
where state = 'differs'
