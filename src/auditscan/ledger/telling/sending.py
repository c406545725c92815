"""One message to one address, once: the only place that knows Apprise, which comes with the extra `notify`."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditscan.ledger.telling.addresses import without_secrets
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.ledger.telling.message import Message

TIMEOUT = 60.0
"""Seconds: no service that works takes as long, and the next address waits."""

LONGEST_WHY = 200

MISSING = "Apprise is not installed: pip install 'auditscan[notify]'"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended."""

    why: str = ""
    """Why the message did not arrive, without secrets; empty: it did."""
    hopeless: bool = False
    """Whether another attempt in this run would end the same way."""


def send(message: Message, address: str, timeout: float = TIMEOUT) -> Outcome:
    """Hand a message to the service behind an address; raises nothing, for a night does not end with it."""
    try:
        service = _service(address)
    except ImportError:
        return Outcome(MISSING, hopeless=True)
    if service is None:
        return Outcome("this is no address that Apprise knows", hopeless=True)
    ended: list[Outcome] = []
    # Apprise waits in a pool whose threads a process must see end before it may; ours is let go.
    worker = threading.Thread(target=lambda: ended.append(_attempt(service, message)), daemon=True)
    with _heard() as said:
        worker.start()
        worker.join(timeout)
    if not ended:
        return Outcome(f"no answer within {timeout:g} seconds", hopeless=True)
    if not ended[0].why:
        return ended[0]
    why = ": ".join(dict.fromkeys(part.strip(" .") for part in said if part.strip(" .")))
    return Outcome(printable(without_secrets(why or ended[0].why, address))[:LONGEST_WHY])


def _service(address: str) -> Any:  # noqa: ANN401 -- Apprise's own type, imported late
    """Return the service behind an address, or None where there is none."""
    with warnings.catch_warnings(), _heard():
        # Apprise loads all its services, some of which use what Python is about to drop.
        warnings.simplefilter("ignore")
        import apprise

        asset = apprise.AppriseAsset(
            app_id="auditscan", app_desc="auditscan", async_mode=False, service_timeout=0, storage_mode="memory"
        )
        try:
            return apprise.Apprise.instantiate(address, asset=asset)
        except Exception:  # noqa: BLE001 -- a service that trips over its address is one that cannot be used
            return None


def _attempt(service: Any, message: Message) -> Outcome:  # noqa: ANN401
    """Tell the service; a service may fail in any way."""
    import apprise

    told = apprise.Apprise(asset=service.asset)
    told.add(service)
    try:
        result = told.notify(message.body, message.title, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001
        return Outcome(f"the service failed: {type(error).__name__}")
    # Not `bool(result)`: that an address is called optional makes it no more delivered.
    arrived = all(any(attempt.status == 0 for attempt in each.attempts) for each in result)
    return Outcome() if result and len(result) and arrived else Outcome("it was not accepted")


class _Ears(logging.Handler):
    """Keeps what Apprise says of its failures, which it tells its log and no caller."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno >= logging.WARNING:
            self.said.append(text)
        elif "Exception:" in text:
            self.said.append(_cause(text.partition("Exception:")[2].strip()))


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Hear what Apprise logs, in place of standard error."""
    logger, ears = logging.getLogger("apprise"), _Ears()
    before = logger.level, logger.propagate
    logger.addHandler(ears)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield ears.said
    finally:
        # A thread that was let go may speak later: into nothing, and not to standard error, Python's last resort.
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
        logger.removeHandler(ears)
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _cause(text: str) -> str:
    """What a person can use of an exception: the word of the system, or the answer of a mail server."""
    found = re.search(r"\[Errno -?\d+\] ([^'\")>\]]+)", text)
    if found:
        return found[1]
    if "timed out" in text:
        return "timed out"
    answer = re.match(r"\((\d{3}), b?['\"](.*?)['\"]", text)
    return f"{answer[1]} {answer[2]}" if answer else ""
