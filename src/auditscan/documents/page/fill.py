"""The page filled in: what every document says, drawn for a browser, under a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from auditscan.documents.page import pictures
from auditscan.documents.page.rows import CELLS, KNOWN, MORE, coded, counts, reasons, told
from auditscan.policy.words import VERDICTS
from auditscan.questions.report import SECTIONS
from auditscan.render.said import Heading, Line
from auditscan.render.style import MEANINGS, SURE, number, share, short_day, shortened
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.documents.content import Content
    from auditscan.questions.report import Report
    from auditscan.render.said import Block

MOST_ROWS = 10_000
"""Transfers in the page."""

MOST_PLAIN = 200
"""Transfers that stand in it as text, for browsers that run no script."""

MOST_FILES = 2_000
"""Files listed with their hashes."""

MOST_NAMED = 500
"""Damages and files not read that are all named."""

WORST = ("enjoined", "review")
"""Verdicts, now or then, whose transfers are listed."""

STANDING = {
    "covered": "a plaintiff",
    "unsettled": "no source settles whether it is a plaintiff",
    "other": "no plaintiff",
    "unknown": "no state that is known",
}
"""What a state is to the order in force."""

HERE = Path(__file__).parent


def write(content: Content, path: Path) -> None:
    """Write the report of a judged database as one HTML file."""
    report = content.report
    style, script = own_files()
    listed = _listed(content)
    rows = list(listed.transfers(MOST_ROWS))
    found = reasons(report, listed.about([row["record_key"] for row in rows], "findings_of")) if rows else {}
    shown = [told(report, row) for row in rows]
    why = [found.get(row["record_key"], []) for row in rows]
    plain = list(zip(shown, why, strict=True))[:MOST_PLAIN]
    page = template(
        "page.html"
    ).stream(
        style=Markup(style),  # noqa: S704 -- our own file
        script=Markup(script),  # noqa: S704 -- our own file
        hashes={"style": hash_of(style), "script": hash_of(script)},
        data=_as_script(coded(shown, why)),
        report=report,
        made=content.made,
        provenance=content.provenance(),
        first=content.first_screen(),
        sections=_sections(content),
        matrix={(row["verdict_then"], row["verdict_now"]): row["transfers"] for row in report.tables["then_and_now"]},
        weeks=pictures.weeks(report.tables["by_week"], report.tables["orders_and_agreements"]),
        tiles=pictures.tiles(report.tables["by_state"]),
        totals=_totals(report),
        most_received=max((row["transfers"] for row in report.tables["by_recipient"]), default=0),
        most_plain=MOST_PLAIN,
        crossed=_crossed(content),
        law=content.rows("sources_of_law"),
        listed=listed.rows("listed_counts")[0],
        verdicts=listed.report.selection.verdicts,
        rows=plain,
        cited={
            cited: place
            for place, cited in enumerate(dict.fromkeys(one[3:] for _, each in plain for one in each if one[4]), 1)
        },
        most={"rows": MOST_ROWS, "files": MOST_FILES},
        cells=CELLS,
        more=MORE,
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(page)


def _listed(content: Content) -> Content:
    """Return the content narrowed to the transfers that the page lists."""
    selection = content.report.selection
    verdicts = selection.verdicts or WORST
    return replace(content, report=replace(content.report, selection=replace(selection, verdicts=verdicts)))


def _totals(report: Report) -> dict[str, Any]:
    """Return the sums of the verdicts then, of those now, and of all, as a terminal writes them."""
    rows = report.tables["then_and_now"]
    sums = {when: Counter[str]() for when in ("then", "now")}
    for row in rows:
        for when, sum_ in sums.items():
            sum_[row[f"verdict_{when}"]] += row["transfers"]
    return {**sums, "all": sums["now"].total()}


def _crossed(content: Content) -> dict[str, Any]:
    """Return what the order bars, in lines, by recipient, in columns as in `by_recipient`; and what is empty."""
    cells = {(row["kind"], row["key"], row["recipient"]): row for row in content.rows("barred_by_recipient")}
    lines = list(dict.fromkeys((kind, key) for kind, key, _ in cells))
    met = {recipient for _, _, recipient in cells}
    columns = [row["recipient"] for row in content.report.tables["by_recipient"] if row["recipient"] in met]
    return {"cells": cells, "lines": lines, "columns": columns}


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading."""

    title: str
    parts: list[Block]

    @property
    def prose(self) -> list[Line]:
        """Its paragraphs, where the tables are drawn otherwise."""
        return [part for part in self.parts if isinstance(part, Line)]


def _sections(content: Content) -> dict[str, Section]:
    """Return the sections that say here what they say in a terminal, by name."""
    tables = content.report.tables
    damages = len(tables["quarantined_records"]) + len(tables["files_accounted"])
    drawn = {}
    for name in SECTIONS:
        if name in ("serious", "weeks"):
            continue
        blocks = content.section(name, full=name != "files" and (name != "unread" or damages <= MOST_NAMED))
        titles = [block.text for block in blocks if isinstance(block, Heading)]
        # A section on what there is none of is none; that on parties may have two parts.
        if titles:
            drawn[name] = Section(titles[0], [block for block in blocks if not isinstance(block, Heading)])
    return drawn


def _as_script(data: Mapping[str, Any]) -> Markup:
    r"""Return data as JSON that ends no script: `<` is `\u003c`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 -- no tag can begin in it


def hash_of(text: str) -> str:
    """Return a hash of a style or script as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _in_code(text: str) -> Markup:
    """Return text with what stands between backquotes as code."""
    parts = printable(text).split("`")
    if len(parts) % 2 == 0:
        return Markup.escape("`".join(parts))
    code = Markup("<code>{}</code>")
    return Markup().join(code.format(part) if place % 2 else part for place, part in enumerate(parts))


@cache
def own_files() -> tuple[str, str]:
    """Return the style and the script of the page."""
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return style, script


def template(name: str) -> jinja2.Template:
    """Return a template of this folder: what it puts out is escaped, and what is not seen is spelled out."""
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        # What is not seen is spelled out in whatever the template puts out.
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "code": _in_code,
        "counted": counted,
        "long_day": long_day,
        "number": number,
        "short_day": short_day,
        "shortened": shortened,
    }
    environment.globals |= {
        "KNOWN": KNOWN,
        "KINDS": {"category": "data", "population": "people", "program": "program"},
        "STANDING": STANDING,
        "WORST": WORST,
        "MEANINGS": MEANINGS,
        "SURE": SURE,
        "VERDICTS": VERDICTS,
        "counts": counts,
        "share": share,
        "stacked": pictures.stacked,
    }
    return environment
