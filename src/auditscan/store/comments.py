"""Comments on the tables, views and columns of a judged database, so that every client can say what they hold.

Written only for databases that somebody will look into, and only where they are missing: half a thousand statements
take longer than judging a small log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.text import literal

if TYPE_CHECKING:
    from auditscan.library import Query
    from auditscan.store import Store

__all__ = ["write_comments"]

_QUERIES = (
    "comments",
    "policy_comments",
    "helper_comments",
    "ledger_comments",
    "rhythm_comments",
    "trace_comments",
    "party_comments",
    "answer_comments",
    "judging_comments",
)
"""Of the schema, in the order they are run."""

_KEYS = {
    "disclosure_id": "The disclosure that met the rule.",
    "record_key": "The record_key of the transfer that met the rule.",
    "subject": "What of the logs met the rule, in words that stay the same from scan to scan.",
}
_COLUMNS = _KEYS | {
    "evidence": "What gave it away: words of the log, or what follows from them.",
    "citation": "The clause, statute or document that this hit rests on.",
    "certainty": "How sure the citation is: A official text, B quotes it, C paraphrases it, D unverified.",
}
"""The columns of the view of a rule."""


def write_comments(store: Store) -> None:
    """Comment on each table and view of a judged database that has no comment, and on its columns.

    One that was made anew has lost all of them. The views of rules say what the headers of the rules say.
    """
    bare = {name for (name,) in store.rows(_WITHOUT_COMMENT)}
    if not bare:
        return
    statements = [
        found[0]
        for name in _QUERIES
        for found in _COMMENT.finditer(store.library.get(name).sql)
        if found["target"] in bare
    ]
    rules = {view: rule for rule in store.library.of("rule") if (view := f"rule_{rule.name}") in bare}
    statements += [f"comment on view {view} is {literal(_about(rule))}" for view, rule in rules.items()]
    statements += [
        f'comment on column {view}."{column}" is {literal(_COLUMNS[column])}'
        for view, column in store.rows(_RULE_COLUMNS, [list(rules)])
    ]
    # One transaction: each statement in its own would go to the disk by itself.
    store.connection.execute(";\n".join(["begin", *statements, "commit"]))


_COMMENT = re.compile(r"^comment on \w+ (?P<target>\w+)[^;']*(?:'[^']*'[^;']*)*", re.MULTILINE)
"""A statement of those files; the engine takes longer to tell one from the next than to run it."""

_WITHOUT_COMMENT = """
select table_name from duckdb_tables()
where database_name = current_database() and not temporary and comment is null
union all
select view_name from duckdb_views()
where database_name = current_database() and not internal and not temporary and comment is null
"""

_RULE_COLUMNS = """
select table_name, column_name
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and list_contains($1::varchar[], table_name)
order by table_name, column_index
"""


def _about(rule: Query) -> str:
    """The comment on the view of a rule."""
    why = " ".join((rule.why or "").split())
    return f"Rule ({rule.severity}): {rule.title}. {why}"
