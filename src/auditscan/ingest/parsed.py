"""SQL texts in logs, each different one taken apart once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.readers.query_text import analyze

if TYPE_CHECKING:
    from auditscan.readers.query_text import Analysis
    from auditscan.store import Store

__all__ = ["parse_texts"]

_COLUMNS = {
    "dialect": "varchar",
    "text": "varchar",
    "kind": "varchar",
    "direction": "varchar",
    "outputs": "varchar[]",
    "excluded": "varchar[]",
    "open_tables": "varchar[]",
    "used": "varchar[]",
    "aggregate": "boolean",
    "tables": "varchar[]",
    "programs": "varchar[]",
    "states": "varchar[]",
    "populations": "varchar[]",
    "population_filter": "varchar",
    "deduced": "struct(kind varchar, item varchar, why varchar)[]",
    "file": "varchar",
    "problem": "varchar",
}
_AT_ONCE = 1000


def parse_texts(store: Store, field: str, dialect: str, path: str) -> None:
    """Put what each new text of a field of `incoming` put out into `parsed_texts`.

    The text may stand in one of several fields, `a|b`, and under a `path` of its JSON, or one of several. Texts are
    read piece by piece, so that many long ones never stand in memory together.
    """
    fields = [f'i."{name}"' for name in field.split("|")]
    paths = path.split("|") if path else []
    # Most records of a log of many kinds have no such path: to look for its name costs less than to read their JSON.
    told = [
        f"case when contains({held}, '{re.split(r'[^A-Za-z_]', one)[-1]}') then inside({held}, ${place}) end"
        for held in fields
        for place, one in enumerate(paths, start=2)
    ]
    text = f"coalesce({', '.join(told or fields)}, null)"
    store.connection.execute(
        "create or replace temp table new_texts as "  # noqa: S608 - fields that our own source file names
        f"with texts as (select distinct {text} as text from incoming i) "
        "select t.text from texts t anti join memory.parsed_texts p on p.dialect = $1 and t.text = p.text "
        "where t.text is not null",
        [dialect, *paths],
    )
    total = int(store.one("select count(*) from new_texts"))
    for begin in range(0, total, _AT_ONCE):
        texts = store.rows("select text from new_texts where rowid >= $1 and rowid < $2", [begin, begin + _AT_ONCE])
        found = [_row(dialect, text, analyze(text, dialect)) for (text,) in texts]
        store.insert("memory.parsed_texts", _COLUMNS, found)


def _row(dialect: str, text: str, found: Analysis) -> tuple[object, ...]:
    return (
        dialect,
        text,
        found.kind,
        found.direction,
        list(found.outputs),
        list(found.excluded),
        list(found.open_tables),
        list(found.used),
        found.aggregate,
        list(found.tables),
        list(found.programs),
        None if found.states is None else list(found.states),
        list(found.populations),
        found.population_filter,
        [known._asdict() for known in found.deduced],
        found.file,
        found.problem or None,
    )
