"""Disclosure registers: tables in text, and sheets of workbooks, by what a mapping or their headers say.

The engine reads the cells; each different text in them is taken apart once, here, and joined by the SQL of the source.
"""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditscan.ingest.csv_log import CsvLog, CsvWorker
from auditscan.ingest.formats import formats_of
from auditscan.ingest.recognize import recognize
from auditscan.ingest.sheet_plan import plan_sheets
from auditscan.readers.csv_rows import Header
from auditscan.readers.model import DamagedFile
from auditscan.registers.columns import FIELDS as MAPPED
from auditscan.registers.columns import LIST_FIELDS
from auditscan.registers.counts import read_count, what_is_counted
from auditscan.registers.dates import order_of, read_date
from auditscan.registers.flags import Beside, beside
from auditscan.registers.layout import is_other_header
from auditscan.registers.propose import DATED, delimited_head, width_of
from auditscan.registers.tables import Aside, sort_rows
from auditscan.registers.tables import Header as TableHeader
from auditscan.registers.values import KINDS, Evidence, separators_of
from auditscan.registers.workbooks import Sheet
from auditscan.registers.wrapped import DOUBTFUL, may_be_wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.ingest.mapped import FormatStaging
    from auditscan.readers.model import FileReport
    from auditscan.registers.mapping import Mapping, TableMapping
    from auditscan.store import Store

HEAD_BYTES = 1 << 18
"""The header, and the cells that decide what columns hold, are looked for in so much of a text."""

SEVERAL = "it holds more than one table, and of a text of this length only one is read: make a file of each"

_HELD = tuple(name for name in MAPPED if name not in ("ignored", "flag"))
_DATES = DATED
_COUNTS = ("record_count", "event_count", "bytes")
_TRACED = frozenset({"occurred_until", "event_count", "recipient_address", "file_name", "bytes", "note"})


def evidence_of(store: Store) -> Evidence:
    """Return what the policy in the database says of words in cells."""
    words = {
        kind: dict(store.rows(f"select alias_key, {means} from policy_{kind}"))  # noqa: S608 - our own tables
        for kind, means in KINDS.items()
    }
    plaintiffs = store.rows(
        "select state from policy_regime_states where status = 'covered' group by state "
        "having count(*) = (select count(distinct regime_id) from policy_regime_states where status = 'covered') "
        "order by state"
    )
    return Evidence(words, [state for (state,) in plaintiffs])


class RegisterLog(CsvLog):
    """Loads a long register in text, of one table. A record's number is that of the line on which it begins."""

    whole_rows = False
    """Whether rows were told from what is no record before the engine reads them."""

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        log_format: Format,
        mapping: Mapping | None = None,
        workers: int = 1,
        asked: Format | None = None,
    ) -> None:
        super().__init__(store, report, source_id, zone, ",", log_format=log_format, workers=workers)
        self._asked = asked
        self.evidence = evidence_of(store)
        self._mapping = mapping
        self.table: TableMapping | None = None
        self.header_found: TableHeader | None = None
        self.places: dict[str, list[int]] = {}
        self.beside = Beside()
        """Columns that are no fields and tell of elements."""
        self.doubt = ""
        """What a reader must know of how the days of a table were read."""
        self.counted: set[str | None] = set()
        """What the columns of counts count, as far as their headers say."""
        self.cells_read: dict[tuple[str, str], tuple[Any, Any, Any, Any]] = {}
        """What each different text of a column means, whoever of the workers met it first."""

    def _worker(self, _: BlockLog) -> RegisterWorker:
        return RegisterWorker(self)

    def find_header(self, content: bytes) -> tuple[Header | None, int]:
        """The header by what its cells are called, or by the mapping; titles may stand above it."""
        text = content[:HEAD_BYTES].decode("utf-8", "replace")
        if len(content) > HEAD_BYTES:
            text = text[: text.rfind("\n") + 1]
        delimiter, rows = delimited_head(text)
        self.delimiter = delimiter
        problem = self.choose(rows)
        found = self.header_found
        if problem or found is None:
            return Header(cells=["", ""], delimiter=delimiter, problem=problem or "no header was found"), 0
        if self._mapping is None and len(content) > HEAD_BYTES and self.table is not None:
            self._settle_days(content, found, self.table, width_of(rows, found))
        self.tell_doubt(self.doubt)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for _ in range(found.row - 1):
            next(lines)
        self.look_above(content, lines.line_num)
        for _ in range(found.first_data_row - found.row):
            next(lines)
        used = 0
        for _ in range(lines.line_num):
            used = content.index(b"\n", used) + 1
        return self.set_cells(found, width_of(rows, found)), used

    def look_above(self, content: bytes, lines: int) -> None:
        """Raise DamagedFile where the first lines, above the header, are no titles but those of another log."""
        above = b"".join(content.splitlines(keepends=True)[:lines])
        taken = recognize(above, "", formats_of(self.store.library)) if above.strip() else None
        if taken is not None and taken.kind not in (None, "empty", "no_log"):
            name = "a canonical log" if taken.log_format is None else f"`{taken.log_format.name}`"
            raise DamagedFile(
                f"above the header of its register stand lines of another log, which look like {name}: "
                "save each as a file of its own"
            )

    def choose(self, rows: Sequence[list[str]]) -> str | None:
        """Settle header and columns by the mapping, or by a proposal; return why that cannot be done.

        Raises DamagedFile for a mapping that does not fit, and where there is more than one table.
        """
        self.header_found = self.table = None
        formats = [self.log_format] if self.log_format is not None else []
        plans = plan_sheets([Sheet("", list(rows))], self.evidence, formats, self._asked, self._mapping)
        tables = [plan for plan in plans if plan.table is not None and plan.part.header is not None]
        if len(tables) > 1 or (tables and any(plan.missing for plan in plans)):
            raise DamagedFile(SEVERAL)
        for plan in tables:
            if plan.table is not None and plan.part.header is not None:
                self.doubt = plan.proposed.doubt if plan.proposed is not None else ""
                self.settle(plan.table, plan.part.header, rows, whole=False)
        return None if tables else "; ".join(plan.why for plan in plans) or "no header was found"

    def settle(
        self, table: TableMapping, header: TableHeader, rows: Sequence[list[str]], *, whole: bool = True
    ) -> None:
        """Read what follows by a header and by what its columns hold; ValueError for a column that is not there.

        `rows` are those of the table, as far as they are known; `whole` tells whether these are all.
        """
        self.table, self.header_found = table, header
        self.places = table.places(header.cells)
        self.beside = beside(header.cells, table.placed(header.cells), rows, self.evidence.flags, whole=whole)
        if self.beside.flags:
            self.places.setdefault("elements", [])
        used = {place for places in self.places.values() for place in places}
        used |= {place for place, *_ in self.beside.flags}
        # The sheets of a workbook may count different things.
        self.counted |= {what_is_counted(header.cells[at]) for at in self.places.get("record_count", ())}
        self.report.counts = next(iter(self.counted)) if len(self.counted) == 1 else None
        left = [cell for place, cell in enumerate(header.cells) if cell and place not in used]
        self.report.unknown_fields.update(dict.fromkeys(left, 0))

    def _settle_days(self, content: bytes, found: TableHeader, table: TableMapping, width: int) -> None:
        """Settle the order of the days by all rows at hand: a head of them may hold none that tells."""
        places = [place for name in DATED for place in self.places.get(name, ())]
        text = content.decode("utf-8", "replace")
        rows = csv.reader(io.StringIO(text[: text.rfind("\n") + 1], newline=""), delimiter=self.delimiter)
        try:
            cells = {row[place] for row in itertools.islice(rows, found.first_data_row - 1, None)
                     for place in places if place < len(row) <= width}  # fmt: skip
        except csv.Error:
            return  # the rows that hold such cells are told where they are read
        if places:
            days = order_of(cells)
            self.table, self.doubt = replace(table, dates=days.order), days.doubt

    def tell_doubt(self, doubt: str, sheet: str = "") -> None:
        """Note what a reader must know of how the days of a table were read."""
        if doubt:
            said = f"sheet {sheet!r}: {doubt}" if sheet else doubt
            if said not in self.report.note:
                self.report.note = "; ".join(filter(None, (self.report.note, said)))

    def set_cells(self, found: TableHeader, width: int) -> Header:
        """Take so many cells of each row as its fields, and return the header that says so."""
        fields = tuple(f"cell_{place}" for place in range(width))
        self.fields = fields
        cells = [*found.cells, *[""] * (width - found.width)]
        return Header(
            cells=cells,
            delimiter=self.delimiter,
            fields=fields,
            columns={name: place for place, name in enumerate(fields)},
        )


class RegisterWorker(CsvWorker):
    """Reads blocks of one register on a connection of its own."""

    def __init__(self, log: RegisterLog) -> None:
        super().__init__(log)
        self._register = log
        self.staging.store.run("register_cells")

    def given(self, staging: FormatStaging) -> set[str]:
        """The canonical fields of which the register has a column, or its mapping a value for all rows."""
        held = {*self._register.places, *(self._register.table.constants if self._register.table else ())}
        return (staging.fields & held) - _TRACED

    def renew(self) -> None:
        """Forget what cells mean: in the next table they may mean something else."""
        self.staging.store.run("register_cells")
        self._register.cells_read.clear()

    # --- one block ------------------------------------------------------------------------------

    def cell(self, place: str) -> str:
        """A cell without blanks around it, and without what guards it from spreadsheets; null where nothing is left."""
        return f"unguarded_cell(nullif(trim({place}), ''))"

    def open_rows(self, store: Store) -> None:
        """Make the view `incoming` of the fields of the rows, each different cell of theirs taken apart."""
        constants = self._register.table.constants if self._register.table else {}
        # A list of this file's own: the values of another file's mapping stay set.
        store.set(shared_fields=[name for name in constants if name not in self._register.places])
        store.set(**{f"shared_{name}": "\n".join(values) for name, values in constants.items()})
        store.set(**self._register.beside.variables())
        store.connection.execute("delete from register_asides")
        store.connection.execute(
            f"create or replace temp view register_rows as select record_no, {self._selected()} "  # noqa: S608 - places only
            "from incoming_rows"
        )
        if not self._register.whole_rows:
            self._set_aside(store)
        self._take_apart(store)
        store.connection.execute(
            "create or replace temp view incoming as select r.*, a.reason as set_aside, a.unreadable "
            "from register_rows r left join register_asides a on r.record_no = a.record_no"
        )

    def _selected(self) -> str:
        """The fields of the register as expressions of cells, by place; nothing of its text becomes SQL."""
        constants = self._register.table.constants if self._register.table else {}
        parts = []
        for name in _HELD:
            cells = [f"cell_{place}" for place in self._register.places.get(name, ())]
            if name == "elements" and name in self._register.places:
                text = self._register.beside.elements(cells)
            elif len(cells) > 1:
                text = f"nullif(concat_ws(chr(10), {', '.join(cells)}), '')"
            elif cells:
                text = cells[0]
            else:
                text = f"getvariable('shared_{name}')" if name in constants else "null::varchar"
            parts.append(f"{text} as {name}")
        return ", ".join([*parts, f"{self._register.beside.left_out()} as left_out"])

    def _whole(self, first: int) -> str:
        """All cells of a row that are not blank, each with its header, as one text."""
        if self._register.whole_rows:
            whole = f"c{self.header.columns['whole_record'] + first}"
            return f"{whole} as whole_record, {whole} as raw"
        return super()._whole(first)

    def _set_aside(self, store: Store) -> None:
        """Look at rows that might be none: those half empty, those that speak of totals, those like the header."""
        found = self._register.header_found
        if found is None:
            return
        width = len(self._register.fields)
        named = next(place for place, cell in enumerate(found.cells) if cell)
        cells = ", ".join(self._register.fields)
        # A day without a digit is none: there the header of another table may stand.
        days = [f"cell_{place}" for place in self._register.places.get("occurred_at", ())]
        worded = f"or not regexp_matches({days[0]}, '\\d')" if days else ""
        doubtful = store.rows(
            f"select record_no, {cells} from incoming_rows where len(list_filter([{cells}], lambda c: c is not null)) "  # noqa: S608 - places only
            f"* 2 <= $1 or contains(lower(coalesce({cells}, '')), 'total') "
            f"or contains(lower($2), lower(cell_{named})) {worded}",
            [width, found.cells[named]],
        )
        self._put_asides(store, [(number, [cell or "" for cell in row]) for number, *row in doubtful], found)

    def _put_asides(self, store: Store, rows: Sequence[tuple[int, list[str]]], found: TableHeader) -> None:
        shown = TableHeader(-found.rows, found.cells, found.rows)
        asides: list[tuple[int, str | None, str | None]] = []
        for number, cells in rows:
            said = next(sort_rows([(number, cells)], shown), None)
            if said is None:
                asides.append((number, "an empty row", None))
            elif isinstance(said, Aside):
                asides.append((number, said.reason, None))
            elif is_other_header(cells, found):
                raise DamagedFile(SEVERAL)
            elif may_be_wrapped(cells, self._register.places):
                asides.append((number, None, DOUBTFUL))
        columns = {"record_no": "bigint", "reason": "varchar", "unreadable": "varchar"}
        store.insert("register_asides", columns, asides)

    # --- each different cell once -----------------------------------------------------------------

    def _take_apart(self, store: Store) -> None:
        table = self._register.table
        held = {*self._register.places, *(table.constants if table else ()), "left_out"}
        # What stands in them repeats together: so the rows are gone through once for all of them.
        store.connection.execute(
            f"create or replace temp table register_lists as select distinct {', '.join(sorted(LIST_FIELDS))} "  # noqa: S608 - our own names
            "from register_rows"
        )
        for name in (*_DATES, *_COUNTS, *sorted(LIST_FIELDS), "left_out"):
            if name not in held:
                continue
            kind = "date" if name in _DATES else "count" if name in _COUNTS else name
            plain = {
                # A bare number and a day or time in ISO form are read by the engine itself.
                "date": f"day_of({name}) is not null or usual_instant_of({name}) is not null",
                "count": f"grouped_count({name}) is not null",
            }.get(kind, "false")
            rows = "register_lists" if name in LIST_FIELDS else "register_rows"
            texts = store.rows(
                f"select distinct {name} from {rows} where {name} is not null and not coalesce({plain}, false) "  # noqa: S608 - our own names
                f"and not exists (from register_cells c where c.kind = $1 and c.cell = {name})",
                [kind],
            )
            columns = {"kind": "varchar", "cell": "varchar", "items": "varchar[]", "begins": "varchar",
                       "ends": "varchar", "number": "bigint"}  # fmt: skip
            store.insert("register_cells", columns, [(kind, text, *self._meaning(kind, text)) for (text,) in texts])

    def _meaning(self, kind: str, text: str) -> tuple[Any, Any, Any, Any]:
        """Items, first and last day, number of one cell, taken apart once for all workers."""
        known = self._register.cells_read
        if (kind, text) not in known:
            known[kind, text] = self._read(kind, text)
        return known[kind, text]

    def _read(self, kind: str, text: str) -> tuple[Any, Any, Any, Any]:
        table = self._register.table
        if kind == "date":
            span = read_date(text, table.dates if table else "us")
            return (None, None, None, None) if span is None else (None, span.begin, span.end, None)
        if kind == "count":
            return None, None, None, read_count(text)
        if kind == "elements":
            return self._register.evidence.flags.row(text), None, None, None
        if kind == "left_out":
            return self._register.evidence.flags.left_out(text), None, None, None
        separators = separators_of(table.separators if table else ())
        return self._register.evidence.items(kind, text, separators), None, None, None
