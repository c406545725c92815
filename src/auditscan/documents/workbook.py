"""The report as an Excel workbook: to sort, to filter, to file as an exhibit.

Nothing in it is computed by Excel: no formula, no link, no macro; what logs say is text.
"""

from __future__ import annotations

import re
from itertools import dropwhile
from typing import TYPE_CHECKING

from auditscan.documents.cells import FILLS, Column, Looks, Sheet, fitting, laid_out
from auditscan.output.workbook import begun
from auditscan.questions.report import SECTIONS
from auditscan.render.account import ASIDE, WHAT_TO_DO
from auditscan.render.said import Grid, Heading, Line
from auditscan.render.style import MEANINGS, SURE, graded
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from auditscan.documents.content import Content
    from auditscan.questions.report import Row
    from auditscan.render.said import Block

_TRANSFERS = (
    Column("transfer_id", "transfer", 28),
    Column("occurred_at", "when (UTC)", 19, "time"),
    Column("court_day", "day at the court", 11, "time"),
    Column("sender", "from", 12, note="sender_agency sender"),
    Column("recipient", "to", 12, note="recipient_agency recipient"),
    Column("verdict_now", "verdict now", 11, "verdict"),
    Column("verdict_then", "verdict then", 11, "verdict"),
    Column("verdict_basis", "verdict known by", 10),
    Column("attempt", "attempt", 8, "yes"),
    Column("states", "states", 16, "words"),
    Column("plaintiff_states", "plaintiff states", 16, "words"),
    Column("enjoined_categories", "barred data", 24, "words"),
    Column("categories", "kinds of data", 30, "words"),
    Column("elements", "data as logged", 40, "words"),
    Column("populations", "people", 22, "words"),
    Column("programs", "programs", 14, "words"),
    Column("record_count", "count", 11, "count"),
    Column("counts", "counts what", 9),
    Column("reasons", "reasons", 60, "words"),
    Column("purpose", "purpose", 20),
    Column("action", "action", 10),
    Column("actor", "actor", 18),
    Column("system", "system", 16),
    Column("outcome", "outcome", 10),
    Column("regime_now", "order now", 8),
    Column("regime_then", "order then", 8),
    Column("sure", "evidence for the verdict", 24, note="certainty"),
    Column("sender_basis", "sender known by", 10),
    Column("recipient_basis", "recipient known by", 10),
    Column("state_basis", "states known by", 10),
    Column("program_basis", "programs known by", 10),
    Column("population_basis", "people known by", 10),
    Column("element_basis", "data known by", 10),
    Column("source_file", "file", 40),
    Column("place", "place in the file", 20),
    Column("noted", "noted in the log", 30),
)
_SUPPRESSED = (
    Column("suppressed_until", "suppressed until", 11, "time"),
    Column("suppressed_by", "suppressed by, and why", 24),
)
_REVIEWS = (
    Column("title", "reason", 34, note="rule"),
    Column("alike", "transfers with it", 10, "count", note="transfers"),
    Column("transfer_id", "transfer", 28),
    Column("evidence", "what gave it away", 50),
    Column("occurred_at", "when (UTC)", 19, "time"),
    Column("court_day", "day at the court", 11, "time"),
    Column("sender", "from", 12, note="sender_agency sender"),
    Column("recipient", "to", 12, note="recipient_agency recipient"),
    Column("verdict_then", "verdict then", 11, "verdict"),
    Column("states", "states", 16, "words"),
    Column("record_count", "count", 11, "count"),
    Column("rests_on", "rests on", 40, note="citation"),
    Column("certainty", "evidence", 9),
    *_SUPPRESSED,
    Column("source_file", "file", 40),
    Column("place", "place in the file", 20),
)
_FINDINGS = (
    Column("transfer_id", "transfer", 28),
    Column("title", "rule", 34, note="rule"),
    Column("severity", "grade", 8),
    Column("evidence", "what gave it away", 50),
    Column("rests_on", "rests on", 40, note="citation"),
    Column("certainty", "evidence", 9),
    *_SUPPRESSED,
    Column("source_file", "file", 40),
    Column("place", "place in the file", 20),
)
_FILES = (
    Column("path", "file", 60),
    Column("status", "read", 10),
    Column("format", "format", 14),
    Column("records", "records", 10, "count"),
    Column("transfers", "transfers", 10, "count"),
    Column("not_transfers", "others", 10, "count"),
    Column("duplicates", "duplicates", 10, "count"),
    Column("quarantined", "quarantined", 11, "count"),
    Column("note", "note", 40),
    Column("sha256", "SHA-256", 66),
)
_UNREAD = (
    Column("path", "file", 60),
    Column("place", "place in the file", 20),
    Column("what", "what", 12, note="status"),
    Column("why", "why", 60, note="reason"),
    Column("what_to_do", "what to do", 60),
    Column("byte_offset", "begins at byte", 12, "count"),
    Column("byte_length", "bytes", 10, "count"),
    Column("sha256", "SHA-256", 66),
)
_LAW = (
    Column("title", "source", 60),
    Column("id", "short", 14, note="regime_id"),
    Column("kind", "kind", 10, note="_"),
    Column("dated", "dated", 11, "time"),
    Column("first_day", "in force from", 11, "time"),
    Column("last_day", "to", 11, "time"),
    Column("standing", "standing", 22, note="enabled"),
    Column("citation", "taken from", 80),
    Column("sure", "evidence", 24, note="certainty"),
    Column("origin", "in the policy tables", 30),
)
_ELSEWHERE = ("serious", "unread", "files", "limits")
"""Sections of a report that other sheets hold."""


def write(content: Content, path: Path) -> None:
    """Write the report of a judged database as a workbook of several sheets."""
    book = begun(path, content.made.at)
    try:
        looks = Looks(book)
        book.set_properties(
            {
                "title": printable(content.report.headline["caption"]),
                "comments": f"Made by auditscan {content.report.versions['auditscan']}",
                "created": content.made.at,
            }
        )
        first = book.add_worksheet("How to read this")
        figures = book.add_worksheet("Figures")
        with content.store.sparing():
            sheets = list(_sheets(content, book, looks))
        _Prose(first, looks, book).write(_how_to_read(content, sheets))
        _Prose(figures, looks, book).write(content.sections(*(name for name in SECTIONS if name not in _ELSEWHERE)))
    finally:
        book.close()


def _sheets(content: Content, book: Workbook, looks: Looks) -> Iterator[tuple[Sheet, str]]:
    """Write each sheet of rows, and yield it with what stands in it."""
    notes = {
        table: content.column_notes(table)
        for table in ("answer_rows", "findings", "accounting", "quarantine", "policy_regimes")
    }
    notes["answer_rows"]["noted"] = content.column_notes("traces")["note"]

    def begin(name: str, columns: Sequence[Column], table: str) -> Sheet:
        return Sheet(book, looks, name, columns, notes[table])

    now = begin("Barred now", _TRANSFERS, "answer_rows")
    then = begin("Barred then", _TRANSFERS, "answer_rows")
    reviews = begin("Review by reason", _REVIEWS, "findings")
    every = begin("All transfers", _TRANSFERS, "answer_rows")
    findings = begin("Findings", _FINDINGS, "findings")
    read = begin("Files read", _FILES, "accounting")
    unread = begin("Not read", _UNREAD, "quarantine")
    law = begin("Sources of law", _LAW, "policy_regimes")
    for row in content.transfers():
        suppressed = row["suppressed_rules"] or ()
        row["reasons"] = [
            content.report.title_of(rule) + (" (suppressed)" if rule in suppressed else "")
            for rule in row["reasons"] or ()
        ]
        row["sure"] = graded(row["certainty"])
        every.add(row)
        if row["verdict_now"] == "enjoined" and not row["attempt"]:
            now.add(row)
        if row["verdict_then"] == "enjoined" and not row["attempt"]:
            then.add(row)
    for row in content.reviews():
        row["title"] = content.report.title_of(row["rule"]) if row["rule"] else "none that a rule gives"
        reviews.add(row)
    cited: dict[tuple[str, str], None] = {}
    for row in content.findings():
        # Where a rule rests on the log alone, its citation says "None".
        if not row["citation"].startswith("None"):
            cited[row["citation"], row["certainty"]] = None
        row["title"] = content.report.title_of(row["rule"])
        # The clause stands with the law, once.
        row["rests_on"] = row["citation"].split(": ")[0]
        findings.add(row)
    for row in content.report.tables["files_accounted"]:
        if row["status"] == "damaged" or row["status"] not in (*WHAT_TO_DO, *ASIDE):
            read.add(row)
    for row in _not_read(content):
        unread.add(row)
    for row in content.rows("sources_of_law"):
        law.add(row | {"sure": graded(row["certainty"])})
    empty = dict.fromkeys(column.key for column in _LAW)
    for citation, certainty in sorted(cited):
        clause = {"title": citation.split(": ")[0], "kind": "clause", "standing": "cited by findings"}
        law.add(empty | clause | {"citation": citation, "sure": graded(certainty)})
    told = (
        (now, "Every transfer that the order in force bars; attempts are left out."),
        (then, "Every transfer that the order in force on its own day barred; attempts are left out."),
        (reviews, "A row a transfer and reason: the transfers that a person must look at, most frequent reason first."),
        (every, "Every transfer, attempts and what is out of scope too, the worst first."),
        (findings, "A row a transfer and rule it met: what gave it away, and the clause that this rests on."),
        (read, "Every file that was read, what became of each of its records, and its hash."),
        (unread, "Files, records and fields that could not be read or are no logs, and what to do about each."),
        (law, "What the verdicts rest on: orders, agreements, each clause that a finding cites, and how sure it is."),
    )
    for sheet, what in told:
        sheet.end()
        yield sheet, what


def _not_read(content: Content) -> Iterator[Row]:
    """Yield what was not read: files, records of files that were read, and fields of records."""
    empty = dict.fromkeys(column.key for column in _UNREAD)
    files = content.report.tables["files_accounted"]
    for row in sorted(files, key=lambda row: row["status"] not in WHAT_TO_DO):
        if row["status"] in (*WHAT_TO_DO, *ASIDE):
            what, done = row["status"].replace("_", " "), WHAT_TO_DO.get(row["status"], "Nothing: it is no log.")
            yield empty | row | {"what": what, "why": row["note"], "what_to_do": done}
    for file in content.report.skipped:
        yield empty | {"path": file.path, "what": "skipped", "why": file.note}
    for row in content.asked("quarantined_records", quarantine_shown=1 << 62):
        yield empty | row | {"what": "record", "why": row["reason"]}
    for row in content.report.tables["unknown_fields"]:
        near = f"; did they mean {row['nearest']}?" if row["nearest"] else ""
        why = f"{row['unknown_field']} is not a field of a transfer{near}"
        yield empty | {"path": row["path"], "what": "field", "why": why}


def _how_to_read(content: Content, sheets: Sequence[tuple[Sheet, str]]) -> Iterator[Block]:
    yield from content.first_screen()
    yield Heading("What the sheets hold")
    for sheet, what in sheets:
        rows = counted(sheet.rows, "row")
        yield Line(f"{' and '.join(sheet.names)}: {what} {rows}.", is_item=True)
    yield Line("Figures: the tables of the report. A note on each head of a column says what the column holds.")
    yield Heading("Verdicts")
    for verdict, meaning in MEANINGS.items():
        yield Line(f"{verdict}: {meaning}", is_item=True)
    yield Line("Now: under the order in force on the day named above. Then: under the one in force on its own day.")
    yield Heading("How sure, and known by what")
    for grade, words in SURE.items():
        yield Line(f"Evidence {grade}: {words}", is_item=True)
    yield Line(
        "Logged: the verdict now would be the same by what the log says alone. Deduced: it would not, and rests on "
        'something that follows from the log and does not stand in it. The columns "known by" say it of each part.'
    )
    # Behind the sentence on how the files are named, for here they have their whole paths.
    yield from dropwhile(lambda block: not isinstance(block, Heading), content.sections("limits"))
    yield Heading("How this was made")
    made, versions = content.made, content.report.versions
    yield Line(f"Made on {made.at:%Y-%m-%d at %H:%M:%S} UTC by: {made.command}")
    yield from map(Line, content.provenance())
    yield Line(f"SHA-256 of the policy: {versions['policy']}", is_item=True)
    yield Line(f"SHA-256 of the queries: {versions['queries']}", is_item=True)


_FIGURE = re.compile(r"\d{1,3}(,\d{3})*")
_ACROSS = 7
"""Columns that a paragraph goes over, where tables stand below it."""
_LINE = 130
"""Characters that fit over them."""


class _Prose:
    """A sheet of paragraphs and small tables, from the top down."""

    def __init__(self, sheet: Worksheet, looks: Looks, book: Workbook) -> None:
        self.sheet, self.looks, self.row = sheet, looks, 0
        wrapped = {"text_wrap": True, "valign": "top"}
        self.heading = book.add_format({"bold": True, "font_size": 13})
        self.strong = book.add_format({**wrapped, "bold": True})
        self.plain = book.add_format(wrapped)
        self.item = book.add_format({**wrapped, "indent": 1})
        self.picture = book.add_format({"font_name": "Courier New", "font_size": 9})
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 12, 15)
        laid_out(sheet)

    def write(self, blocks: Iterable[Block]) -> None:
        """Write blocks below what is there."""
        for block in blocks:
            if isinstance(block, Heading):
                self.row += 1
                self._put(0, block.text, self.heading)
            elif isinstance(block, Line):
                self._paragraph(block)
            elif isinstance(block, Grid):
                self._grid(block)
            else:
                for line in block.lines:
                    self._put(0, line, self.picture)
                    self.row += 1
            self.row += 1

    def _paragraph(self, line: Line) -> None:
        verdict = line.text.partition(":")[0]
        look = self.strong if line.is_strong else self.item if line.is_item else self.plain
        if line.is_item and verdict in FILLS:
            look = self.looks.verdicts[verdict]
        text = fitting(printable(line.text))
        # Excel finds the height of a row by itself, but not of cells that are one.
        self.sheet.set_row(self.row, 15 * min(27, 1 + len(text) // _LINE))
        self.sheet.merge_range(self.row, 0, self.row, _ACROSS - 1, "", look)
        self.sheet.write_string(self.row, 0, text, look)

    def _grid(self, grid: Grid) -> None:
        for place, head in enumerate(grid.heads):
            self._put(place, head, self.looks.head)
        for row in grid.rows:
            self.row += 1
            for place, text in enumerate(row):
                if grid.numbers[place] and _FIGURE.fullmatch(text):
                    self.sheet.write_number(self.row, place, int(text.replace(",", "")), self.looks.count)
                elif text:
                    self._put(place, text, self.plain)
        self.row += 1

    def _put(self, place: int, text: str, look: Format) -> None:
        self.sheet.write_string(self.row, place, fitting(printable(text)), look)
