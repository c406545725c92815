"""A CronJob for Kubernetes, with everything it needs but the image, the logs and the secrets.

In a pod every path is another one, so the settings in force are written anew, into a ConfigMap: logs lie in /logs,
the ledger in /ledger, what somebody wrote for us in /etc/auditscan. Passwords and keys never pass through here: the
commands that are told make a Secret of them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.schedule.plan import NIGHTLY, File, Schedule
from auditscan.schedule.texts import fill
from auditscan.schedule.yaml_text import block, quoted

if TYPE_CHECKING:
    from auditscan.schedule.plan import Plan

_LARGEST = 900_000
"""Bytes of files in a ConfigMap, which may have 1 MiB with what is around them."""
_LONGEST = 6
_KEY = re.compile(r"[^A-Za-z0-9._-]")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*")
_CONFIG = "/etc/auditscan"


@dataclass
class _Pod:
    """What grows while the settings are gone through."""

    settings: dict[str, object] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    """Key of the ConfigMap -> text."""
    items: dict[str, str] = field(default_factory=dict)
    """The same key -> path below /etc/auditscan."""
    mounts: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)

    def put(self, path: str, text: str) -> None:
        """Have a file lie at a path below /etc/auditscan."""
        # Keys may hold fewer characters than paths; the number keeps two apart that end up alike.
        key = f"{len(self.data)}-{_KEY.sub('-', path)}"[-200:]
        self.data[key] = text
        self.items[key] = path

    def mount(self, volume: str, path: str, *, writable: bool = False, claim: str = "", about: str = "") -> None:
        """Have a claim lie at a path, or the secret where none is named."""
        only = "" if writable else ", readOnly: true"
        self.mounts.append(f"{{name: {volume}, mountPath: {path}{only}}}" + (f"  # {about}" if about else ""))
        source = f"persistentVolumeClaim: {{claimName: {claim}{only}}}"
        if not claim:
            source = "secret: {secretName: auditscan, defaultMode: 0440}"
        self.volumes.append(f"{{name: {volume}, {source}}}")


def schedule(plan: Plan, image: str) -> Schedule:
    """Return the manifest and how to apply it.

    Raises UsageError for an image whose name can be none, and for policy, queries or suppressions that no
    ConfigMap can hold.
    """
    if not _IMAGE.fullmatch(image):
        raise UsageError(f"{image!r} is no name of an image", where="--image", hint="as registry.example/auditscan:1.0")
    pod = _Pod()
    _settings(plan, pod)
    _logs(plan, pod)
    _files(plan, pod)
    if plan.one("sign-key") is not None:
        pod.settings["sign-key"] = "/etc/auditscan-secret/sign-key"
        pod.mount("secret", "/etc/auditscan-secret")
    pod.put("auditscan.toml", _toml(pod.settings))
    if sum(len(text.encode()) for text in pod.data.values()) > _LARGEST:
        raise UsageError(
            "policy, queries and suppressions are larger than a ConfigMap may be",
            hint=f"they may have {_LARGEST:,} bytes; copy them into an image of your own, at the same paths",
        )
    arguments = ("--config", f"{_CONFIG}/auditscan.toml", "nightly", "--exit-zero")
    text = fill(
        "kubernetes.yaml",
        notes="\n".join(f"# {note}" for note in plan.notes),
        data="\n".join(f"  {quoted(key)}: {block(text, 4)}" for key, text in pod.data.items()),
        items="\n".join(
            f"                  - {{key: {quoted(key)}, path: {quoted(path)}}}" for key, path in pod.items.items()
        ),
        egress=_ALL_EGRESS if plan.notifies else "  egress: []",
        calendar=quoted(plan.calendar.for_cron()),
        zone=_zone(),
        # Past a hundred missed starts without a deadline, a CronJob never starts again.
        deadline=str(plan.calendar.step * 3600 // 2),
        timeout=str(min(plan.calendar.step, _LONGEST) * 3600),
        image=quoted(image),
        args=", ".join(map(quoted, arguments)),
        env=_ENV if plan.notifies else "",
        mounts="\n".join(f"                - {mount}" for mount in pod.mounts),
        volumes="\n".join(f"            - {volume}" for volume in pod.volumes),
    )
    return Schedule((File("auditscan.yaml", text),), tuple(_steps(plan, image)), (*plan.notes, *_notes()))


_ALL_EGRESS = """\
  # Somebody is to be told, by addresses that only the secret holds: narrow this to their hosts and ports.
  egress: [{}]"""

_PLAIN = (
    "at", "every", "rehash-days", "as-of", "since", "source-zone", "log-format", "held-by", "exclude",
    "allow-quarantined", "keep-bytes", "exit-zero", "threads",
)  # fmt: skip
"""Settings that are no paths."""

_ENV = """\
              env:
                - name: AUDITSCAN_NOTIFY
                  valueFrom: {secretKeyRef: {name: auditscan, key: notify}}"""


def _settings(plan: Plan, pod: _Pod) -> None:
    """Take over the settings that are no paths; who is told stands in the secret."""
    pod.settings |= {name: plan.values[name] for name in NIGHTLY if name in _PLAIN and name in plan.said}
    pod.settings["ledger"] = "/ledger"


def _logs(plan: Plan, pod: _Pod) -> None:
    """Mount a claim for each folder of logs; of a log that is a file it is the folder it lies in."""
    folders: dict[str, str] = {}
    found = []
    for path in map(Path, plan.logs):
        folder = str(path.parent if path.is_file() else path)
        if folder not in folders:
            number = len(folders) + 1
            folders[folder] = f"/logs/{number}"
            claim = f"auditscan-logs-{number}"
            pod.mount(f"logs-{number}", f"/logs/{number}", claim=claim, about=f"what lies here in {folder}")
        found.append(f"{folders[folder]}/{path.name}" if path.is_file() else folders[folder])
    pod.settings["logs"] = found


def _files(plan: Plan, pod: _Pod) -> None:
    """Put policy, queries and suppressions into the ConfigMap, and what is written beside the ledger into a claim."""
    for name in ("policy", "queries"):
        places = []
        for number, folder in enumerate(plan.many(name), 1):
            places.append(f"{_CONFIG}/{name}-{number}")
            for path in _within(Path(folder)):
                pod.put(f"{name}-{number}/{path.relative_to(folder).as_posix()}", _read(path))
        if places:
            pod.settings[name] = places
    suppressions = plan.one("suppressions")
    if suppressions is not None:
        pod.put("suppressions.toml", _read(Path(suppressions)))
        pod.settings["suppressions"] = f"{_CONFIG}/suppressions.toml"
    written = {"metrics": "/out/auditscan.prom", "run-log": "/out/runs.ndjson"}
    written = {name: place for name, place in written.items() if plan.one(name) is not None}
    if written:
        pod.settings |= written
        pod.mount(
            "out", "/out", writable=True, claim="auditscan-out", about="metrics and run log, for their collectors"
        )


def _within(folder: Path) -> list[Path]:
    """Return the files in a folder, those in hidden ones aside; raises UsageError where there are none."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise UsageError("there is no file in this folder", where=str(folder))
    return found


def _read(path: Path) -> str:
    try:
        # Not as text, which would make the ends of lines all alike: receipts hold hashes of these files.
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("this is not UTF-8 text, so it cannot stand in a ConfigMap", where=str(path)) from error
    except OSError as error:
        raise UsageError("the file cannot be read", where=str(path), why=error.strerror) from error


def _toml(settings: dict[str, object]) -> str:
    """Return settings as TOML, in the order people are shown them."""
    lines = ["# Made by `auditscan schedule kubernetes` from the settings that were in force."]
    lines += [f"{name} = {_value(settings[name])}" for name in NIGHTLY if name in settings]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    # What JSON and TOML write alike: no path that got here holds a control character.
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _zone() -> str:
    """Return the line that keeps the clock of this machine, where it can be told by name."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        place = Path("/etc/localtime")
        # Only the link has the name: behind it several names may be one file.
        target = str(place.readlink()) if place.is_symlink() else ""
        name = target.partition("zoneinfo/")[2]
    from auditscan.settings.zones import zone_exists

    return f"  timeZone: {quoted(name)}" if name and zone_exists(name) else ""


def _steps(plan: Plan, image: str) -> list[str]:
    secret = ["kubectl create secret generic auditscan"] if plan.notifies or plan.one("sign-key") else []
    if plan.notifies:
        secret.append("--from-literal=notify=ADDRESSES")
    if plan.one("sign-key"):
        secret.append(f"--from-file=sign-key={shlex.quote(str(plan.one('sign-key')))}")
    steps = [
        f"docker build -t {image} . && docker push {image}   # in a checkout of auditscan",
        "# make the claims auditscan-logs-1 and on, each with the folder that the comment beside its mount names",
    ]
    if plan.one("metrics") or plan.one("run-log"):
        steps.append("# and the claim auditscan-out, from which metrics and run log are collected")
    if secret:
        steps.append(
            " ".join(secret) + ("   # the addresses of `notify`, blanks between them" if plan.notifies else "")
        )
    return [
        *steps,
        "kubectl apply -f {out}/auditscan.yaml",
        "kubectl create job --from=cronjob/auditscan-nightly auditscan-first   # the first scan, now",
    ]


def _notes() -> tuple[str, ...]:
    return (
        "policy, queries, suppressions and settings stand in the manifest: print and apply it again when they change",
        "exit codes 10, 11 and 12 end a job as a success, for a job knows only success and failure",
    )
