r"""Units for systemd: a timer, the scan under every lock it can bear, and what tells of a scan that failed.

Strings of a unit are quoted; inside quotation marks `\` and `"` are escaped, and `%` is doubled wherever it stands.
`$` needs nothing: only ExecStart= would replace it, and the colon before its command forbids that.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.schedule.plan import File, Plan, Schedule, check_user, refuse_addresses
from auditscan.schedule.texts import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

USER = "auditscan"
"""The user a scan runs as, made by systemd-sysusers."""

_HOMES = tuple(map(Path, ("/home", "/root", "/run/user")))
"""What ProtectHome= hides."""

_HIDDEN = (*_HOMES, *map(Path, ("/tmp", "/var/tmp")))  # noqa: S108 -- only compared with
"""That, and what PrivateTmp= hides."""

_STATE = re.compile(r"/var/lib/([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)")
_LONGEST = 6


def schedule(plan: Plan, user: str = USER) -> Schedule:
    """Return the units and how to install them.

    Raises UsageError for a user that can be none, a program that systemd cannot start by its name, and
    addresses of people to tell that would stand where everybody can read them.
    """
    check_user(user)
    _check(plan)
    service = fill(
        "auditscan-nightly.service",
        command=" ".join(map(_quoted, plan.command)),
        user=user,
        ledger=_quoted(plan.ledger),
        network_order=_NETWORK_ORDER if plan.notifies else "",
        state_directory=_state_directory(plan.ledger),
        timeout=f"{min(plan.calendar.step, _LONGEST)}h",
        readable=_lines("ReadOnlyPaths", (*(f"-{path}" for path in plan.logs), *_read(plan))),
        writable=_lines("ReadWritePaths", _written(plan)),
        bound=_bound(plan),
        hardening=_hardening(network=plan.notifies, homes=any(_lies_in(_HOMES, path) for path in _paths(plan))),
    )
    files = (
        File("auditscan-nightly.service", service),
        File("auditscan-nightly.timer", fill("auditscan-nightly.timer", calendar=plan.calendar.for_systemd())),
        File(
            "auditscan-failed.service",
            fill("auditscan-failed.service", hardening=_hardening(network=False, homes=False)),
        ),
        File("auditscan-sysusers.conf", fill("auditscan-sysusers.conf", user=user)),
    )
    return Schedule(files, tuple(_steps(plan, user)), (*plan.notes, *_notes(plan)))


_NETWORK_ORDER = "Wants=network-online.target\nAfter=network-online.target"


def _check(plan: Plan) -> None:
    refuse_addresses(plan)
    for character in "\\\"'":
        if character in plan.program[0]:
            raise UsageError(
                f"systemd starts no program with {character} in its name",
                where=plan.program[0],
                hint="install auditscan elsewhere, as in /opt/auditscan",
            )


def _quoted(text: str) -> str:
    """Return a string as a unit holds it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _lines(key: str, paths: Iterable[str]) -> str:
    """Return one assignment a path; keys that take lists add up."""
    return "\n".join(f"{key}={_quoted(path)}" for path in dict.fromkeys(paths))


def _read(plan: Plan) -> tuple[str, ...]:
    """Return the files and folders beside the logs that a scan reads and never writes."""
    single = (plan.config_file, plan.one("suppressions"), plan.one("sign-key"))
    return (*(path for path in single if path), *plan.many("policy"), *plan.many("queries"))


def _written(plan: Plan) -> tuple[str, ...]:
    """Return the folders that a scan writes to; of a file it is the folder, as the file is replaced whole."""
    files = (plan.one("metrics"), plan.one("run-log"))
    return (plan.ledger, *(str(Path(file).parent) for file in files if file))


def _paths(plan: Plan) -> tuple[str, ...]:
    return (*plan.needs, plan.program[0], *plan.logs, *_read(plan), *_written(plan))


def _lies_in(folders: Iterable[Path], path: str) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def _is_hidden(path: str) -> bool:
    return _lies_in(_HIDDEN, path)


def _bound(plan: Plan) -> str:
    """Return what brings single files and folders back where the rest of home folders and /tmp is hidden."""
    read = [path for path in (*plan.needs, plan.program[0], *_read(plan)) if _is_hidden(path)]
    logs = [f"-{path}" for path in plan.logs if _is_hidden(path)]
    written = [path for path in _written(plan) if _is_hidden(path)]
    return "\n".join(filter(None, (_lines("BindReadOnlyPaths", (*read, *logs)), _lines("BindPaths", written))))


def _state_directory(ledger: str) -> str:
    """Return what has systemd make the ledger's folder and give it to the user, where it lies below /var/lib."""
    found = _STATE.fullmatch(ledger)
    if found is None or {".", "..", "private"} & set(found[1].split("/")):
        return ""
    return f"StateDirectory={found[1]}\nStateDirectoryMode=0750"


def _hardening(*, network: bool, homes: bool) -> str:
    """Return the locks; with a network only where somebody is to be told something."""
    closed = "PrivateNetwork=yes\nIPAddressDeny=any\nRestrictAddressFamilies=none"
    text = fill(
        "hardening.conf",
        protect_home="tmpfs" if homes else "yes",
        network="RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX" if network else closed,
    )
    return text.rstrip("\n")


def _steps(plan: Plan, user: str) -> Iterable[str]:
    """Yield the commands that install the units."""
    yield "sudo install -m 0644 {out}/auditscan-sysusers.conf /etc/sysusers.d/auditscan.conf"
    yield "sudo systemd-sysusers"
    yield "sudo install -m 0644 {out}/auditscan-*.service {out}/auditscan-*.timer /etc/systemd/system/"
    if not _state_directory(plan.ledger):
        yield f"sudo install -d -o {user} -g {user} -m 0750 {shlex.quote(plan.ledger)}"
    _, *folders = _written(plan)
    for folder in dict.fromkeys(folders):
        yield f"sudo mkdir -p {shlex.quote(folder)} && sudo setfacl -m u:{user}:rwx {shlex.quote(folder)}"
    secret = [path for path in (plan.config_file, plan.one("sign-key")) if path]
    if secret:
        yield f"sudo chown root:{user} {_words(secret)} && sudo chmod 0640 {_words(secret)}"
    yield f"# the user {user} must be able to read {_words(plan.logs)}: by group, or with setfacl -R -m u:{user}:rX"
    yield "sudo systemctl daemon-reload && sudo systemctl enable --now auditscan-nightly.timer"
    yield "sudo systemctl start auditscan-nightly.service   # the first scan, now"


def _words(paths: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, paths))


def _notes(plan: Plan) -> Iterable[str]:
    at_home = [path for path in (*plan.needs, plan.program[0]) if _is_hidden(path)]
    if at_home:
        yield (
            f"auditscan lies in {at_home[0]}, where a service sees nothing: the unit shows it that much of it, "
            "read-only, and goes wrong when it moves; better install it in /opt/auditscan"
        )
    data = [path for path in (*plan.logs, *_read(plan), *_written(plan)) if _is_hidden(path)]
    if data:
        yield f"shown to the service out of a home or temporary folder: {', '.join(dict.fromkeys(data))}"
