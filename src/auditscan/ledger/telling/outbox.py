"""What is kept of messages in the folder of a ledger: those not delivered yet, and a line for every attempt.

`outbox/000007.json` is the message of scan 7, written before anybody is told and removed when everybody is. So a
run that is killed, or whose mail server is down, leaves it to the next. `deliveries.ndjson` only grows, and is
what says who has which message: a run that was killed amid it does not tell anybody twice, save the one it was
just telling.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import write_whole
from auditscan.ledger.telling.message import Message
from auditscan.ledger.telling.runlog import append_line
from auditscan.text import printable

if TYPE_CHECKING:
    from pathlib import Path

MOST_KEPT = 14
"""Messages: who has not been told for two weeks of nights reads the ledger, and not fourteen letters."""

FORMAT = 1
RECORD = "deliveries.ndjson"
_NAME = re.compile(r"\d{6,}\.json")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that somebody has not got yet."""

    scan_id: int
    day: str
    """The day of the scan in words."""
    message: Message

    @property
    def id(self) -> str:
        """What tells it from the message of another scan of the same number, in a ledger that was set back."""
        return hashlib.sha256(f"{self.message.title}\n{self.message.body}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver one message to one address: a line of `deliveries.ndjson`."""

    at: str
    """When it ended, in UTC."""
    scan_id: int
    message: str
    """The message's id."""
    title: str
    address: str
    """Without secrets."""
    address_id: str
    attempt: int
    """1, 2, 3; 0: none was made, the message is given up."""
    ok: bool
    why: str
    """Why it did not arrive; empty: it did."""


def keep(folder: Path, kept: Kept) -> None:
    """Write a message into the outbox, whole or not at all. Raises OSError."""
    outbox = folder / "outbox"
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = {"format": FORMAT, "scan_id": kept.scan_id, "day": kept.day}
    body |= {"title": kept.message.title, "body": kept.message.body}
    write_whole(_path(folder, kept.scan_id), json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8"))


def remove(folder: Path, scan_id: int) -> None:
    """Take a message out of the outbox, if it is there. Raises OSError."""
    _path(folder, scan_id).unlink(missing_ok=True)


def pending(folder: Path, *, set_aside: bool = False) -> tuple[list[Kept], list[str]]:
    """Return the messages in the outbox by scan, and a sentence for each file of it that holds none.

    With `set_aside` these are renamed, so that they are told of once. Raises OSError.
    """
    found, problems = [], []
    for path in _files(folder):
        try:
            found.append(_read(path))
        except (OSError, ValueError) as error:
            problems.append(
                f"{printable(str(path))} is no message that can be delivered: {printable(str(error))[:100]}"
            )
            if set_aside:
                path.replace(path.with_name(f"{path.name}.unreadable"))
    return found, problems


def delivered(folder: Path) -> tuple[set[tuple[str, str]], list[str]]:
    """Return which message has reached which address, as their ids, and what is wrong with the last line.

    A line that is torn counts for nothing: its message goes out again rather than not at all.
    """
    try:
        data = (folder / RECORD).read_bytes()
    except FileNotFoundError:
        return set(), []
    except OSError as error:
        return set(), [f"{printable(str(folder / RECORD))} cannot be read: {error.strerror}"]
    found = set()
    for line in data.split(b"\n"):
        try:
            entry = json.loads(line)
            if entry["ok"] is True:
                found.add((str(entry["message"]), str(entry["address_id"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    torn = bool(data) and not data.endswith(b"\n")
    where = printable(str(folder / RECORD))
    return found, [f"the last line of {where} was cut off; a message may come twice"] if torn else []


def record(folder: Path, attempt: Attempt) -> None:
    """Append an attempt to `deliveries.ndjson`. Raises OSError."""
    append_line(folder / RECORD, asdict(attempt))


def _files(folder: Path) -> list[Path]:
    """Files of the outbox that are named as messages, by scan."""
    outbox = folder / "outbox"
    if not outbox.is_dir():
        return []
    return sorted((path for path in outbox.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: int(path.stem))


def _path(folder: Path, scan_id: int) -> Path:
    return folder / "outbox" / f"{scan_id:06}.json"


def _read(path: Path) -> Kept:
    """Read a message; raises ValueError for what is none."""
    try:
        body = json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError("not of a form this version knows") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ValueError("not of a form this version knows")
    number, texts = body.get("scan_id"), [body.get(name) for name in ("day", "title", "body")]
    if not isinstance(number, int) or path.name != f"{number:06}.json":
        raise ValueError("it has the name of another scan")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not whole")
    day, title, text = map(str, texts)
    return Kept(number, day, Message(title, text))
