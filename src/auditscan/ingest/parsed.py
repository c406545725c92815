"""SQL texts in logs, each different one taken apart once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.readers.query_texts import COLUMNS, each_batch, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.ingest.formats import Pieces
    from auditscan.store import Store

AT_ONCE = 250
"""Texts of a batch: they stand in memory together."""

_KEPT = {"dialect": "varchar", "text": "varchar", **COLUMNS}
"""The columns of `parsed_texts`."""


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
    for texts, rows in each_batch(_new_texts(store, total), dialect, total, store.workers):
        found = [[dialect, text, *row] for text, row in zip(texts, rows, strict=True)]
        store.insert("memory.parsed_texts", _KEPT, found)


def _new_texts(store: Store, total: int) -> Iterator[list[str]]:
    for begin in range(0, total, AT_ONCE):
        some = store.rows("select text from new_texts where rowid >= $1 and rowid < $2", [begin, begin + AT_ONCE])
        yield [text for (text,) in some]


def keep_in_context(store: Store, dialect: str, texts: Sequence[tuple[str, str]]) -> None:
    """Put what each text put out, read behind the statements of its context, into `parsed_in_context`."""
    batches = [texts[begin : begin + AT_ONCE] for begin in range(0, len(texts), AT_ONCE)]
    together = ([f"{context};\n{text}" for text, context in batch] for batch in batches)
    problem = list(COLUMNS).index("problem")
    for batch, (_, rows) in zip(batches, each_batch(together, dialect, len(texts), store.workers), strict=True):
        found = [
            # What made its tables cannot be followed: the text alone tells more.
            [dialect, text, *(rows_of([text], dialect)[0] if row[problem] else row), context]
            for (text, context), row in zip(batch, rows, strict=True)
        ]
        store.insert("memory.parsed_in_context", {**_KEPT, "context": "varchar"}, found)


def join_pieces(store: Store, field: str, pieces: Pieces) -> None:
    """Put texts that stand in pieces together: the first record of each holds the whole, the others none.

    Ends of lines stand in such texts as two characters, and blanks at the end of a piece are lost where a client trims
    what it writes. A text is marked as cut off, by three dots, where it lacks its first piece or one in its middle, and
    where its last is as long as one that another follows.
    """
    shared = ", ".join(f'"{name}"' for name in pieces.by)
    for name in field.split("|"):
        # Fields that our own source file names.
        store.connection.execute(
            f"""
            create or replace temp table joined_rows as
            with numbered as (
                select *, try_cast("{pieces.order}" as bigint) as piece_no
                from incoming
            ),

            -- Where two pieces have one number it is not known what belongs together, and each stands for itself.
            grouped as (
                select
                    *,
                    case
                        when piece_no is null or count(*) over whole <> count(distinct piece_no) over whole
                            then record_no
                    end as alone
                from numbered
                window whole as (partition by {shared})
            ),

            measured as (
                select
                    *,
                    max(piece_no) over whole as last_no,
                    (max(piece_no) over whole)::hugeint - min(piece_no) over whole >= count(*) over whole as lacks_some,
                    max(length("{name}")) over whole as longest
                from grouped
                window whole as (partition by {shared}, alone)
            ),

            sized as (
                select *, list_filter({pieces.sizes}, lambda size: size >= longest)[1] as size
                from measured
            ),

            padded as (
                select
                    *,
                    case
                        when piece_no < last_no then rpad("{name}", coalesce(size, longest)::integer, ' ')
                        when piece_no = last_no and not lacks_some and length("{name}") = size then "{name}" || ' ...'
                        else "{name}"
                    end as piece
                from sized
            )

            select * exclude (piece, piece_no, alone, last_no, lacks_some, longest, size) replace (
                case
                    when row_number() over (partition by {shared}, alone order by piece_no, record_no) = 1
                        then case when piece_no > {pieces.first} then '... ' else '' end || replace(
                            string_agg(piece, '' order by piece_no) over (partition by {shared}, alone), '\\n', chr(10)
                        ) || case when lacks_some then ' ...' else '' end
                end as "{name}"
            )
            from padded
            """  # noqa: S608
        )
        store.connection.execute("create or replace temp table incoming_rows as from joined_rows")
