"""Nights that are killed, or meet a full or broken disk, at each call that writes and at moments drawn at random.

The night is a tiny one, in a process forked from this one, which has loaded everything. `strace` counts its writing
calls once, and then makes one of them fail, or kills the process there; without `strace` nights are killed at moments
only. Full disks are small file systems in memory, for which one has to be root; the others are limits on how large a
file may grow. How many were made of each stands among how they ended.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attacks.counted import Counted
from ledger.keeping import lines, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FULL = 264
STEP = FULL
"""In one process, so that every call is tried."""

SHARES = {"kill at a call": 60, "kill at a moment": 72, "error": 120, "disk": 12}
"""How many of each, of the whole."""

CALLS = (
    *("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "openat", "rename", "unlink", "unlinkat"),
    *("mkdir", "rmdir", "fchmod", "fchown"),
)
"""What changes a disk, by the system's names."""

ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EROFS")
GOOD = (0, 10, 11, 12)
NIGHT = ("--no-config", "nightly", "--logs", "logs", "--ledger", "ledger", "--as-of", "2026-03-01", "--threads", "1")
MOMENT = datetime(2099, 3, 1, 2, 15, tzinfo=UTC)
VERIFY = ("--no-config", "verify", "--ledger", "ledger")


@dataclass(frozen=True, slots=True)
class Call:
    """One writing call of a night: the how many-th of its name, and where it stands in the program's own words."""

    name: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    """Negative: the signal that killed it."""
    said: str
    seconds: float


@dataclass(slots=True)
class Place:
    """A folder with logs, a ledger of one night, and what is known of states that it was found in."""

    folder: Path
    known: dict[str, str] = field(default_factory=dict)
    """State of the ledger -> what was wrong with it, or with the night after it; empty: nothing."""
    old: str = ""
    """The database after the first night."""

    @property
    def ledger(self) -> Path:
        """The ledger that is attacked."""
        return self.folder / "ledger"

    @property
    def temporary(self) -> Path:
        """Where processes put what they need for a moment."""
        return self.folder / "temporary"

    def restore(self) -> None:
        """Put everything back to what it was after the first night."""
        for folder in (self.ledger, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "base", self.ledger)
        self.temporary.mkdir()

    def state(self) -> str:
        """What is there now, without the names that are drawn anew each time."""
        told = hashlib.sha256()
        for path in sorted((*self.ledger.rglob("*"), *self.temporary.rglob("*"))):
            name = re.sub(r"\.auditscan-\w+", ".auditscan-", str(path.relative_to(self.folder)))
            told.update(f"{name}\n".encode())
            if path.is_file() and ".auditscan-" not in name:
                told.update(path.read_bytes())
        return told.hexdigest()

    def database(self) -> str:
        """The hash of the ledger's database."""
        return hashlib.sha256((self.ledger / "ledger.duckdb").read_bytes()).hexdigest()

    def lying(self) -> list[str]:
        """What a night that ends well does not leave."""
        found = (*self.ledger.rglob(".*"), *self.ledger.rglob("*.tmp"), *self.temporary.iterdir())
        return [path.name for path in found]


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Stop `count` nights, each on the same ledger, and look at what is left of it."""
    luck = random.Random(seed)
    place = _prepared(folder)
    calls = _calls(place) if shutil.which("strace") else []
    place.restore()
    longest = _process(place, NIGHT).seconds
    counted = Counted()
    for kind, what, do in _plan(place, count, luck, calls, longest):
        place.restore()
        _look(place, counted, kind, what, do())
    return counted


def _prepared(folder: Path) -> Place:
    """Make logs, a ledger of one night, and a log that the next night is to read."""
    place = Place(folder)
    place.temporary.mkdir()
    logs = folder / "logs"
    logs.mkdir()
    (logs / "a.ndjson").write_text(lines(record(1), record(2, elements=["ssn"])), encoding="utf-8")
    _load_all()
    first = _process(place, NIGHT)
    if first.code not in GOOD:
        raise RuntimeError(first.said)
    (logs / "b.ndjson").write_text(lines(record(3), record(4, elements=["ssn"])), encoding="utf-8")
    place.old = place.database()
    place.ledger.rename(folder / "base")
    place.restore()
    return place


def _load_all() -> None:
    """Load what a night needs, for processes that are forked. No engine is opened: its threads would not be there."""
    import auditscan.cli
    import auditscan.ledger.nightly
    import auditscan.ledger.receipts.verify  # noqa: F401 -- to have it loaded
    from auditscan.library import Library
    from auditscan.policy import load

    load()
    Library.shipped()


def _plan(
    place: Place, count: int, luck: random.Random, calls: list[Call], longest: float
) -> Iterator[tuple[str, str, Callable[[], Ended]]]:
    """Yield what kind of attack each is, what is done, in words, and the doing; calls in an order of luck."""
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    luck.shuffle(kinds)
    kills = _endless(luck, [(call, "signal=KILL") for call in calls])
    errors = _endless(luck, [(call, f"error={error}") for call in calls for error in ERRORS[:2]])
    for number in range(count):
        kind = kinds[number % len(kinds)]
        if kind == "disk":
            yield _disk(place, luck)
        elif kind == "kill at a moment" or not calls:
            after = luck.uniform(0, longest * 1.05)
            yield (
                "killed at a moment" if calls else "killed at a moment, for want of strace",
                f"killed after {after:.3f} s",
                functools.partial(_process, place, NIGHT, kill_after=after),
            )
        else:
            call, how = next(kills if kind == "kill at a call" else errors)
            if how == "error=EIO" and luck.random() < 0.5:
                how = f"error={luck.choice(ERRORS[2:])}"
            ended = "killed at a call" if kind == "kill at a call" else "error injected"
            yield ended, f"{how} at {call.text}", functools.partial(_process, place, NIGHT, call=call, how=how)


def _endless(luck: random.Random, values: list[tuple[Call, str]]) -> Iterator[tuple[Call, str]]:
    """Yield all values in an order of luck, then all again in another."""
    while values:
        yield from luck.sample(values, len(values))


def _disk(place: Place, luck: random.Random) -> tuple[str, str, Callable[[], Ended]]:
    """A disk that is full after some bytes: between what the ledger takes, and what it and its copy do."""
    size = (place.folder / "base" / "ledger.duckdb").stat().st_size
    if os.geteuid() == 0 and shutil.which("unshare") and luck.random() < 0.75:
        room = int(size * luck.uniform(1.1, 3.2))
        return "small disk", f"on a disk of {room:,} bytes", lambda: _on_small_disk(place, room)
    most = int(size * luck.uniform(0.01, 1.2))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return "files limited", f"where no file has more than {most:,} bytes", lambda: _process(place, NIGHT, before=limit)


def _on_small_disk(place: Place, room: int) -> Ended:
    """Run a night whose ledger lies on a disk of its own, and bring the ledger back."""
    script = (
        f"mount -t tmpfs -o size={room} none ledger && cp -a base/. ledger/ && "
        f'{sys.executable} -c "{_OWN}" "$@"; code=$?; rm -rf after; mkdir after; cp -a ledger/. after/; exit $code'
    )
    started = time.monotonic()
    environment = os.environ | {"TMPDIR": str(place.temporary), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", script, "night", *NIGHT],
        cwd=place.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(place.ledger)
    (place.folder / "after").rename(place.ledger)
    return Ended(done.returncode, done.stderr, time.monotonic() - started)


def _process(
    place: Place,
    arguments: tuple[str, ...],
    *,
    before: Callable[[], None] = lambda: None,
    kill_after: float | None = None,
    call: Call | None = None,
    how: str = "",
    trace: Path | None = None,
) -> Ended:
    """Run a command in a forked process, and under `strace` where there is a call to be hit or counted."""
    reader, writer = os.pipe()
    said = place.folder / "said"
    child = os.fork()
    if child == 0:
        _be_night(place, arguments, said, reader, writer, before)
    os.close(reader)
    tracer = None
    if call is not None:
        tracer = _traced(child, ["-e", f"trace={call.name}", "-e", f"inject={call.name}:{how}:when={call.number}"])
    elif trace is not None:
        tracer = _traced(child, ["-e", f"trace={','.join(CALLS)}", "-o", str(trace)])
    started = time.monotonic()
    os.write(writer, b"go")
    os.close(writer)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    seconds = time.monotonic() - started
    if tracer is not None:
        tracer.wait()
    return Ended(os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8", errors="replace"), seconds)


def _be_night(
    place: Place, arguments: tuple[str, ...], said: Path, reader: int, writer: int, before: Callable[[], None]
) -> None:
    """Be a process of the command line, as far as one that was forked can: this does not return."""
    code = 99
    try:
        os.close(writer)
        os.chdir(place.folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(place.temporary)
        for stream, path in ((1, os.devnull), (2, said)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, stream)
            os.close(handle)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", closefd=False, buffering=1)  # noqa: SIM115
        before()
        os.read(reader, 2)
        code = run_at_moment(arguments)
    finally:
        os._exit(code)


_OWN = "import sys; from attacks.kinds.stopped_nights import run_at_moment; sys.exit(run_at_moment(sys.argv[1:]))"
"""A night in a process of its own."""


def run_at_moment(arguments: Sequence[str]) -> int:
    """Run a command whose clock stands still: the same night is then the same ledger, which is looked at once."""
    from auditscan.cli import run
    from auditscan.ledger.nightly import nightly

    nightly.__kwdefaults__["clock"] = lambda: MOMENT
    return run(arguments)


def _traced(child: int, how: list[str]) -> subprocess.Popen[bytes]:
    """Attach `strace` to a process that waits, and return when it is there."""
    command = ["strace", "-f", "-q", "-p", str(child), *(() if "-o" in how else ("-o", os.devnull)), *how]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    status = Path(f"/proc/{child}/status")
    while tracer.poll() is None and "TracerPid:\t0" in status.read_text(encoding="utf-8"):
        time.sleep(0.002)
    return tracer


_LINE = re.compile(r"(?P<pid>\d+)\s+(?P<name>\w+)\((?P<rest>.*)")
_OPENED_TO_WRITE = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC")


def _calls(place: Place) -> list[Call]:
    """Count the writing calls of a night: those of its first thread, which `strace` counts one by one."""
    trace = place.folder / "trace"
    ended = _process(place, NIGHT, trace=trace)
    if ended.code not in GOOD or not trace.exists():
        return []
    found: list[Call] = []
    numbers: dict[str, int] = {}
    first = ""
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        match = _LINE.match(line)
        first = first or (match["pid"] if match else "")
        if match is None or match["pid"] != first:
            continue
        name = match["name"]
        numbers[name] = numbers.get(name, 0) + 1
        if name != "openat" or _OPENED_TO_WRITE.search(match["rest"]):
            found.append(Call(name, numbers[name], f"{name} {numbers[name]}: {match['rest'][:90]}"))
    return found


def _look(place: Place, counted: Counted, kind: str, what: str, ended: Ended) -> None:
    """Count an attack by what is left of the ledger, and what the night said."""
    is_new = place.database() != place.old
    which = "new" if is_new else "old"
    wrong = _dishonest(ended, is_new=is_new)
    state = place.state()
    if not wrong:
        if state not in place.known:
            place.known[state] = _after(place)
        wrong = place.known[state]
    if wrong:
        counted.broke(f"{what}: exit {ended.code}, {which} ledger: {wrong}; said: {ended.said[-300:]}")
    else:
        counted.held(f"{kind}, {which} ledger")


def _dishonest(ended: Ended, *, is_new: bool) -> str:
    """Whether the night said of itself what is not so."""
    if ended.code in GOOD and not is_new:
        return "it ended well, and the ledger is the old one"
    if ended.code == 1 and is_new:
        return "1 says that the ledger is as it was"
    if ended.code in (*GOOD, -signal.SIGKILL):
        return ""
    if ended.code not in (1, 2, 20):
        return "an exit code that says nothing"
    if "fault of the program" in ended.said or "Traceback" in ended.said:
        return "a disk is told as a fault of the program"
    told = [os.strerror(getattr(errno, error)) for error in (*ERRORS, "EFBIG")]
    # The engine keeps to itself why a disk could not be told to keep what it has.
    told.append("could not put it on disk")
    if ended.said and not any(words in ended.said for words in told):
        return "it does not say that it is the disk"
    return ""


def _after(place: Place) -> str:
    """What is wrong with a ledger, by the night after: nothing, as an empty text."""
    night = _process(place, NIGHT)
    if night.code != 12:
        return f"the next night ends with {night.code}: {night.said[-300:]}"
    verified = _process(place, VERIFY)
    if verified.code:
        return f"verify ends with {verified.code}: {verified.said[-300:]}"
    lying = place.lying()
    return f"left lying: {', '.join(lying)}" if lying else ""
