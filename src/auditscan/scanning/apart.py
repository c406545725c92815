"""Files whose records make judging fail: which ones they are, so that the others are judged without them.

Judging looks at all files together, so an error there names none. To find out, the records of all files that are new
are laid aside and let in again, half by half, until judging fails with a single one. That judges some times over, and
is done only where judging failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.readers.faults import is_not_of_the_file, shortly

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditscan.store import Store

MOST = 20
"""If more files than these seem to be what judging fails with, it is none of them."""


class BrokenFiles(Exception):
    """Judging fails with some files: what was begun has to be begun again without them."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(", ".join(files))
        self.files = files
        """Their names, each with the reason."""


class TooLittleMemory(Exception):
    """Judging takes more memory than it had: what was begun has to be begun again with more."""


def mark_contents(store: Store) -> None:
    """Remember what records said so far: what is read from now on says something new under higher numbers."""
    store.set(
        last_disclosure=store.one("select coalesce(max(disclosure_id), 0) from logged_disclosures"),
        last_context=store.one("select coalesce(max(context_id), 0) from contexts"),
    )


def without_broken(
    store: Store, fresh: Sequence[int], judge: Callable[[], None], failed: BaseException
) -> dict[int, str]:
    """Let go of the files of `fresh` that judging fails with; return those, each with the reason.

    `fresh` are the files that were read since `mark_contents`, `judge` judges everything anew and `failed` is what it
    raised. The records of the files that are returned are gone, and nothing may be judged yet. Raises `failed` where
    judging fails without them, too.
    """
    if not fresh:
        raise failed
    store.run("lay_aside", aside_files=list(fresh))
    if failure_of(judge) is not None:
        raise failed
    broken: dict[int, str] = {}
    # The one that has most to say comes last, so that it is the one that is left out where all are too much.
    waiting = [some for some in [[source_id for (source_id,) in store.run("aside_by_size")]] if some]
    known: BaseException | None = failed
    while waiting:
        some = waiting.pop()
        if known is None:
            store.run("let_in", aside_files=some)
            known = failure_of(judge)
            if known is None:
                continue
            store.run("lay_aside", aside_files=some)
        if len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
        elif len(broken) == MOST:
            raise failed
        else:
            broken[some[0]] = _why(known)
        known = None
    return broken


def failure_of(judge: Callable[[], None]) -> BaseException | None:
    """What judging fails with, None where it does not; raises what is no fault of a file."""
    try:
        judge()
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
        return error
    return None


def _why(error: BaseException) -> str:
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return "what its records say is too long to be judged in the memory of a scan"
    return f"its records make judging fail; please report it: {shortly(error)}"
