"""The options of every command that judges transfers, and what they amount to: policy, queries, days, reads."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

from auditscan.cli.options import (
    AsOf,
    Exclude,
    HeldBy,
    Link,
    LogFormat,
    MappingFile,
    Policies,
    Queries,
    Since,
    Threads,
    Zone,
    existing,
    says_yes,
)
from auditscan.errors import NoInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from auditscan.ingest import Reads
    from auditscan.scanning.judged import Setup


@dataclass(frozen=True, slots=True)
class Judging:
    """How transfers are judged."""

    as_of: AsOf = None
    since: Since = None
    zone: Zone = "UTC"
    policies: Policies = None
    queries: Queries = None
    threads: Threads = None

    def reads(self, *, keep_bytes: bool = False) -> Reads:
        """What is known of the logs besides their content."""
        from auditscan.ingest import Reads

        return Reads(keep_bytes=keep_bytes, trust=says_yes())


@dataclass(frozen=True, slots=True)
class Reading(Judging):
    """How logs are read, and their transfers judged."""

    log_format: LogFormat = None
    mapping: MappingFile = None
    held_by: HeldBy = None
    link: Link = True
    exclude: Exclude = None

    def reads(self, *, keep_bytes: bool = False) -> Reads:
        """As of `Judging`, with what these options say."""
        from auditscan.ingest import Reads

        return Reads(
            self.log_format,
            self.held_by,
            self.mapping,
            self.link,
            exclude=tuple(self.exclude or ()),
            keep_bytes=keep_bytes,
            trust=says_yes(),
        )


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command whose parameters of a class, `how` among them, stand on the line as the options it names."""
    signature = inspect.signature(command, eval_str=True)
    own = dict(signature.parameters)
    kinds = {name: own.pop(name).annotation for name in list(own) if is_dataclass(own[name].annotation)}
    options = {name: inspect.signature(kind, eval_str=True).parameters for name, kind in kinds.items()}

    @functools.wraps(command)
    def run(**given: Any) -> Any:  # noqa: ANN401 -- whatever typer gives, and the command returns
        made = {name: kind(**{option: given.pop(option) for option in options[name]}) for name, kind in kinds.items()}
        return command(**made, **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    more = [option for group in options.values() for option in group.values()]
    parameters = [parameter.replace(kind=keyword) for parameter in (*own.values(), *more)]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def judging(how: Judging, *, keep_bytes: bool = False) -> dict[str, Any]:
    """Return what the options amount to, by the names of `Setup` and `NightlySetup`.

    Raises UsageError, PolicyError or LibraryError for what cannot be used.
    """
    from auditscan.library import Library
    from auditscan.policy import load
    from auditscan.scanning.scan import SINCE

    policy = load(how.policies or ())
    return {
        "policy": policy,
        "library": Library.shipped(how.queries or ()),
        "as_of": how.as_of or policy.today(),
        "since": how.since or SINCE,
        "zone": how.zone,
        "threads": how.threads,
        "reads": how.reads(keep_bytes=keep_bytes),
    }


def set_up(
    paths: Sequence[Path] | None,
    database: Path | None,
    how: Judging,
    *,
    keep_bytes: bool = False,
    parts: Sequence[Path] = (),
) -> Setup:
    """Return the options of one command line, with policy and queries loaded.

    A folder in the place of a database is that of a ledger. Raises UsageError, PolicyError or LibraryError for what
    cannot be used, and NoInputError where there is neither a path nor a database that exists.
    """
    from auditscan.scanning.judged import Setup

    if database is not None and database.is_dir():
        from auditscan.ledger.setup import database_of

        database = database_of(database)
    if not paths and not parts:
        if database is None:
            raise UsageError("there is nothing to look at", hint="name log files or folders, or a database with --db")
        if not database.exists():
            raise NoInputError(
                "there is no such database",
                where=str(database),
                hint="name log files too, and it will be made",
            )
    asked = judging(how, keep_bytes=keep_bytes)
    setup = Setup(paths=tuple(paths or ()), database=database, parts=tuple(parts), **asked)
    existing(setup.reads.mapping)
    return setup
