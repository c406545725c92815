"""Query files, good ones, and where tests put them."""

from __future__ import annotations

RULE = '''/*
title = "Bulk transfer"
description = """
Many people
at once.
"""
severity = "review"
reads = "transfers"
requires = ["record_count"]
citation = "The agreement"
evidence = "B"
why = "Because."
false_positives = "None known."

[params.people]
type = "integer"
default = 10000
unit = "people"
description = "From how many on."
*/
-- The threshold is a parameter.
select record_key from transfers where record_count >= coalesce(getvariable('people')::bigint, 10000);
'''

PLAIN = """/*
title = "T"
description = "D"
*/
select 1;
"""


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
