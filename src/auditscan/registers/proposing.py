"""A register's file, opened to propose its mapping: only its beginning is read, or its sheets."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from auditscan.disk.private import private_folder
from auditscan.errors import NoInputError, UsageError
from auditscan.readers import load_file, no_logs, sniff
from auditscan.readers.encodings import in_utf8
from auditscan.readers.model import DamagedFile, TruncatedFile
from auditscan.readers.raw import Fixed, HashedFile, UntilCut, read_up_to
from auditscan.readers.unpack import unpacked
from auditscan.registers.beginnings import is_workbook, workbook_ending
from auditscan.registers.propose import ProposedTable, delimited_head, propose_tables
from auditscan.registers.workbooks import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditscan.registers.values import Evidence
    from auditscan.registers.workbooks import Sheet

HEAD_BYTES = 1 << 20


def propose(path: Path, evidence: Evidence) -> list[ProposedTable]:
    """Return what each table of a file is taken for: one of text, one a sheet of a workbook.

    Raises NoInputError where there is no such file, and UsageError where it cannot be read or holds no table whose
    header names two fields of a transfer.
    """
    try:
        found = list(_tables(path, evidence))
    except FileNotFoundError as error:
        raise NoInputError("there is no such file", where=str(path), hint="check the path") from error
    except OSError as error:
        raise UsageError("the register cannot be read", where=str(path), why=error.strerror) from error
    except (DamagedFile, TruncatedFile) as error:
        raise UsageError("the register cannot be read", where=str(path), why=error.message) from error
    if not found:
        guess = sniff.recognize(_head(path), path.name)
        other = guess.format is None and "fields of a transfer" not in guess.why
        raise UsageError(
            "no table was found that could be a register",
            where=str(path),
            why=guess.why if other else "no row names two of the fields of a transfer",
            hint=None if other else "write a mapping by hand: `auditscan help registers` shows one",
        )
    return found


def _tables(path: Path, evidence: Evidence) -> Iterator[ProposedTable]:
    head = _head(path)
    if is_workbook(head):
        yield from (table for sheet in sheets(path) for table in propose_tables(sheet.rows, evidence, sheet))
        return
    kind = (
        no_logs.by_bytes(head, path.name)
        or no_logs.by_bytes(head, "")
        or ("no text" if b"\x00" in _text(head).encode() else "")
    )
    if kind and kind != "load file":
        raise UsageError(
            f"no columns can be found in it: it is {kind if kind == 'no text' else f'a file of this kind: {kind}'}",
            where=str(path),
            hint="save the table that it shows as CSV or as a workbook first",
        )
    yield from propose_tables(delimited_head(_text(head))[1], evidence)


def sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook, packed or not; raises OSError and DamagedFile for what cannot be opened."""
    with private_folder() as folder:
        # The engine for workbooks goes by the ending, and an export may have any, or be packed.
        book = folder / f"book{workbook_ending(_head(path))}"
        with closing(HashedFile(path)) as source, book.open("wb") as copy:
            stream, _ = unpacked(source)
            while piece := read_up_to(stream, HEAD_BYTES):
                copy.write(piece)
        return list(read_workbook(book))


def _head(path: Path) -> bytes:
    with closing(HashedFile(path)) as source:
        stream, _ = unpacked(source)
        return read_up_to(UntilCut(stream), HEAD_BYTES)


def _text(head: bytes) -> str:
    """The beginning of a text, the line that its end cuts left out; what is no UTF-8 as Windows writes it."""
    content = read_up_to(in_utf8(Fixed(head)).stream, 4 * HEAD_BYTES)
    if (rows := load_file.as_csv(content, Fixed(b""))) is not None:
        content = read_up_to(rows, 4 * HEAD_BYTES)
    content = content.replace(b"\r\n", b"\n")
    if len(head) == HEAD_BYTES:
        content = content[: content.rfind(b"\n") + 1]
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
