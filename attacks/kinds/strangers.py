"""Folders of strangers: settings, queries, overlays and mappings that came with evidence, found by every command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from attacks.counted import Counted
from auditscan.cli import run
from auditscan.settings import config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FULL = 100
STEP = 25

CANARY = "canary-5f0c-content"
RECORD = {
    "occurred_at": "2026-01-15T10:00:00Z", "sender": "CMS", "recipient": "ICE", "programs": ["medicaid"],
    "states": ["CA"], "elements": ["ssn", "diagnosis code"], "purpose": "immigration enforcement",
}  # fmt: skip
REGISTER = "Date,Recipient,State,Elements\n2026-01-16,ICE,CA,ssn\n"

COMMANDS = (
    ["scan", "{logs}", "--json"],
    ["scan", "{logs}", "--json"],
    ["report", "{logs}"],
    ["query", "--sql", "select transfer_id, verdict_now, reasons from answers order by 1", "{logs}", "--format", "csv"],
    ["query", "rule_outcomes", "{logs}", "--format", "csv"],
    ["explain", "T-1", "{logs}"],
)

HEADER = '/*\ntitle = "Theirs"\ndescription = "Theirs."\n{more}*/\n'
RULE = 'severity = "{severity}"\nreads = "{reads}"\ncitation = "c"\nevidence = "A"\nwhy = "w"\nfalse_positives = "f"\n'
SOURCE = 'reader = "json"\nneeds = ["transfer_id"]\nfields = ["transfer_id", "sender"]\n'

# The second half of each is what a library query must not do, in a place where it might be let through.
REACHING = (
    "read_text('{secret}')",
    "read_blob('{secret}')",
    "(select content from read_text('{secret}'))",
    "'{secret}'",
    '"{secret}"',
    "query('select 1')",
    "glob('{world}/*')",
    "read_csv('{secret}', header = false, columns = {{'a': 'varchar'}})",
    "duckdb_settings()",
    "sniff_csv('{secret}')",
    "parquet_metadata('{secret}')",
    "(with gone as (delete from records returning 1) select * from gone)",
)
SECOND = (
    "copy (select 1) to '{world}/made.csv'",
    "copy (select content from read_text('{secret}')) to '{world}/made.csv'",
    "attach '{world}/made.duckdb' as made; create table made.t as select 1",
    "export database '{world}/made'",
    "create or replace macro is_blank(t) as true",
    "delete from records",
    "update records set transfer_id = null",
    "set enable_external_access = true",
    "pragma disable_optimizer",
    "install httpfs; load httpfs",
)


@dataclass(frozen=True, slots=True)
class World:
    """A folder with evidence in it, and what nobody who looks at the evidence should touch or see."""

    root: Path

    @property
    def evidence(self) -> Path:
        """What somebody unpacked."""
        return self.root / "evidence"

    @property
    def secret(self) -> Path:
        """A file beside the evidence."""
        return self.root / "elsewhere" / "secret.csv"

    def build(self) -> None:
        """Make it."""
        (self.evidence / "logs" / "deep").mkdir(parents=True)
        (self.root / "elsewhere").mkdir()
        self.secret.write_text(f"{CANARY}\n")
        lines = [json.dumps({"transfer_id": f"T-{number}"} | RECORD) + "\n" for number in (1, 2, 3)]
        (self.evidence / "logs" / "a.ndjson").write_text("".join(lines))
        (self.evidence / "logs" / "r.csv").write_text(REGISTER)

    def settings(self, text: str, name: str = "auditscan.toml") -> None:
        """Put a settings file into the evidence."""
        (self.evidence / name).write_text(text)

    def query(self, kind: str, sql: str, more: str = "", name: str = "theirs") -> None:
        """Put a query into a folder of the evidence."""
        folder = self.evidence / "q" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.sql").write_text(HEADER.format(more=more) + sql + "\n")

    def filled(self, text: str) -> str:
        """A text with the places of this world in it."""
        return text.format(secret=self.secret, world=self.root)

    def state(self) -> dict[str, bytes | Path]:
        """Every file of it, with its content."""
        return {
            str(path.relative_to(self.root)): path.readlink() if path.is_symlink() else path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_symlink() or path.is_file()
        }


# --- what strangers leave ------------------------------------------------------------------------------


def _a_setting(world: World, drawn: random.Random) -> str:
    """Each setting, with a value that would turn answers or write somewhere."""
    own = {
        "exclude": '["*.ndjson"]', "as-of": "2024-01-01", "since": "2040-01-01", "held-by": '"DHS"', "link": "false",
        "exit-zero": "true", "allow-quarantined": "1000000", "log-format": '"xferlog"', "source-zone": '"Asia/Tokyo"',
        "metrics": '"made.prom"', "run-log": '"made.log"', "ledger": '"made"', "db": '"made.duckdb"', "rows": "1",
        "notify": '["file://made", "json://localhost/"]', "logs": '["/"]', "policy": '["p"]', "queries": '["q"]',
        "mapping": '"m.toml"', "suppressions": '"s.toml"',
    }  # fmt: skip
    names = [entry.name for entry in config.SETTINGS if not entry.harmless]
    chosen = drawn.sample(names, drawn.choice((1, 1, 2, 5)))
    _overlay(world, drawn)
    sql = "select disclosure_id, '' as evidence, '' as citation, 'certain' as certainty from disclosures"
    world.query("rules", sql, RULE.format(severity="note", reads="disclosures"))
    (world.evidence / "m.toml").write_text(_mapping(drawn))
    world.settings("".join(f"{name} = {own.get(name, config.setting(name).example)}\n" for name in chosen))
    return f"settings {', '.join(chosen)}"


def _overlay(world: World, drawn: random.Random) -> None:
    folder = world.evidence / "p"
    folder.mkdir(exist_ok=True)
    (folder / "elements.csv").write_text(f"element,category\nssn,{drawn.choice(('address', 'phone', 'name'))}\n")


def _a_query(world: World, drawn: random.Random) -> str:
    """A query that reaches beside the database, or does more than ask."""
    reaching, second = world.filled(drawn.choice(REACHING)), world.filled(drawn.choice(SECOND))
    what = drawn.choice(("source", "rule", "report", "part"))
    ends = drawn.choice((f"; {second}", f";\n/* x */ {second};", ";", ""))
    if what == "source":
        reads = drawn.choice((", {0}", "where sender in (select 1 from {0})", "limit (select count(*) from {0})", ""))
        sql = f"select record_no, transfer_id, sender from incoming {reads.format(reaching)}"
        world.query("sources", sql + (ends if reads else f"; {second}"), SOURCE)
    elif what == "rule":
        world.query("rules", f"select d.disclosure_id, (select count(*)::varchar from {reaching}) as evidence, "
                    f"'' as citation, 'certain' as certainty from disclosures d{ends}",
                    RULE.format(severity="grave", reads="disclosures"))  # fmt: skip
    elif what == "report":
        world.query("reports", f"select * from {reaching}{ends}")
    else:
        kind = drawn.choice(("schema", "steps", "ledger", "what_if"))
        world.query(kind, second, name="99_theirs" if kind in ("schema", "steps") else "theirs")
    world.settings('queries = ["q"]\n' + drawn.choice(("", 'log-format = "theirs"\n')))
    return f"a {what}: {reaching} {ends}"


def _a_link(world: World, drawn: random.Random) -> str:
    """Links: the settings themselves, folders they name, everything there is."""
    where = drawn.choice(("file", "folder", "root", "itself", "secret", "device"))
    if where == "file":
        (world.root / "elsewhere" / "x.toml").write_text('exclude = ["*"]\n')
        (world.evidence / "auditscan.toml").symlink_to(world.root / "elsewhere" / "x.toml")
    elif where == "itself":
        (world.evidence / "auditscan.toml").symlink_to("auditscan.toml")
    elif where == "secret":
        (world.evidence / "auditscan.toml").symlink_to(world.secret)
    elif where == "device":
        (world.evidence / "q").mkdir()
        (world.evidence / "q" / "rules").mkdir()
        (world.evidence / "q" / "rules" / "zero.sql").symlink_to(drawn.choice(("/dev/zero", "/dev/stdin")))
        world.settings('queries = "q"\n')
    else:
        (world.evidence / "q").symlink_to("/" if where == "root" else world.root / "elsewhere")
        world.settings(drawn.choice(('queries = "q"\n', 'policy = "q"\n', 'queries = "/"\n')))
    return f"a link: {where}"


def _odd_text(world: World, drawn: random.Random) -> str:
    """Files that are broken, huge, or called nearly as they must be."""
    texts: dict[str, Callable[[], object]] = {
        "broken": lambda: world.settings('exclude = ["*"\n'),
        "table": lambda: world.settings('[settings]\nexclude = ["*"]\n'),
        "other case": lambda: world.settings('Exclude = ["*"]\n'),
        "twice": lambda: world.settings('exclude = []\nexclude = ["*"]\n'),
        "no text": lambda: (world.evidence / "auditscan.toml").write_bytes(b"exclude = ['\xff\xfe*']\n"),
        "nul": lambda: world.settings('exclude = ["*"]\0\n'),
        "nested": lambda: world.settings("exclude = " + "[" * 5000 + "]" * 5000 + "\n"),
        "huge": lambda: world.settings(f'exclude = ["*"]\n{"# x" * 400_000}\n'),
        "escapes": lambda: world.settings('held-by = "\\u001b]8;;http://x\\u0007\\u202e"\n'),
        "hidden": lambda: world.settings('exclude = ["*"]\n', ".auditscan.toml"),
        "capitals": lambda: world.settings('exclude = ["*"]\n', "Auditscan.TOML"),
        "bom": lambda: world.settings('\ufeffexclude = ["*"]\n'),
        "a folder": (world.evidence / "auditscan.toml").mkdir,
        "only width": lambda: world.settings("width = 70\n"),
    }
    name = drawn.choice(sorted(texts))
    texts[name]()
    return f"settings: {name}"


def _mapping(drawn: random.Random) -> str:
    columns = [f'{{column = "{name}", field = "{drawn.choice(("note", "ignored"))}"}}'
               for name in ("Date", "Recipient", "State", "Elements")]  # fmt: skip
    constants = drawn.choice(('recipient = "CMS"', 'states = ["TX"]', 'outcome = "failure"', 'elements = ["name"]'))
    return f"version = 1\n[[tables]]\nheader_row = 1\ncolumns = [{', '.join(columns)}]\nconstants = {{{constants}}}\n"


def _a_mapping(world: World, drawn: random.Random) -> str:
    """A mapping beside a log, as its own file, a link, too large or not well formed."""
    log = drawn.choice(("r.csv", "r.csv", "a.ndjson"))
    mapping = world.evidence / "logs" / f"{log}.mapping.toml"
    how = drawn.choice(("plain", "link", "huge", "broken", "folder", "secret"))
    if how == "link":
        (world.root / "elsewhere" / "m.toml").write_text(_mapping(drawn))
        mapping.symlink_to(world.root / "elsewhere" / "m.toml")
    elif how == "secret":
        mapping.symlink_to(world.secret)
    elif how == "folder":
        mapping.mkdir()
    else:
        mapping.write_text({"huge": "# x" * 400_000, "broken": "version = ["}.get(how, "") + "\n" + _mapping(drawn))
    return f"a mapping of {log}: {how}"


def _after_a_yes(world: World, drawn: random.Random) -> str:
    """Something that was looked at and trusted, and was changed since."""
    _overlay(world, drawn)
    world.query("reports", "select 1 as one")
    logs = world.evidence / "logs"
    world.settings('queries = ["q"]\npolicy = ["p"]\n')
    (logs / "r.csv.mapping.toml").write_text('version = 1\n[[tables]]\nheader_row = 1\n'
                                             'columns = [{column = "Recipient", field = "recipient"}]\n')  # fmt: skip
    with _inside(world.evidence):
        said(["--trust", "scan", "logs", "--json"])
    for name in drawn.sample(("auditscan.toml", "p/elements.csv", "q/reports/theirs.sql", "q/rules/new.sql",
                              "logs/r.csv.mapping.toml"), drawn.choice((1, 2))):  # fmt: skip
        path = world.evidence / name
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + drawn.choice(("\n", "#", "x,y\n", "exclude=1\n")))
    return "changed after a yes"


KINDS = (_a_setting, _a_query, _a_link, _odd_text, _a_mapping, _after_a_yes, _a_setting, _a_query)


# --- the attack --------------------------------------------------------------------------------------


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Run a command in or below folders of strangers; half of those with queries are trusted by mistake."""
    counted = Counted()
    drawn = random.Random(seed)
    quiet = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    ours = {name: text for name, text in os.environ.items() if not name.startswith(config.PREFIX)}
    with mock.patch.dict(os.environ, ours | quiet, clear=True):
        without: dict[tuple[str, str], tuple[int, str]] = {}
        for number in range(count):
            world = World(Path(tempfile.mkdtemp(dir=folder)))
            world.build()
            below, command = drawn.choice((".", "logs", "logs/deep")), drawn.choice(COMMANDS)
            command = [part.format(logs=os.path.relpath("logs", below)) for part in command]
            key = (below, " ".join(command))
            if key not in without:
                with _inside(world.evidence / below):
                    without[key] = said(command)[:2]
            leave = KINDS[number % len(KINDS)]
            what = leave(world, drawn)
            yes = leave is _a_query and drawn.random() < 0.5
            before = world.state()
            with _inside(world.evidence / below):
                code, out, err = said([*(["--trust"] if yes else []), *command])
            told = f"seed {seed}, number {number}: {what}; {' '.join(command)} in {below} ended with {code}"
            wrong = _wrong(world, before, without[key], (code, out, err), shape=what.endswith("only width"))
            if wrong:
                counted.broke(f"{told}: {wrong}")
            else:
                told_so = code == 20 or "INCOMPLETE" in err
                counted.held("refused" if code == 2 else "told" if told_so else "same answer")
            shutil.rmtree(world.root)
    return counted


def _wrong(
    world: World,
    before: dict[str, Any],
    without: tuple[int, str],
    ended: tuple[int, str, str],
    *,
    shape: bool,
) -> str:
    """What a stranger has reached; nothing where that is nothing. `shape` may be another one."""
    code, out, err = ended
    if world.state() != before:
        return f"files changed: {sorted(set(world.state().items()) ^ set(before.items()))[:3]}"
    if CANARY in out + err:
        return "the canary was shown"
    if "\x1b" in out + err or "\u202e" in out + err:
        return "an escape was shown"
    if "Traceback" in err or "fault of the program" in err:
        return f"a fault: {err[-300:]}"
    if code in (2, 20) or "INCOMPLETE" in err:
        return ""
    if code != without[0] or (out != without[1] and not shape and "mapping" not in out):
        return f"another answer, and without {without[0]}: {out[:300]}"
    return ""


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def said(command: list[str]) -> tuple[int, str, str]:
    """Run a command here; return its exit code and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(command)
    return code, *(stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err))  # type: ignore[attr-defined]
