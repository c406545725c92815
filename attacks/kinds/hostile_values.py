"""Odd values in every field of every sample log and of every format's cases: they cost their own record at most."""

from __future__ import annotations

import contextlib
import io
import random
import re
import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import auditscan
from attacks.counted import Counted
from attacks.fields import TEXT, Log, text_of
from attacks.odd_values import values
from auditscan.cli import run
from auditscan.library import Library
from queries.case_files import source_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from attacks.fields import Path_, Value
    from queries.case_files import Case

FULL = 240_000
STEP = 240_000
VALUES = 78
"""For each field, of twice as many in `odd_values` and others made up."""
LIBRARY = Library.shipped()
SOUND = 100
"""Records of its own that a log begins with, repeated if need be: a format is known by so many."""
AS_OF = "2026-03-01"
_MAKES_TABLES = re.compile(r"\b(create|insert|merge|rename)\b[^;]*\b(table|into|view|to)\b", re.IGNORECASE)
BATCH = 20_000
"""Records of one database: what is judged together has to fit in memory."""

ANSWERS = """
select
    s.path,
    r.record_key % 68719476736 as number,
    (v.verdict_now, v.verdict_then, v.occurred_at, v.recipient_agency, v.states, v.elements)::varchar as answer
from sources s
inner join records r on s.source_id = r.record_key // 68719476736
left join duplicates d on r.record_key = d.record_key
left join answers_wide v on coalesce(d.kept_key, r.record_key) = v.record_key
"""
SOURCES = "select path, format, status, note, records, not_transfers, quarantined from sources"
SUMS = """
select s.path
from sources s
left join (
    select record_key // 68719476736 as source_id, count(*) as records
    from records
    group by all
) r on s.source_id = r.source_id
left join (select source_id, count(*) as records from quarantine group by all) q on s.source_id = q.source_id
where
    s.status in ('read', 'damaged')
    and (
        s.quarantined <> coalesce(q.records, 0)
        or s.records <> coalesce(r.records, 0) + s.not_transfers + s.quarantined
    )
"""


@dataclass
class Attacked:
    """A log, and the records that are put behind its own."""

    name: str
    log: Log
    more: list[tuple[str, str]] = field(default_factory=list)
    """What was changed, in words, and the record as it is written."""


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Put `count` values into fields and look at what the scans of the logs say."""
    drawn = random.Random(seed)
    counted = Counted()
    for number, batch in enumerate(_batches(count, drawn)):
        place = folder / str(number)
        place.mkdir()
        _attack(batch, place, counted)
    return counted


def _batches(count: int, drawn: random.Random) -> Iterator[list[Attacked]]:
    logs = list(_logs())
    drawn.shuffle(logs)
    kinds = [(attacked, _kinds(attacked.log)) for attacked in logs]
    # Of a few attacks each log that is met gets enough to be worth a scan.
    each = max(VALUES * count // FULL, 20)
    batch: list[Attacked] = []
    waiting = 0
    for attacked, fields in kinds:
        for places in fields:
            for value in values(drawn, min(each, count)):
                record, path = drawn.choice(places)
                attacked.more.append((_words(path, value), attacked.log.changed(record, path, value)))
                count -= 1
            if count <= 0:
                break
        batch.append(attacked)
        waiting += len(attacked.more)
        if waiting >= BATCH or count <= 0:
            yield batch
            batch, waiting = [], 0
        if count <= 0:
            return
    if batch:
        yield batch


def _logs() -> Iterator[Attacked]:
    """Every sample log, and the longest case of every format."""
    samples = auditscan.sample_logs()
    for folder in (samples, Path(__file__).parents[2] / "tests" / "samples"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".md", ".parquet", ".zst", ".zip", ".xlsx", ".pdf", ".eml"):
                name = str(path.relative_to(folder)).replace("/", "-").removesuffix(".gz")
                try:
                    yield Attacked(name, Log(text_of(path)))
                except (ValueError, EOFError):
                    continue  # Broken on purpose.
    longest: dict[str, Case] = {}
    for case in source_cases():
        if _MAKES_TABLES.search(case.given):
            continue  # What is read of such a table hangs on every statement of the log that may have made it.
        other = longest.setdefault(case.of, case)
        if case.kind == "hit" and len(case.given) > len(other.given):
            longest[case.of] = case
    for name, case in longest.items():
        with contextlib.suppress(ValueError):
            yield Attacked(f"case-{name}{Path(case.options.get('file', 'x.log')).suffix}", Log(case.given))


def _kinds(log: Log) -> list[list[tuple[Any, Path_]]]:
    """The fields of a log: those of one name in all of its records are one."""
    found: dict[tuple[Any, ...], list[tuple[Any, Path_]]] = defaultdict(list)
    for record in log.records:
        for place, path in enumerate(log.fields(record)):
            name = (
                (place,) if log.form == "lines" else tuple(s for s in path if log.form == "table" or isinstance(s, str))
            )
            found[name].append((record, path))
    return list(found.values())


def _words(path: Path_, value: Value) -> str:
    steps = ".".join("(text)" if step is TEXT else str(step) for step in path)
    return f"{steps} = {value.json[:80]}"


def _attack(batch: Sequence[Attacked], folder: Path, counted: Counted) -> None:
    sound, hostile = folder / "sound", folder / "hostile"
    for place in (sound, hostile):
        place.mkdir()
    for attacked in batch:
        _write(sound / attacked.name, attacked, 0)
        _write(hostile / attacked.name, attacked, len(attacked.more))
    before, after = _read(sound, counted), _read(hostile, counted, ask=True)
    if before is None or after is None:
        return
    for attacked in batch:
        _compare(before, after, attacked, folder, counted)


def _compare(before: Read, after: Read, attacked: Attacked, folder: Path, counted: Counted) -> None:
    name = attacked.name
    was, now = before.sources[name], after.sources[name]
    tried = len(attacked.more)
    if not was["records"]:
        counted.held("no log", tried)
        return
    worse = _worse(before, after, attacked)
    if worse:
        counted.held("not told one by one", tried - 1)
        counted.broke(f"{name}: {worse}; {_culprit(attacked, before, folder)}")
        return
    unreadable = now["quarantined"] - was["quarantined"]
    others = now["not_transfers"] - was["not_transfers"]
    # What holds a line feed is more than one record of a log that is made of lines.
    unreadable, others = min(max(unreadable, 0), tried), min(max(others, 0), tried)
    others = min(others, tried - unreadable)
    counted.held("told as unreadable", unreadable)
    counted.held("no transfer", others)
    counted.held("judged", tried - unreadable - others)


def _worse(before: Read, after: Read, attacked: Attacked) -> str:
    """In words how the untouched records of a log, or all of it, were read otherwise; empty where they were not."""
    name = attacked.name
    was, now = before.sources[name], after.sources[name]
    if (was["status"], was["format"]) != (now["status"], now["format"]):
        return f"{was['status']} as {was['format']}, then {now['status']} as {now['format']}: {now['note']}"
    if attacked.log.form == "json" and now["records"] - was["records"] != len(attacked.more):
        return f"{was['records']} records and {len(attacked.more)} more are {now['records']}"
    then = after.answers[name]
    other = [number for number, answer in before.answers[name].items() if then.get(number) != answer]
    if attacked.log.form == "lines":
        # Of a log whose records have several lines, one without its time goes on with the record before it.
        other = [number for number in other if number < was["records"]]
    first = min(other, default=0)
    return f"record {first} was {before.answers[name][first]} and is {then.get(first)}" if other else ""


def _culprit(attacked: Attacked, before: Read, folder: Path) -> str:
    """The first change without which a log is read as it was, as far as halves of them tell."""
    lowest, highest = 0, len(attacked.more)
    place = folder / "culprit"
    place.mkdir(exist_ok=True)
    while highest - lowest > 1:
        middle = (lowest + highest) // 2
        tried = Attacked(attacked.name, attacked.log, attacked.more[lowest:middle])
        _write(place / attacked.name, tried, middle - lowest)
        found = _read(place, Counted())
        (place / attacked.name).unlink()
        if found is None or _worse(before, found, tried):
            highest = middle
        else:
            lowest = middle
    return attacked.more[lowest][0]


def _write(path: Path, attacked: Attacked, most: int) -> None:
    text = attacked.log.with_more((text for _, text in attacked.more[:most]), at_least=SOUND)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


@dataclass
class Read:
    """What a scan said of some logs, by the names of the files."""

    sources: dict[str, dict[str, Any]]
    answers: dict[str, dict[int, str]]


def _read(folder: Path, counted: Counted, *, ask: bool = False) -> Read | None:
    """Scan the logs of a folder and return what was said of them; None where something raised."""
    database = folder.with_suffix(".duckdb")
    database.unlink(missing_ok=True)
    answers: dict[str, dict[int, str]] = defaultdict(dict)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            auditscan.scan(folder, db=database, as_of=AS_OF, link=False)
            with auditscan.connect(database, as_of=AS_OF, link=False) as case:
                sources = {Path(row["path"]).name: row for row in case.sql(SOURCES).to_dicts()}
                for path, number, answer in case.sql(ANSWERS).rows():
                    answers[Path(path).name][number] = answer
                for (path,) in case.sql(SUMS).rows():
                    counted.broke(f"{path}: the sums of its records do not hold")
                if ask:
                    _ask(case, counted)
        if ask:
            _report(database, counted)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
        counted.broke(f"{folder}: {type(error).__name__}: {error}")
        return None
    finally:
        database.unlink(missing_ok=True)
    return Read(sources, answers)


def _ask(case: auditscan.Session, counted: Counted) -> None:
    """Ask every rule and every report, and explain some transfers."""
    failed = case.sql("select rule, message from rule_runs where outcome = 'failed'").rows()
    for rule, message in failed:
        counted.broke(f"rule {rule} failed: {message}")
    known = {"name": "answers", "least": 0}
    ids = case.sql("select transfer_id from answers order by hash(transfer_id) limit 5").to_series()
    for query in (*LIBRARY.of("rule"), *LIBRARY.of("report")):
        needed = {name for name, one in query.params.items() if one.required}
        if needed - known.keys():
            continue
        try:
            case.query(query.name, **{name: known[name] for name in needed}).rows()
        except Exception as error:  # noqa: BLE001
            counted.broke(f"{query.name}: {type(error).__name__}: {error}")
    for one in ids:
        try:
            case.explanation(one)
        except Exception as error:  # noqa: BLE001
            counted.broke(f"explain {one!r}: {type(error).__name__}: {error}")


def _report(database: Path, counted: Counted) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run(["report", "--db", str(database), "--as-of", AS_OF, "--full", "--no-link", "--no-pager"])
    if code not in (0, 10, 11, 12, 20):
        counted.broke(f"report ended with {code}: {out.getvalue()[-500:]}")
