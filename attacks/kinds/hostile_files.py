"""Names, pipes, links, rights, archives, sizes, and files that change while they are read, beside a sound log.

Many of them are read in one scan. None may raise, wait, or take anything away from the others: the sound log's answers
stay as they are, each hostile file is named in the outcome, and the sums hold.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attacks.counted import Counted
from attacks.hostile import STILL, Expected, Maker, record
from attacks.moving import MOVING, Moving, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = 96
STEP = 48

MOST_SECONDS = 60
"""Of a processor, for one scan: the machine may have other things to do."""

SOUND = "a-sound.ndjson"

_AS_NOBODY = """
import os, sys
from auditscan import cli
sound, logs, out, told = sys.argv[1:]
cli.run(["scan", sound])  # What is imported late may not be open to everybody.
sys.stdout.flush()
os.dup2(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.exit(cli.run(["scan", logs, "--as-of", "2026-03-01", "--json", "--out", out]))
"""


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Make so many hostile files, in one scan those that lie still, in another those that move."""
    rng = random.Random(seed)
    counted = Counted()
    (folder / "alone").mkdir()
    _write_sound(folder / "alone")
    sound = _scan(folder / "alone", folder / "alone.ndjson")
    moving = max(1, count // 5)
    shut = count // 8 if count >= 24 else 0
    _still(count - moving - shut, rng, folder / "still", sound, counted)
    _moving(moving, rng, folder / "moving", sound, counted)
    if shut:
        _shut(shut, rng, sound, counted)
    return counted


def _write_sound(folder: Path) -> None:
    lines = [record("S-1"), record("S-2").replace(b'"CA"', b'"TX"'), record("S-3").replace(b"ICE", b"HHS OIG")]
    (folder / SOUND).write_bytes(b"".join(lines))


def _scan(logs: Path, out: Path) -> dict[str, Any]:
    """Scan in this process: the outcome as JSON, the answers by transfer, the seconds it took."""
    from auditscan.cli import run

    told, said = io.StringIO(), io.StringIO()
    started = time.process_time()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(said):
        code = run(["scan", str(logs), "--as-of", "2026-03-01", "--json", "--out", str(out)])
    return _outcome(told.getvalue(), said.getvalue(), code, out, time.process_time() - started)


def _outcome(told: str, said: str, code: int, out: Path, seconds: float) -> dict[str, Any]:
    try:
        summary = json.loads(told)
    except ValueError:
        return {"failed": f"exit {code}: {said[-600:]}", "seconds": seconds}
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {"summary": summary, "answers": answers, "seconds": seconds, "said": said, "code": code}


def _wrong(found: dict[str, Any], sound: dict[str, Any]) -> list[str]:
    """What is wrong with a scan as a whole."""
    if "failed" in found:
        return [found["failed"]]
    wrong = []
    if found["seconds"] > MOST_SECONDS:
        wrong.append(f"it took {found['seconds']:.0f} seconds")
    if _of_sound(found) != _of_sound(sound):
        wrong.append("the sound log's answers are others")
    for file in found["summary"]["files"]:
        parts = ("transfers", "not_transfers", "duplicates", "quarantined")
        if file["records"] != sum(file[part] for part in parts):
            wrong.append(f"the sums of {file['path']} do not hold")
    return wrong


def _of_sound(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of the sound log, without what names the place of its folder and of its files among others."""
    own = ("record_key", "source_file", "source_sha256")
    return [
        {name: value for name, value in answer.items() if name not in own}
        for answer in found["answers"]
        if answer["source_file"].endswith(f"/{SOUND}")
    ]


def _held(found: dict[str, Any], expected: Expected) -> str:
    """What is wrong with what was said of a hostile file; '' for nothing."""
    files = [file for file in found["summary"]["files"] if file["path"].startswith(expected.shown)]
    if not files:
        return "it is named nowhere"
    statuses = {file["status"] for file in files}
    if not statuses & expected.statuses:
        return f"it is {', '.join(statuses)}: {files[0]['note']}"
    ids = {answer["transfer_id"] for answer in found["answers"] if answer["source_file"].startswith(expected.shown)}
    if lost := set(expected.ids) - ids:
        return f"{', '.join(sorted(lost))} did not come out; {files[0]['status']}: {files[0]['note']}"
    if statuses & {"unreadable", "unrecognized", "damaged"} and found["code"] != 20:
        return f"the exit code is {found['code']}"
    return ""


def _count(
    found: dict[str, Any], sound: dict[str, Any], made: Sequence[tuple[str, Expected]], counted: Counted
) -> None:
    """Count each hostile file of a scan."""
    wrong = _wrong(found, sound)
    for number, (name, expected) in enumerate(made):
        why = wrong[0] if wrong and (number == 0 or "failed" in found) else "" if wrong else _held(found, expected)
        if why:
            counted.broke(f"{name} at {expected.shown}: {why}")
        else:
            files = [file for file in found["summary"]["files"] if file["path"].startswith(expected.shown)]
            counted.held("read" if files[0]["status"] in ("read", "copy") else "told")


def _still(count: int, rng: random.Random, folder: Path, sound: dict[str, Any], counted: Counted) -> None:
    folder.mkdir()
    _write_sound(folder)
    made = []
    order = rng.sample(STILL, len(STILL))
    for number in range(count):
        kind = order[number % len(order)]
        place = folder / f"h{number:03}"
        place.mkdir()
        made.append((kind.__name__, kind(Maker(rng, place, number))))
    try:
        _count(_scan(folder, folder.parent / "still.ndjson"), sound, made, counted)
    finally:
        # Folders so deep are more than Python clears away.
        subprocess.run(["rm", "-rf", str(folder)], check=True)


def _moving(count: int, rng: random.Random, folder: Path, sound: dict[str, Any], counted: Counted) -> None:
    folder.mkdir()
    _write_sound(folder)
    order = rng.sample(MOVING, len(MOVING))
    plans = [Moving.drawn(order[number % len(order)], rng, folder, number) for number in range(count)]
    with moved(plans):
        found = _scan(folder, folder.parent / "moving.ndjson")
    _count(found, sound, [(plan.kind.__name__, plan.expected) for plan in plans], counted)
    for plan in plans:
        if not plan.done:
            counted.findings.append(f"{plan.kind.__name__} was never done: the attack is none")


def _shut(count: int, rng: random.Random, sound: dict[str, Any], counted: Counted) -> None:
    """Files and folders without rights, scanned by who is not root."""
    base = Path(tempfile.mkdtemp(prefix="auditscan-rights-"))
    try:
        base.chmod(0o755)
        logs, scratch = base / "logs", base / "scratch"
        logs.mkdir()
        scratch.mkdir()
        scratch.chmod(0o777)
        _write_sound(logs)
        made = []
        for number in range(count):
            place = logs / f"h{number:03}"
            place.mkdir()
            (place / "a.ndjson").write_bytes(record(f"R-{number}"))
            mode = rng.choice([0o000, 0o200, 0o644, 0o444, 0o666, 0o111, 0o300])
            if mode in (0o111, 0o300) or rng.random() < 0.3:
                (place / "a.ndjson").chmod(rng.choice([0o000, 0o200, 0o111]))
                mode = 0o755
            place.chmod(mode)
            made.append((f"rights {mode:o}", Expected(place.as_posix(), frozenset({"unreadable"}))))
        out, told = scratch / "out.ndjson", scratch / "told.json"
        told.touch()
        told.chmod(0o666)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, logs / SOUND, logs, out, told],
            capture_output=True,
            text=True,
            check=False,
            timeout=5 * MOST_SECONDS,
            env={**os.environ, "TMPDIR": str(scratch), "HOME": str(scratch), "COLUMNS": "80"},
            cwd=scratch,
        )
        told_text = told.read_text(encoding="utf-8")
        _count(_outcome(told_text, done.stderr, done.returncode, out, 0), sound, made, counted)
    finally:
        for place in (base / "logs").iterdir():
            place.chmod(0o755)
        shutil.rmtree(base)
