"""The dot commands: what is no SQL, in one table that `.help`, completion and messages are made of."""

from __future__ import annotations

import shlex
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.prompt.conversation import FORMATS, Conversation, Leave
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """A dot command."""

    takes: str
    """What stands behind it, as `.help` writes it; in brackets what may be left out."""
    about: str
    run: Callable[[Conversation, str], None]
    """Gets what was typed behind the name, without blanks around it."""


def run(talk: Conversation, line: str) -> None:
    """Run a line that begins with a dot; raises UsageError for one that is no command."""
    name, _, rest = line.strip().removeprefix(".").partition(" ")
    rest = rest.strip()
    # SQL has taught every hand to end with it.
    name, rest = (name, rest.removesuffix(";").rstrip()) if rest else (name.removesuffix(";"), "")
    name = _SHORT.get(name, name)
    command = COMMANDS.get(name)
    if command is None:
        raise UsageError(f"there is no command .{name}", hint=did_you_mean(name, COMMANDS, ".") or ".help lists them")
    if rest and not command.takes:
        raise UsageError(f".{name} takes nothing behind it", where=line.strip(), hint=f"write .{name}")
    if not rest and command.takes and not command.takes.startswith("["):
        raise UsageError(f".{name} needs to know of what", hint=f"write .{name} {command.takes}")
    command.run(talk, rest)


def _help(talk: Conversation, _: str) -> None:
    heads = {f".{name} {command.takes}".rstrip(): command.about for name, command in COMMANDS.items()}
    wide = max(map(len, heads))
    lines = [f"{head:<{wide}}  {about}" for head, about in heads.items()]
    kept = (
        [
            f"Lines are kept in {talk.history},",
            "which only you can read. SQL may hold ids of people: a line that begins with",
            "a blank is not kept, and `auditscan sql --no-history` keeps none.",
        ]
        if talk.history is not None
        else ["No line is kept when the session ends."]
    )
    talk.screen.text("\n".join([*_ON_SQL, "", *lines, "", *kept]))


_ON_SQL = (
    "SQL may take several lines and ends with `;`. It reads this database and changes",
    "nothing. `describe NAME;` tells what the columns of a table mean.",
    "Tab completes, Ctrl-R searches earlier lines, Ctrl-C drops a line or stops a",
    "statement, Ctrl-D leaves.",
)


def _tables(talk: Conversation, _: str) -> None:
    # Whether it is a view, and how many rows it has, would leave what it means no room.
    talk.list_all("tables_and_views", {}, only=("name", "comment"))


def _schema(talk: Conversation, rest: str) -> None:
    if not rest:
        talk.list_all("columns", {}, under="table_name")
        return
    name = rest.strip('"').removeprefix("auditscan.")
    tables = talk.session.tables()
    if name.lower() not in tables:
        raise UsageError(
            f"there is no table or view {name!r}",
            hint=did_you_mean(name.lower(), tables) or ".tables lists what there is",
        )
    talk.list_all("columns_of", {"table_name": name})


def _queries(talk: Conversation, rest: str) -> None:
    word = rest.lower()
    found = [
        query
        for query in talk.session.library.queries
        if query.kind in _RUN and word in f"{query.name} {query.title} {query.description}".lower()
    ]
    if not found:
        raise UsageError(f"no rule or report speaks of {rest!r}", hint=".queries lists all of them")
    talk.screen.queries(found)


_RUN = ("rule", "report")


def _run(talk: Conversation, rest: str) -> None:
    try:
        name, *words = shlex.split(rest)
    except ValueError as error:
        raise UsageError("a quotation mark is open at the end", where=f".run {rest}") from error
    query = talk.session.library.get(name)
    given: dict[str, object] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"{word!r} is no parameter", where=f".run {rest}", hint="write it as NAME=VALUE, in quotes with blanks"
            )
        if key in given:
            raise UsageError(f"the parameter {key} is given twice", where=f".run {rest}", hint="give it once")
        given[key] = query.parameter(key).read_value(value)
    talk.run_query(name, given)


def _explain(talk: Conversation, rest: str) -> None:
    import duckdb

    from auditscan.questions.explanation import explain
    from auditscan.session.faults import as_error
    from auditscan.store import Store

    # Views are narrowed to the one transfer by temporary tables: in a connection of its own, or the person's
    # next statement would see that transfer alone.
    with closing(talk.session.connection.cursor()) as connection:
        connection.execute("use auditscan")
        try:
            store = Store(connection, talk.session.library)
            explanations = explain(store, rest)
            caption, no_order_read = store.rows("select caption, no_order_read from policy_settings")[0]
        except (duckdb.Error, RuntimeError) as error:
            # The engine's word for Ctrl-C while one of its queries runs.
            if str(error) == "Query interrupted":
                raise KeyboardInterrupt from error
            if isinstance(error, duckdb.Error):
                raise as_error(error, talk.session.limits) from error
            raise
    talk.screen.explanations(explanations, {"caption": caption, "no_order_read": no_order_read})


def _rows(talk: Conversation, rest: str) -> None:
    if rest:
        if not (rest.isascii() and rest.isdigit()) or len(rest) > 9:
            raise UsageError(f"{rest!r} is no number of rows", hint="write .rows 100, or .rows 0 for all of them")
        talk.look.rows = int(rest)
    talk.screen.note(f"tables show {f'the first {talk.look.rows:,} rows' if talk.look.rows else 'all rows'}")


def _timer(talk: Conversation, rest: str) -> None:
    if rest:
        if rest.lower() not in ("on", "off"):
            raise UsageError(f"{rest!r} is neither on nor off", hint="write .timer on, or .timer off")
        talk.look.timer = rest.lower() == "on"
    talk.screen.note(f"the time a statement takes is {'shown' if talk.look.timer else 'not shown'}")


def _format(talk: Conversation, rest: str) -> None:
    form = rest.lower()
    if form and form not in FORMATS:
        raise UsageError(
            f"{rest!r} is no format for the screen",
            hint=did_you_mean(form, FORMATS) or f"it takes {', '.join(FORMATS)}; .out FILE writes the other formats",
        )
    talk.look.form = form or talk.look.form
    talk.screen.note(f"results are shown as {talk.look.form}")


def _out(talk: Conversation, rest: str) -> None:
    if not rest:
        talk.look.out = None
        talk.screen.note("results are shown")
        return
    from auditscan.output.export import format_of

    try:
        path = Path(rest).expanduser()
    except RuntimeError as error:
        raise UsageError("there is no such home folder", where=rest) from error
    format_of(path)
    talk.look.out = path
    talk.screen.note(f"the next result goes to {path}")


def _quit(_: Conversation, __: str) -> None:
    raise Leave


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "help": Command("", "this", _help),
        "tables": Command("", "tables and views, and what they hold", _tables),
        "schema": Command("[TABLE]", "columns, and what they mean", _schema),
        "queries": Command("[WORD]", "rules and reports of the library", _queries),
        "show": Command(
            "NAME", "the SQL of one of them", lambda talk, rest: talk.screen.query(talk.session.library.get(rest))
        ),
        "run": Command("NAME [KEY=VALUE]...", "run one of them", _run),
        "explain": Command("ID", "why a transfer has its verdicts", _explain),
        "rows": Command("[N]", "how many rows a table shows; 0 is all", _rows),
        "timer": Command("[on|off]", "show how long a statement takes", _timer),
        "format": Command(f"[{'|'.join(FORMATS)}]", "how results are shown", _format),
        "out": Command("[FILE]", "write the next result to a file", _out),
        "quit": Command("", "leave, as Ctrl-D does", _quit),
    }
)

_SHORT = {"exit": "quit", "q": "quit", "h": "help", "?": "help", "describe": "schema"}
