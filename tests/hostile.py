"""Logs whose every text tries to be more than text in whatever shows it."""

from __future__ import annotations

import json

from asking import RECORD

TEXTS = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "end": "</script><!-- ]]> -->",
    "link": "[click](javascript:alert(1)) ![i](http://evil.example/i.png) <http://evil.example>",
    "bare": "see http://evil.example/a, www.evil.example and someone@evil.example",
    "reference": "[x]: http://evil.example",
    "heading": "# Heading",
    "rule": "---",
    "list": "1. one",
    "quote": "> quoted",
    "border": "a | b \\| c",
    "code": "``` `--section x` ```",
    "emphasis": "**bold** _it_ ~~gone~~ $x$",
    "formula": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1)",
    "number": "0012345",
    "address": "https://evil.example/",
    "control": "a\x1b[31mred\x07 \x1b]8;;http://evil.example\x07x",
    "bidi": "abc\u202edef\u2066",
    "breaks": "one\ntwo\r\nthree\u2028four\u0085five",
    "long": "x" * 10_000,
    "wide": "日本語 😀 é",
    "entity": "&lt;b&gt; &#60;",
    "excel": "_x0041_ _x000A_",
    "nobody": "\ufffe\uffff",
}
"""Kind of mischief -> the text."""


def write_log(path):
    """Write a log in which each text stands in every field that takes one, and return its file."""
    lines = []
    for number, text in enumerate(TEXTS.values()):
        own = {"transfer_id": text, "actor": text, "system": text, "purpose": text, "elements": ["diagnosis", text]}
        other = {"transfer_id": f"other {number}", "recipient": text, "outcome": text, "programs": [text]}
        lines += [json.dumps({**RECORD, **own, "record_count": number}), json.dumps({**RECORD, **other})]
    lines.append('{"transfer_id": "<b>cut')
    path.write_text("\n".join(lines) + "\n")
    return path
