"""Reports as pages: logs that say hostile things and many of them, the page made of a log, and what stands in one."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

from auditscan.documents.content import Content, Made
from auditscan.documents.forms import write_all
from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.report import Selection, collect
from auditscan.scanning.scan import scan
from auditscan.store import open_store

AS_OF = date(2026, 11, 22)
MADE = Made("auditscan report LOGS --out case.html", datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

HOSTILE = {
    "html": '<img src=x onerror="alert(1)"><b>bold</b>',
    "script": "</script><script>alert(1)</script>",
    "comment": "<!-- --> <![CDATA[ ]]> </style></title>",
    "template": "{{ 7 * 7 }} {% raw %} ${alert(1)}",
    "markdown": "[x](javascript:alert(1)) `code` **x** | a | b |",
    "quotes": "\" onmouseover='alert(1)' `",
    "terminal": "\x1b[31mred\x1b]8;;http://example.com\x07link\x1b]8;;\x07",
    "bidi": "abc\u202egnp.exe\u2066",
    "formula": '=HYPERLINK("http://example.com","x")',
    "long": "W" * 10_000,
    "emoji": "\U0001f469\u200d\u2695\ufe0f \u65e5\u672c\u8a9e \u0645\u0631\u062d\u0628\u0627",
    "nul": "a\x00b",
    "separators": "a\u2028b\u2029c\u0085d",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
}


def transfer(number, **more):
    """A transfer that an order bars now, unless `more` says otherwise."""
    return {
        "transfer_id": f"T-{number:04}",
        "occurred_at": f"2026-0{1 + number % 9}-{1 + number % 28:02}T18:00:00Z",
        "sender": "CMS",
        "recipient": "ICE",
        "action": "view",
        "programs": ["medicaid"],
        "states": [["CA"], ["NY", "TX"], ["WA"]][number % 3],
        "elements": ["ssn", "diagnosis", "address"],
        "populations": ["not_lawfully_residing"],
        "record_count": number,
        "outcome": "success",
        "actor": f"user{number % 7}",
        **more,
    }


def hostile_log(path):
    """Write a log whose every field says something hostile, each kind in a record of its own; return its path."""
    lines = []
    for place, (kind, text) in enumerate(HOSTILE.items(), start=1):
        lines.append(
            transfer(
                place,
                transfer_id=f"{text}#{kind}",
                actor=text,
                purpose=text,
                system=text,
                action=text,
                elements=["ssn", text],
                populations=["unknown", text],
                programs=["medicaid", text],
                states=["CA", text],
                recipient="ICE" if place % 2 else text,
                outcome="success" if place % 3 else text,
                **{f"field {text}": text},
            )
        )
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + '{"transfer_id": "<i>broken</i>\n')
    return path


@contextmanager
def content_of(paths, selection=None):
    """The content of documents about logs, while its database is open."""
    with open_store(None, Library.shipped(), threads=2) as store:
        scan(store, paths, load(), AS_OF)
        yield Content(store, collect(store, selection or Selection()), MADE)


@contextmanager
def content_in(database):
    """The content of documents about what was scanned into a database, while that is open."""
    with open_store(database, Library.shipped(), threads=2, read_only=True) as store:
        yield Content(store, collect(store, Selection()), MADE)


def page_of(content, path):
    """Write the page and return its path."""
    write_all(content, [path])
    return path


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    parts: list[Element | str] = field(default_factory=list)
    """Texts and elements, in order."""

    @property
    def children(self):
        """The elements in it."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def raw(self):
        """All text in it, as it stands."""
        return "".join(part if isinstance(part, str) else part.raw for part in self.parts)

    @property
    def text(self):
        """All text in it, on one line."""
        return " ".join(self.raw.split())

    def everything(self):
        """Itself and all below, in order."""
        yield self
        for child in self.children:
            yield from child.everything()

    def all(self, name, **attributes):
        """Every element of a name with these attributes, `kind` standing for one word of its class."""
        kind = attributes.pop("kind", None)
        return [
            one
            for one in self.everything()
            if one.name == name
            and all(one.attributes.get(key) == value for key, value in attributes.items())
            and (kind is None or kind in (one.attributes.get("class") or "").split())
        ]


class _Reader(HTMLParser):
    VOID = frozenset(("meta", "input", "img", "link", "br", "rect", "path", "circle"))

    def __init__(self):
        super().__init__()
        self.root = Element("", {})
        self.above = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.above[-1].parts.append(element)
        if tag not in self.VOID:
            self.above.append(element)

    def handle_startendtag(self, tag, attrs):
        self.above[-1].parts.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.above[-1].name == tag, f"</{tag}> ends <{self.above[-1].name}>"
        self.above.pop()

    def handle_data(self, data):
        self.above[-1].parts.append(data)


def read(path):
    """The elements of a page, each of which must be ended where it began."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.above == [reader.root]
    return reader.root


def data_of(page):
    """The transfers that the script of a page sees: label -> value each, and their reasons beside."""
    (script,) = page.all("script", type="application/json")
    data = json.loads(script.raw)
    words, why = data["words"], data["why"]
    rows = []
    for place in range(len(data["plain"]["Transfer"])):
        row = {label: column[place] for label, column in data["plain"].items()}
        for group in data["groups"]:
            entry = group["entries"][group["rows"][place]]
            row |= {label: words[word] for label, word in zip(group["labels"], entry, strict=True)}
        reasons = [[words[word] for word in why["reasons"][one]] for one in why["entries"][why["rows"][place]]]
        rows.append((row, reasons))
    return rows


def chromium():
    """Where Chromium is; Debian's command of that name is a wrapper."""
    known = Path("/usr/lib/chromium/chromium")
    return str(known) if known.exists() else shutil.which("chromium") or shutil.which("google-chrome")
