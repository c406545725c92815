"""Errors that nobody foresaw: whether one says something of the file that is read, and how a person is told."""

from __future__ import annotations

from auditscan.errors import AccountingError, AuditscanError
from auditscan.readers.model import DamagedFile

SHOWN_CHARACTERS = 300


def is_not_of_the_file(error: BaseException) -> bool:
    """Whether an error while a file is read or judged says nothing of the file: then the next would meet it too."""
    import duckdb

    if isinstance(error, AuditscanError):
        return not isinstance(error, AccountingError | DamagedFile)
    # Whoever ends the program. Other errors that are no Exception are panics of a library written in Rust.
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        return True
    # The engine's own files (a full disk, a database that cannot be written), and whoever stops it.
    engine = (duckdb.IOException, duckdb.FatalException, duckdb.InterruptException)
    return isinstance(error, engine) or str(error) == "Query interrupted"


def in_words(error: BaseException) -> str:
    """What is said of a file that could not be read because of an error that nobody foresaw."""
    if isinstance(error, AccountingError):
        return f"{error.message}: {error.why}" if error.why else error.message
    return f"auditscan met a fault of its own while it read this file; please report it: {shortly(error)}"


def shortly(error: BaseException) -> str:
    """The kind of an error and what it says, on one line and no longer than a person reads."""
    told = " ".join(str(error).split())
    told = told if len(told) <= SHOWN_CHARACTERS else told[:SHOWN_CHARACTERS] + "..."
    return f"{type(error).__name__}: {told}" if told else type(error).__name__
