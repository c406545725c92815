"""What could stand at the cursor: tables, columns, words of the orders, queries and commands.

Names are read once, when the session begins: a database that is open for reading has the same ones to the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completer, Completion

from auditscan.prompt.commands import COMMANDS
from auditscan.prompt.conversation import FORMATS
from auditscan.prompt.reading import Reader, is_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from auditscan.library import Library
    from auditscan.session.locked import Session

KEYWORDS = (
    "select", "from", "where", "group by", "order by", "having", "limit", "offset", "join", "left join",
    "inner join", "cross join", "semi join", "anti join", "on", "using", "as", "with", "union all", "union", "except",
    "intersect", "distinct", "case", "when", "then", "else", "end", "and", "or", "not", "in", "is null",
    "is not null", "like", "ilike", "between", "exists", "cast", "try_cast", "over", "partition by", "qualify",
    "filter", "unnest", "values", "desc", "asc", "nulls last", "nulls first", "all", "any", "null", "true", "false",
    "interval", "date", "timestamp", "describe", "summarize", "explain", "explain analyze", "show tables", "pivot",
    "unpivot", "exclude", "replace", "columns", "lambda", "recursive", "lateral", "sample", "set variable",
    "reset variable",
)  # fmt: skip
"""Those of a question. The engine knows ten times as many, most of them for statements that a session refuses."""

WORDS: Mapping[str, str] = {
    name: kind
    for kind, names in {
        "verdict": ("verdict", "verdict_now", "verdict_then", "severity", "content", "select_verdicts"),
        "outcome": ("outcome",),
        "regime": ("regime_id", "regime_now", "regime_then"),
        "state": ("state", "states", "plaintiff_states", "select_states"),
        "agency": ("agency", "sender_agency", "recipient_agency", "select_recipients"),
        "category": ("category", "categories", "enjoined_categories"),
        "population": ("population", "populations"),
        "program": ("program", "programs"),
        "rule": ("rule", "reasons"),
    }.items()
    for name in names
}
"""Column or variable -> the kind of word that stands in it, as the report `known_words` names it."""

_TABLE_NEXT = re.compile(r"\b(?:from|join|describe|summarize|table)\s+$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_][\w.]*$")
_NAMES = re.compile(r"[A-Za-z_]\w*")
# Looked for at every word, for the alias of one table may stand in front of the next.
_ALIAS = re.compile(r"\b(?=(?P<table>[A-Za-z_]\w*)\s+(?:as\s+)?(?P<alias>[A-Za-z_]\w*)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """What there is to be named in a session."""

    tables: Mapping[str, str]
    """Table or view -> what it holds; those that answer questions first."""
    columns: Mapping[str, Sequence[str]]
    """Table or view -> its columns."""
    functions: Sequence[str]
    words: Mapping[str, Sequence[str]]
    """Kind -> words, of the report `known_words`."""
    library: Library


def names_of(session: Session) -> Names:
    """Return the names of a session's database and library."""
    listed = session.run_query("tables_and_views").frame()
    columns = defaultdict[str, list[str]](list)
    for table, column in session.run_query("columns").frame().select("table_name", "column_name").iter_rows():
        columns[table].append(column)
    words = defaultdict[str, list[str]](list)
    known = session.run_query("known_words").frame().select("kind", "word").unique(maintain_order=True)
    for kind, word in known.iter_rows():
        words[kind].append(word)
    functions = session.run(
        "select distinct function_name from duckdb_functions() "
        "where function_type in ('scalar', 'aggregate', 'macro', 'table_macro') "
        "and regexp_full_match(function_name, '[a-z][a-z0-9_]*') order by all"
    ).frame()
    return Names(
        tables={name: comment or "" for name, comment in listed.select("name", "comment").iter_rows()},
        columns=columns,
        functions=functions["function_name"].to_list(),
        words=words,
        library=session.library,
    )


class SqlCompleter(Completer):
    """Completes SQL and dot commands."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._all_columns = sorted({column for columns in names.columns.values() for column in columns})

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what could stand at the cursor, likeliest first.

        Unasked, nothing is offered before a letter is typed.
        """
        before = document.text_before_cursor
        line = document.current_line_before_cursor
        asked = complete_event.completion_requested
        reader = Reader()
        reader.feed(before[: len(before) - len(line)])
        if is_command(line) and not reader.inside and (reader.blank or reader.ended):
            return self._command(line.lstrip(), asked=asked)
        reader = Reader()
        reader.feed(before)
        if reader.inside == "'":
            return self._values(before, reader.opened)
        if reader.inside or "--" in line:
            return ()
        return self._sql(document.text, before, asked=asked)

    def _sql(self, text: str, before: str, *, asked: bool) -> Iterator[Completion]:
        match = _WORD.search(before)
        word = match[0] if match else ""
        if not word and not asked:
            return
        if "." in word:
            yield from self._of_table(text, word)
            return
        ahead = before[: len(before) - len(word)]
        tables = [(name, _first(about)) for name, about in self._names.tables.items()]
        used = self._used(text)
        # Most questions are about the answers: until a statement says otherwise, it is taken for one of them.
        columns = [
            (column, f"column of {table}")
            for table in used or (_MAIN,)
            for column in self._names.columns.get(table, ())
        ]
        if _TABLE_NEXT.search(ahead) or re.search(r"\bfrom\s+[\w\s,]*,\s*$", ahead, re.IGNORECASE):
            yield from _fitting(word, tables)
            return
        # One letter fits hundreds of names: those that the statement does not lead to wait for a second.
        others: list[tuple[str, str]] = []
        if len(word) > 1 or asked:
            if not used:
                others += [(column, "column") for column in self._all_columns]
            others += [(name, "function") for name in self._names.functions]
        keywords = [(keyword.upper() if word.isupper() else keyword, "") for keyword in KEYWORDS]
        yield from _fitting(word, [*columns, *keywords, *tables, *others])

    def _used(self, text: str) -> list[str]:
        """Return the tables that a statement names, in its order."""
        named = dict.fromkeys(name.lower() for name in _NAMES.findall(text))
        return [name for name in named if name in self._names.columns]

    def _of_table(self, text: str, word: str) -> Iterator[Completion]:
        """Offer the columns of the table, or of the one that the alias stands for, in front of the dot."""
        front, _, begun = word.rpartition(".")
        table = front.lower().removeprefix("auditscan.")
        if table == "auditscan":
            yield from _fitting(begun, [(name, _first(about)) for name, about in self._names.tables.items()])
            return
        if table not in self._names.columns:
            found = [(match["alias"].lower(), match["table"].lower()) for match in _ALIAS.finditer(text)]
            table = next((of for alias, of in found if alias == table and of in self._names.columns), "")
        yield from _fitting(begun, [(column, f"column of {table}") for column in self._names.columns.get(table, ())])

    def _values(self, before: str, opened: int) -> Iterator[Completion]:
        """Offer words for between quotation marks: those of the column named last, else all of them."""
        begun = before[opened + 1 :]
        kind = next((WORDS[name] for name in reversed(_NAMES.findall(before[:opened].lower())) if name in WORDS), None)
        kinds = [kind] if kind else list(self._names.words)
        found = [(word, kind) for kind in kinds for word in self._names.words.get(kind, ())]
        for completion in _fitting(begun, found):
            yield Completion(
                completion.text.replace("'", "''") + "'",
                completion.start_position,
                display=completion.text,
                display_meta=completion.display_meta,
            )

    def _command(self, line: str, *, asked: bool) -> Iterator[Completion]:
        name, blank, rest = line.removeprefix(".").partition(" ")
        if not blank:
            yield from _fitting(name, [(command, of.about) for command, of in COMMANDS.items()])
            return
        if not rest.strip() and not asked:
            return
        questions = [(query.name, query.title) for query in self._names.library.queries if query.kind in _RUN]
        first, _, parameters = rest.lstrip().partition(" ")
        if name == "run" and " " in rest.lstrip():
            yield from self._parameters(first, parameters.rpartition(" ")[2])
            return
        offered = {
            "run": questions,
            "show": [(query.name, query.title) for query in self._names.library.queries],
            "schema": [(table, _first(about)) for table, about in self._names.tables.items()],
            "format": [(form, "") for form in FORMATS],
            "timer": [("on", ""), ("off", "")],
        }
        yield from _fitting(rest.lstrip(), offered.get(name, []))

    def _parameters(self, name: str, begun: str) -> Iterator[Completion]:
        query = next((query for query in self._names.library.queries if query.name == name), None)
        if query is None:
            return
        key, equals, value = begun.partition("=")
        if not equals:
            offered = [(f"{parameter.name}=", parameter.description) for parameter in query.params.values()]
            yield from _fitting(key, offered)
            return
        words = self._names.words.get(WORDS.get(key, ""), ())
        yield from _fitting(value.rpartition(",")[2], [(word, "") for word in words])


_RUN = ("rule", "report")
_MAIN = "answers"


def _fitting(begun: str, offered: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    """Yield those that begin as typed, each once, with a word on what it is."""
    seen = set[str]()
    low = begun.lower()
    for name, about in offered:
        if name not in seen and name.lower().startswith(low):
            seen.add(name)
            yield Completion(name, -len(begun), display_meta=about)


def _first(text: str) -> str:
    """Return the first sentence of what is said about a table."""
    return text.partition(". ")[0].rstrip(".")
