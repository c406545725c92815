"""The options by which a report hides what logs say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.errors import UsageError
from auditscan.questions.redaction import FIELDS
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.questions.redaction import Redaction
    from auditscan.store import Store

Redact = Annotated[
    str | None,
    typer.Option(
        "--redact",
        metavar="FIELD,FIELD",
        help=f"Hide these fields, and what they hold wherever else it stands: {', '.join(FIELDS)}.",
    ),
]
ForPublic = Annotated[
    bool,
    typer.Option(
        "--public", help="Hide accounts, hosts, paths and every other text of the logs; ids become keyed hashes."
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--id-key",
        metavar="FILE",
        help="With --public: the key of the hashes, made if it is not there; without it, a new one that nobody keeps.",
    ),
]


def hidden(names: str | None, *, public: bool, id_key: Path | None) -> Callable[[Store], Redaction]:
    """Return what makes the redaction that was asked for, for a judged database.

    Raises UsageError for a field that there is not, and for what does not go together.
    """
    from auditscan.questions import redaction

    asked = tuple(dict.fromkeys(name.strip().replace("-", "_") for name in (names or "").split(",") if name.strip()))
    for name in asked:
        if name not in FIELDS:
            raise UsageError(
                f"{name!r} is no field that can be hidden",
                where="--redact",
                hint=did_you_mean(name, FIELDS) or f"the fields are {', '.join(FIELDS)}",
            )
    if public and names is not None:
        raise UsageError("--public hides all that --redact could name", hint="leave out --redact")
    if id_key is not None and not public:
        raise UsageError("--id-key is the key of the hashes of --public", hint="add --public")
    if public:
        key = _key(id_key)
        return lambda store: redaction.Public(store, key)
    if asked:
        return lambda store: redaction.Fields(store, asked)
    return lambda _: redaction.NOTHING


def no_record(*, asked: bool) -> None:
    """Raise UsageError where records are asked for as they stand, beside what is to be hidden."""
    if asked:
        raise UsageError("a record as it stands in its file hides nothing", hint="leave out --record")


def _key(file: Path | None) -> bytes:
    """Return the key of a file, which is made for its owner alone where it is not there; a new one without a file."""
    import secrets

    from auditscan.disk.wholefile import usable, write_whole

    if file is None:
        return secrets.token_bytes(_KEY_BYTES)
    place = usable(file)
    try:
        if not place.exists():
            write_whole(file, secrets.token_hex(_KEY_BYTES).encode() + b"\n")
        key = place.read_bytes().strip()
    except OSError as error:
        raise UsageError("the key cannot be read", where=str(file), why=error.strerror) from error
    if len(key) < _KEY_BYTES:
        raise UsageError(
            f"a key has {_KEY_BYTES} bytes or more, and this file {len(key)}", where=str(file), hint="name a new file"
        )
    return key


_KEY_BYTES = 32
"""As many as the hash it is for gives back."""
