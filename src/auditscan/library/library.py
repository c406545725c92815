"""The query library: folders of SQL files -> Query objects.

Everything wrong with any file is collected and raised as one LibraryError, because a library
that is half loaded would judge by half the rules. Nothing here runs SQL, so listing and showing
queries costs no database: this module must not import duckdb, which only parses what a user brings.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from auditscan.errors import LibraryError, Problem, UsageError
from auditscan.library.body import check_body, is_empty
from auditscan.library.brought import check_locked
from auditscan.library.header import KINDS, Fault, read_header, split
from auditscan.library.known import known_headers
from auditscan.library.parameters import TYPES, Parameter
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "schema": "schema",
        "sources": "source",
        "steps": "step",
        "rules": "rule",
        "reports": "report",
        "what_if": "what_if",
        "ledger": "ledger",
    }
)
"""Folder name -> kind of the queries in it."""

BROUGHT = frozenset({"source", "rule", "report"})
"""Kinds that a user may add to."""

MOST_BYTES = 1 << 20
"""Of a query file."""

_ORDERED = frozenset({"schema", "step"})
"""Kinds whose files run one after the other, and carry their place in front of their name."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBERED = re.compile(r"(?P<number>\d{2,})_(?P<name>[a-z][a-z0-9_]*)")


def shipped_folder(name: str) -> Path:
    """Return the folder `queries`, `sample_logs` or `docs` that belongs to this copy of auditscan.

    An installed wheel carries them inside the package; a checkout has them at its root, two
    levels above the package, and uses them in place. Raises UsageError where neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise UsageError(
        f"this copy of auditscan has no {name} folder",
        where=str(package),
        hint="install auditscan again, or run it from a full checkout",
    )


@dataclass(frozen=True)
class Query:
    """One query file. Keys that only rules have are None in the other kinds."""

    name: str
    """The file's stem; for schema and step files, without the number in front."""
    kind: str
    """schema, source, step, rule, report, what_if or ledger."""
    title: str
    description: str
    sql: str
    """The whole text as it stands in the file, header included: it runs as it is."""
    path: Path
    header: Mapping[str, object] = field(compare=False, repr=False)
    """Every key of the header, for those that have no attribute of their own."""
    severity: str | None = None
    """enjoined, review or note."""
    reads: str | None = None
    """disclosures, transfers or sources: which id the rule's rows carry."""
    scope: str | None = None
    """in: only transfers in scope are asked about; any: all of them."""
    alone: bool = False
    """Whether a transfer meets the rule for what it says itself, whatever others there are."""
    citation: str | None = None
    evidence: str | None = None
    """How sure the citation is: a letter A to D, or a sentence."""
    why: str | None = None
    false_positives: str | None = None
    params: Mapping[str, Parameter] = field(default_factory=dict, compare=False)
    """By name; those of a selection come first."""
    requires: tuple[str, ...] = ()
    """The fields without which the query does not apply to a log."""

    @property
    def body(self) -> str:
        """The SQL below the header, without the blank lines around it."""
        return self.sql[self.sql.index("*/") + 2 :].strip()

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name; raises UsageError, with near names, when the query has none such."""
        if name in self.params:
            return self.params[name]
        raise UsageError(
            f"{self.name} has no parameter {name!r}",
            hint=did_you_mean(name, self.params)
            or (f"it has {', '.join(self.params)}" if self.params else "it has none"),
        )


@dataclass(frozen=True)
class Library:
    """The queries of one or more folders, checked, in the order they run in."""

    queries: tuple[Query, ...]
    """By kind (schema, source, step, rule, report, what_if, ledger), then folder as given, then file name."""
    sha256: str
    """Hex digest over kind, file name and text of every file, the same wherever they lie."""
    judging_sha256: str
    """The same without reports, comparisons and what keeps a ledger: what a judged database rests on."""

    @classmethod
    def load(cls, folders: Iterable[str | Path], brought: Iterable[str | Path] = ()) -> Library:
        """Read every query of `folders` and of those that a user brings, each laid out as the one that ships.

        What is brought holds sources, rules and reports only, each of them one select from tables of the database.

        A later folder adds to an earlier one and cannot replace anything in it: a rule that
        silently became another rule would still be cited under its old name.
        Raises LibraryError with every problem of every file.
        """
        problems: list[Problem] = []
        queries: list[Query] = []
        for folder, own in (*((folder, True) for folder in folders), *((folder, False) for folder in brought)):
            for path, kind in _files(Path(folder), problems):
                query = _read(path, kind, problems, own=own)
                if query is not None:
                    queries.append(query)
        _check_names(queries, problems)
        if problems:
            raise LibraryError(problems)
        # A stable sort: within a kind, folders and file names keep the order they were read in.
        queries.sort(key=lambda query: KINDS.index(query.kind))
        judging = [query for query in queries if query.kind not in ("report", "what_if", "ledger")]
        return cls(tuple(queries), _digest(queries), _digest(judging))

    @classmethod
    def shipped(cls, more: Sequence[str | Path] = ()) -> Library:
        """Load the queries that came with auditscan, which a process reads once, and those of the folders in `more`."""
        folder = shipped_folder("queries")
        return _with_more(folder, more) if more else _alone(folder)

    def of(self, kind: str) -> tuple[Query, ...]:
        """Return the queries of one kind, in order."""
        return tuple(query for query in self.queries if query.kind == kind)

    def get(self, name: str) -> Query:
        """Return the query of that name; raises UsageError, with near names, when none has it."""
        for query in self.queries:
            if query.name == name:
                return query
        raise UsageError(
            f"no query is named {name!r}",
            hint=did_you_mean(name, [query.name for query in self.queries]) or "`auditscan queries` lists them",
        )

    def bound(self, query: Query | str, given: Mapping[str, object]) -> dict[str, object]:
        """Return a value for every parameter of a query: what is given, else the default; None is not given.

        The values are Python's, as `Parameter.read_value` makes them of text; each is to be set as the variable of
        its name. Raises UsageError for a parameter the query does not have, one it cannot do without, and a
        value of another type.
        """
        if isinstance(query, str):
            query = self.get(query)
        found = {query.parameter(name).name: value for name, value in given.items() if value is not None}
        values: dict[str, object] = {}
        for name, parameter in query.params.items():
            if name in found:
                values[name] = parameter.check_value(found[name])
            elif parameter.required:
                raise UsageError(
                    f"{query.name} needs the parameter {name}",
                    why=parameter.description,
                    hint=f"give it as {name}={TYPES[parameter.type].example}",
                )
            else:
                values[name] = parameter.default
        return values


def _with_more(folder: Path, more: Sequence[str | Path]) -> Library:
    library = Library.load([folder], more)
    known_headers().keep()
    return library


@cache
def _alone(folder: Path) -> Library:
    return _with_more(folder, ())


def _files(folder: Path, problems: list[Problem]) -> list[tuple[Path, str]]:
    """Return the query files of one library folder with their kinds, in order.

    Whatever would be passed over in silence (a misspelled folder, `x.SQL`, a folder inside
    `rules/`) is a problem: the person who put it there thinks that it runs.
    """
    if not folder.is_dir():
        problems.append(_problem(folder, 1, "no such folder"))
        return []
    found: list[tuple[Path, str]] = []
    kinds: dict[str, Path] = {}
    for entry in _visible(folder):
        if entry.name in FOLDERS and entry.is_dir():
            kinds[FOLDERS[entry.name]] = entry
        else:
            known = ", ".join(f"{name}/" for name in FOLDERS)
            problems.append(_problem(entry, 1, f"is no part of a query library; it has {known}"))
    if not kinds and not problems:
        problems.append(_problem(folder, 1, "holds no queries"))
    for kind in KINDS:
        for entry in _visible(kinds[kind]) if kind in kinds else ():
            if entry.suffix == ".sql" and entry.is_file():
                found.append((entry, kind))
            else:
                problems.append(_problem(entry, 1, "is no query: only files named *.sql are read"))
    return found


def _visible(folder: Path) -> list[Path]:
    """Return what lies in a folder by name, without hidden files and READMEs."""
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "README")))
    return sorted(entries, key=lambda entry: entry.name)


def _read(path: Path, kind: str, problems: list[Problem], *, own: bool) -> Query | None:
    """Return the query in a file, or None after adding what is wrong with it to `problems`."""
    if not own and kind not in BROUGHT:
        problems.append(_problem(path, 1, f"a {kind} query is part of auditscan; bring sources, rules and reports"))
        return None
    name = _name(path, kind)
    if name is None:
        form = "10_name.sql" if kind in _ORDERED else "name.sql"
        message = f"the file name must look like {form}, in lower case letters, digits and _"
        problems.append(_problem(path, 1, message))
    try:
        if path.stat().st_size > MOST_BYTES:
            problems.append(_problem(path, 1, f"is longer than any query: more than {MOST_BYTES:,} bytes"))
            return None
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(_problem(path, line, f"is not UTF-8 (byte {error.object[error.start]:#x})"))
        return None
    except OSError as error:
        problems.append(_problem(path, 1, f"cannot be read: {error.strerror}"))
        return None
    found = _checked(name, kind, text, path, own=own)
    if isinstance(found, Query):
        return found
    problems.extend(_problem(path, fault.line, fault.message) for fault in found)
    return None


@lru_cache(maxsize=1024)
def _checked(name: str | None, kind: str, text: str, path: Path, *, own: bool) -> Query | tuple[Fault, ...]:
    """Return the query of a file's text, or what is wrong with it; the same text is not checked twice.

    `own` says that it came with auditscan: a test holds those queries against what is checked of others.
    """
    parts = split(text)
    if isinstance(parts, Fault):
        return (parts,)
    toml, body = parts
    if own and name and (known := known_headers().get(kind, text)) is not None:
        return _query(name, kind, text, path, known)
    values, faults = read_header(kind, toml)
    if is_empty(body):
        faults.append(Fault(text.count("\n") + 1, "there is no SQL below the header"))
    if not faults:
        params = cast("dict[str, Parameter]", values.get("params", {}))
        faults += check_body(kind, body, params, selection="selection" in values)
    if not faults and not own:
        faults += check_locked(text, row_macros())
    if faults or name is None:
        return tuple(faults)
    if path.is_relative_to(shipped_folder("queries")):
        known_headers().add(kind, text, values)
    return _query(name, kind, text, path, values)


def _query(name: str, kind: str, text: str, path: Path, values: Mapping[str, object]) -> Query:
    """Make the Query of a file whose header has been checked."""

    def text_of(key: str) -> str | None:
        value = values.get(key)
        return value.strip() if isinstance(value, str) else None

    return Query(
        name=name,
        kind=kind,
        title=text_of("title") or "",
        description=text_of("description") or "",
        sql=text,
        path=path,
        header=MappingProxyType(dict(values)),
        severity=text_of("severity"),
        reads=text_of("reads"),
        scope=(text_of("scope") or "in") if kind == "rule" else None,
        alone=values.get("alone") is True,
        citation=text_of("citation"),
        evidence=text_of("evidence"),
        why=text_of("why"),
        false_positives=text_of("false_positives"),
        params=MappingProxyType(dict(cast("dict[str, Parameter]", values.get("params", {})))),
        requires=tuple(cast("list[str]", values.get("requires", []))),
    )


@cache
def row_macros() -> frozenset[str]:
    """The macros of the schema that ships which make rows, and so may stand in the place of a table."""
    files = (shipped_folder("queries") / "schema").glob("*.sql")
    return frozenset(name for path in files for name in _ROW_MACRO.findall(path.read_text(encoding="utf-8")))


_ROW_MACRO = re.compile(r"create or replace macro (\w+)\([^()]*\) as table")


def _name(path: Path, kind: str) -> str | None:
    """Return a query's name from its file's, or None where the file is not named as it must."""
    if kind in _ORDERED:
        match = _NUMBERED.fullmatch(path.stem)
        return match["name"] if match else None
    return path.stem if _NAME.fullmatch(path.stem) else None


def _check_names(queries: Sequence[Query], problems: list[Problem]) -> None:
    """Add a problem for each query whose name an earlier one has, of whatever kind."""
    seen: dict[str, Query] = {}
    for query in queries:
        first = seen.setdefault(query.name, query)
        if first is not query:
            message = f"the name `{query.name}` is taken by {_shown(first.path)}; rename one"
            problems.append(_problem(query.path, 1, message))


def _digest(queries: Sequence[Query]) -> str:
    """Return the hex sha256 over all files; lengths keep two texts from running together."""
    digest = hashlib.sha256()
    for query in sorted(queries, key=lambda query: (KINDS.index(query.kind), query.path.name)):
        content = query.sql.encode()
        digest.update(f"{query.kind}/{query.path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _problem(path: Path, line: int, message: str) -> Problem:
    """Return a problem that names its file as the person at the terminal would."""
    return Problem(_shown(path), line, message)


def _shown(path: Path) -> str:
    """Return a path relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
