"""A result as bytes: NDJSON, CSV and Markdown piece by piece, Parquet and workbooks by way of a file.

Text is the engine's own (`Result.texts`), written as `auditscan scan --out` writes answers: what was exported
with a query and what a scan wrote can be compared with `cmp`. Nothing here holds a result whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.text import printable_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from auditscan.session.results import Result

ENDINGS = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".md": "md",
    ".txt": "table",
}
"""Ending of a file's name -> the format it has unless another is asked for."""

ROW_GROUP_ROWS = 122_880
"""Rows of a Parquet group, as in answer files."""

PART_ROWS = 5 * ROW_GROUP_ROWS
"""Rows a Parquet file is first written in, one part after the other, before they become one."""


def format_of(path: Path) -> str:
    """Return the format that a file's name says; raises UsageError where it says none."""
    found = ENDINGS.get(path.suffix.lower())
    if found is None:
        raise UsageError(
            f"the name does not say which format the file shall have; it ends in {', '.join(ENDINGS)}",
            where=str(path),
            hint="rename it, or name the format with --format",
        )
    return found


def pieces(result: Result, kind: str, rows: int = 0) -> Iterator[bytes]:
    """Yield a result as ndjson, csv or md, a piece of it at a time.

    Of md, which is for reading, `rows` asks for the first rows alone (0 for all); the others are whole always.
    """
    return _markdown(result, rows) if kind == "md" else _TEXTS[kind](result)


def _ndjson(result: Result) -> Iterator[bytes]:
    for frame in result.records():
        if not frame.width:
            continue
        lines = frame["record"].to_list()
        text = "\n".join(lines)
        if "Infinity" in text or "NaN" in text:
            text = "\n".join(map(_strict, lines))
        if lines:
            yield (text + "\n").encode()


_STRING_OR_NO_NUMBER = re.compile(r'("(?:[^"\\]|\\.)*")|-?Infinity|NaN')


def _strict(line: str) -> str:
    """Return a line whose infinities are the texts that CSV has for them: JSON has no such numbers."""
    names = {"Infinity": '"inf"', "-Infinity": '"-inf"', "NaN": '"nan"'}
    return _STRING_OR_NO_NUMBER.sub(lambda match: match[1] or names[match[0]], line)


def _csv(result: Result) -> Iterator[bytes]:
    if result:
        yield (",".join(_quoted(name) for name in result.columns) + "\n").encode()
    for frame in result.texts():
        if not frame.height:
            continue
        cells = [_csv_cells(name) for name in frame.columns]
        yield frame.select(cells).write_csv(include_header=False, quote_style="never").encode()


def _csv_cells(name: str) -> pl.Expr:
    """Quote by the rule that the engine has for its own CSV: a # is quoted too, and text without characters."""
    import polars as pl

    column = pl.col(name)
    return (
        pl.when(column.str.contains(r'[,"\r\n#]') | (column == ""))
        .then('"' + column.str.replace_all('"', '""', literal=True) + '"')
        .otherwise(column)
        .alias(name)
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if not text or re.search(r'[,"\r\n#]', text) else text


_MARKS = re.compile(r"[\\`*~$\[\]|@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=:)/(?=/)|(?<=\bwww)\.", re.IGNORECASE)
"""Signs that mean something; of addresses those without which nobody makes a link of them."""


def _markdown(result: Result, rows: int) -> Iterator[bytes]:
    from auditscan.session.results import NUMBERS

    if not result:
        return
    rule = _row(["---:" if kind.id in NUMBERS else "---" for kind in result.kinds])
    yield (_row([markdown_cell(name) for name in result.columns]) + rule).encode()
    before = 0
    for frame in result.texts(", "):
        shown = frame.head(max(0, rows - before)) if rows else frame
        before += frame.height
        if shown.height:
            lines = (
                _row(["null" if text is None else markdown_cell(text) for text in row]) for row in shown.iter_rows()
            )
            yield "".join(lines).encode()


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def markdown_text(text: str) -> str:
    """Return text within a line that shows as it is: what comes from logs must not become a link or a tag."""
    return _MARKS.sub(lambda match: "\\" + match[0], text.replace("&", "&amp;").replace("<", "&lt;"))


def markdown_cell(text: str) -> str:
    """Return text as a cell of a table that shows it as it is, in as many lines as it has."""
    return "<br>".join(printable_cell(line) for line in markdown_text(text.replace("\r\n", "\n")).split("\n"))


_TEXTS: dict[str, Callable[[Result], Iterator[bytes]]] = {"ndjson": _ndjson, "csv": _csv}


def write_file(result: Result, kind: str, path: Path) -> None:
    """Write a result into a file, which is made or overwritten. `kind` is any format but `table`.

    Raises SqlError and LimitError of the result, and UsageError where a workbook cannot hold it.
    """
    if kind == "parquet":
        _parquet(result, path)
    elif kind == "xlsx":
        from auditscan.output.workbook import write

        write(result, path)
    else:
        with path.open("wb") as file:
            file.writelines(pieces(result, kind))


def _parquet(result: Result, path: Path) -> None:
    import polars as pl

    if not result:
        raise UsageError("a Parquet file has columns, and this result has none", hint="end with a query")
    parts: list[Path] = []
    held: list[pl.DataFrame] = []
    rows = 0

    def flush() -> None:
        nonlocal rows
        parts.append(path.with_name(f"{path.name}.{len(parts)}"))
        pl.concat(held).write_parquet(parts[-1], compression="zstd", row_group_size=ROW_GROUP_ROWS)
        held.clear()
        rows = 0

    try:
        for frame in result.frames(ROW_GROUP_ROWS):
            held.append(frame)
            rows += frame.height
            if rows >= PART_ROWS:
                flush()
        if held or not parts:
            flush()
        if len(parts) == 1:
            parts[0].replace(path)
        else:
            pl.scan_parquet(parts).sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP_ROWS)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def put(path: Path, write: Callable[[bytes], object]) -> None:
    """Hand the bytes of a file to `write`, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            write(piece)
