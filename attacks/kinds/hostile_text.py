"""Hostile text in every field, name, sheet, column and argument, through every command and every form of output."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import sys
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import xlsxwriter
from markdown_it import MarkdownIt  # rich brings it

from attacks.counted import Counted
from attacks.kinds.strangers import said
from auditscan.library import Library
from auditscan.settings import config
from terminals import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = 120
STEP = 40

PIECES = (
    "\x1b[2J", "\x1b[31m", "\x1b]0;owned\x07", "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x9b2J", "\x9d0;x\x9c", "\x1bc", "\x1b(0", "\x07", "\x08\x08", "\r", "\x7f", "\x00x", "\x0b\x0c", "\x85",
    "\u2028", "\u2029", "\u202e", "\u2066", "\u2067x\u2069", "\u200f", "\u061c", "\n", "\r\n\t",
    "| a | b |\n|---|---|", "\n# head\n", "\n---\n", "`", "```\n", "**b**", "_i_", "~~s~~", "\\", "\\|",
    "![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "[x]: http://evil.example\n[x]",
    "<http://evil.example>", "<script>alert(1)</script>", "<img src=x onerror=y>", "<!-- x", "<b>", "&lt;b&gt;",
    "&#60;b&#62;", "<svg/onload=x>", "=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\t=1+1", "{{7*7}}",
    "${HOME}", "%s%n", "[bold red]x[/]", "[link=http://evil.example]x[/link]", "'; drop table x; --", '"', "'", ",",
    ";", "e\u0301", "\ud7ff", "\U0001f469\u200d\U0001f680",
)  # fmt: skip
INVISIBLE = ("\u200b", "\u2060", "\ufeff", "\U000e0041\U000e0042", "\u00ad", "\u180e")
"""Shown as nothing by a terminal: two names that look alike."""


_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OUR_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u180e\U000e0000-\U000e007f]")


@dataclass(slots=True)
class World:
    """Logs that are full of hostile text, the case they make and the ledger that holds them."""

    root: Path
    drawn: random.Random
    ids: list[str] = field(default_factory=list)

    def text(self, word: str = "", *, name: bool = False) -> str:
        """A word with hostile pieces around it; as the name of a file it has no slash and no NUL."""
        pieces = [self.drawn.choice(PIECES if self.drawn.random() < 0.9 else INVISIBLE) for _ in range(2)]
        text = pieces[0] + word + pieces[1]
        return text.replace("/", "").replace("\0", "") if name else text

    def build(self) -> None:
        """Write logs of several kinds."""
        logs = self.root / "logs"
        for folder in (logs, logs / self.text("f", name=True)):
            folder.mkdir()
        records = []
        for _ in range(40):
            record: dict[str, object] = {
                "transfer_id": self.text("T"), "occurred_at": "2026-01-15T10:00:00Z", "sender": "CMS",
                "recipient": "ICE", "actor": "a@ice.dhs.gov", "system": "gateway", "authority": "none",
                "states": ["CA"],
                "programs": ["medicaid"], "elements": ["ssn"], "purpose": "enforcement", "outcome": "success",
            }  # fmt: skip
            for key in self.drawn.sample(sorted(record), 4):
                record[key] = [self.text("x")] if isinstance(record[key], list) else self.text(str(record[key]))
            record[self.text("unknown")] = self.text("y")
            self.ids.append(str(record["transfer_id"]))
            records.append(record)
        lines = [json.dumps(record) + "\n" for record in records]
        lines += [f"{self.text('no record')}\n" for _ in range(8)]
        (logs / f"{self.text('a', name=True)}.ndjson").write_text("".join(lines), encoding="utf-8")
        with (logs / f"{self.text('r', name=True)}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["Date", "Recipient", "State", "Elements", self.text("Purpose").replace("\n", " ")])
            rows.writerows(["2026-01-15", self.text("ICE"), self.text("CA"), self.text("ssn"), self.text("p")]
                           for _ in range(8))  # fmt: skip
        (logs / f"{self.text('u', name=True)}.log").write_text(self.text("nothing known") * 9, encoding="utf-8")
        (logs / "no.ndjson").write_bytes(b'{"transfer_id":"\xff\xfe","sender":"' + b"\x1b[2J" + b'"}\n')
        os.mkfifo(logs / self.text("fifo", name=True))
        with xlsxwriter.Workbook(logs / "book.xlsx", {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            name = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "", self.text("s", name=True))[:30] or "s"
            sheet = book.add_worksheet(name)
            sheet.write_row(
                0, 0, ["Date", "Recipient", "State", "Elements", re.sub(r"[\x00-\x1f]", "", self.text("c"))]
            )
            sheet.write_row(1, 0, ["2026-01-15", "ICE", "CA", "ssn", re.sub(r"[\x00-\x1f]", "", self.text("v"))])


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Put one set of hostile logs through so many command runs, one in eight of them on a terminal."""
    counted = Counted()
    drawn = random.Random(seed)
    world = World(folder / "world", drawn)
    world.root.mkdir()
    world.build()
    quiet = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"), "COLUMNS": "80"}
    ours = {name: text for name, text in os.environ.items() if not name.startswith(config.PREFIX)}
    before = Path.cwd()
    os.chdir(world.root)
    try:
        with mock.patch.dict(os.environ, ours | quiet, clear=True):
            said(["scan", "logs", "--db", "case.duckdb"])
            for _ in range(2):
                said([*_NIGHT, "--metrics", "m.prom", "--run-log", "runs.ndjson"])
            runs = _runs(world)
            for number in range(count):
                command = next(runs)
                on_terminal = number % 8 == 7 and "--out" not in command
                code, out, err = _on_terminal(command) if on_terminal else said(command)
                wrong = _wrong(command, out, err, on_terminal=on_terminal)
                if code == 1 or "Traceback" in err:
                    wrong = f"a fault: {err[-300:]}"
                if wrong:
                    counted.broke(f"seed {seed}, number {number}: {command!r} ended with {code}: {wrong}")
                elif _is_data(command) and on_terminal and "\x1b" in out:
                    counted.held("data as it is, on a terminal")
                elif not _is_data(command) and _INVISIBLE.search(out + err):
                    counted.held("clean, but for what is invisible")
                else:
                    counted.held("clean")
    finally:
        os.chdir(before)
    return counted


_NIGHT = ["nightly", "--logs", "logs", "--ledger", "ledger"]
_ASKED = (
    "select * from answers", "select * from transfers", "select * from quarantine", "select * from sources",
    "select * from logged_disclosures", "select * from set_aside", "select * from findings", "summarize answers",
)  # fmt: skip


def _runs(world: World) -> Iterator[list[str]]:
    """Command lines without end."""
    drawn = world.drawn
    reports = [
        query.name for query in Library.shipped().of("report") if not any(one.required for one in query.params.values())
    ]
    files = [str(path) for path in Path("logs").rglob("*") if path.is_file()]
    formats = ("table", "md", "csv", "ndjson")
    while True:
        text = drawn.choice(PIECES).replace("\0", "") + "x"
        yield from (
            ["report", "--db", "case.duckdb"],
            ["query", drawn.choice(reports), "--db", "case.duckdb", "--format", drawn.choice(formats)],
            ["query", drawn.choice(reports), "--db", "case.duckdb", "--format", drawn.choice(("table", "md"))],
            ["query", "--sql", drawn.choice(_ASKED), "--db", "case.duckdb", "--format", drawn.choice(formats)],
            ["query", "--sql", drawn.choice(_ASKED), "--db", "case.duckdb", "--format", "md", "--rows", "0"],
            ["query", "--sql", drawn.choice(_ASKED), "--db", "case.duckdb", "--out", "x.xlsx"],
            ["explain", drawn.choice(world.ids).replace("\0", ""), "--db", "case.duckdb"],
            ["explain", text, "--db", "case.duckdb"],
            ["show", f"{drawn.choice(files)}:{drawn.choice((1, 2, 3, 45))}"],
            ["show", f"{text}:1"],
            ["sources", "detect", "logs", *drawn.choice(([], ["--full"], ["--json"]))],
            ["sources", "map", drawn.choice([name for name in files if name.endswith((".csv", ".xlsx"))])],
            ["scan", "logs", "--exclude", text, *drawn.choice(([], ["--json"]))],
            ["query", "of_party", "--param", f"{text}={text}", "--db", "case.duckdb"],
            ["query", "by_state", "--param", f"select_states={text}", "--db", "case.duckdb"],
            ["query", "--sql", f"select '{text.replace(chr(39), '')}' as \"{text.replace(chr(34), '')}\"",
             "--db", "case.duckdb", "--format", drawn.choice(("table", "md"))],
            ["query", "--sql", f"select {text}", "--db", "case.duckdb"],
            ["scan", text, "--policy", text, "--queries", text],
            ["--config", text, "scan", "logs"],
            ["scan", "logs", "--log-format", text, "--held-by", text],
            ["report", "--db", "case.duckdb", *drawn.choice((["--full"], ["--state", text], ["--width", "120"]))],
            [*_NIGHT, "--dry-run"],
            [*_NIGHT, "--metrics", "m.prom", "--run-log", "runs.ndjson"],
            ["status", "--ledger", "ledger"],
            ["compare", "--ledger", "ledger"],
            ["verify", "--ledger", "ledger", "--logs", "logs"],
            [text],
        )  # fmt: skip


def _is_data(command: list[str]) -> bool:
    """Whether what comes out is for a program, which is given text as it is."""
    return not {"csv", "ndjson", "--json"}.isdisjoint(command)


def _wrong(command: list[str], out: str, err: str, *, on_terminal: bool) -> str:
    """What a reader must not be shown; nothing where all is clean."""
    shown = _OUR_STYLE.sub("", out + err).replace("\r\n", "\n") if on_terminal else err
    shown += "" if _is_data(command) or on_terminal else out
    if _is_data(command) and on_terminal:
        # Told apart by the caller: what is data is not changed.
        shown = ""
    found = [letter for letter in shown if letter != "\n" and unicodedata.category(letter) in ("Cc", "Zl", "Zp")]
    if found or _BIDI.search(shown):
        place = shown.find(found[0]) if found else _BIDI.search(shown).start()  # type: ignore[union-attr]
        return f"shown raw: {shown[max(0, place - 60) : place + 20]!r}"
    if "md" in command and not on_terminal:
        live = [token for block in MarkdownIt("commonmark").enable("table").parse(out)
                for token in (block, *(block.children or ()))
                if token.type in _LIVE and token.content != "<br>"]  # fmt: skip
        if live:
            return f"live in Markdown: {live[0].type} {live[0].content or live[0].attrs!r}"
    if "--json" in command and not on_terminal and out and not _is_json(out):
        return "no JSON"
    if "x.xlsx" in command and (found_in := _formulas(Path("x.xlsx"))):
        return found_in
    if "m.prom" in command:
        return _unclean_files()
    return ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_LIVE = ("html_inline", "html_block", "link_open", "image")


def _formulas(book: Path) -> str:
    if not book.exists():
        return ""
    with zipfile.ZipFile(book) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            if name.startswith("xl/worksheets/") and (b"<f>" in content or b"<hyperlink" in content):
                return f"a formula or a link in {name}"
    return ""


def _unclean_files() -> str:
    """What a night writes for others: metrics, a line of JSON, receipts."""
    for path in (Path("m.prom"), Path("runs.ndjson"), *Path("ledger").rglob("*.json")):
        text = path.read_bytes().decode("utf-8")
        # JSON is data: it escapes what controls a line, and nothing else.
        last = "\x1f" if path.suffix != ".prom" else "\x9f"
        if any(letter != "\n" and unicodedata.category(letter) == "Cc" and letter <= last for letter in text):
            return f"a control character in {path}"
        if path.suffix == ".prom" and _BIDI.search(text):
            return f"a mark of direction in {path}"
        # By line feeds only: other ends of lines may stand in a text.
        for line in text.split("\n") if path.suffix == ".ndjson" else ():
            if line and not _is_json(line):
                return f"a line of {path} that is no JSON"
    return ""


def _on_terminal(command: list[str]) -> tuple[int, str, str]:
    """Run a command in a process on a terminal of 80 cells."""
    environment = {name: text for name, text in os.environ.items() if name != "COLUMNS"} | {"TERM": "xterm"}
    terminal = Terminal([sys.executable, "-m", "auditscan", *command], environment, Path.cwd())
    code, shown = terminal.end(120)
    return code, shown, ""
