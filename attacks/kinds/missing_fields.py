"""Fields of sample logs taken away or exchanged with their neighbors: no log with barred data turns clean.

A log that ends with 12 (barred data passed) or 11 (somebody has to look) may end with 20 where a field is missing, or
with another code that makes somebody look, and never with 0: that would be a barred transfer that nobody sees, because
a field was not there. Where it does, and it does not matter, `missing_fields.csv` says why. Logs are the samples of
other systems; workbooks and archives are left out, for the same formats stand there as text.
"""

from __future__ import annotations

import copy
import csv
import random
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import auditscan
from attacks.counted import Counted
from attacks.fields import form_of, header_of, json_text, read_json, read_table, table_text, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL, STEP = 1_600, 200
REASONS = Path(__file__).parents[1] / "missing_fields.csv"
AS_OF = "2026-11-22"
LOUD, CLEAN = (11, 12), 0

EXIT_CODES = """
with files as (
    select
        s.source_id,
        s.path,
        s.status not in ('read', 'empty', 'copy', 'no_log') or s.quarantined > 0 as incomplete
    from sources s
),

counted as (
    select
        r.record_key // 68719476736 as source_id,
        bool_or(v.class_now = 'enjoined') as barred,
        bool_or(v.class_now in ('review', 'unattributed')) as doubtful,
        bool_or(v.flagged) as flagged
    from records r
    left join duplicates d on r.record_key = d.record_key
    inner join (
        select record_key, verdict_now as class_now, flagged
        from answers_wide
    ) v on coalesce(d.kept_key, r.record_key) = v.record_key
    group by all
),

aside as (
    select source_id, bool_or(naming > 0 or starts_with(reason, unknown_operation(''))) as named
    from set_aside
    group by all
)

select
    f.path,
    case
        when f.incomplete then 20
        when c.barred then 12
        when c.doubtful or a.named then 11
        when c.flagged then 10
        else 0
    end as exit_code
from files f
left join counted c on f.source_id = c.source_id
left join aside a on f.source_id = a.source_id
"""

EXCUSED = {(row["log"], row["change"]) for row in csv.DictReader(REASONS.read_text(encoding="utf-8").splitlines())}


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Change `count` fields, in some logs all of them and in the last one as many as are left to do."""
    drawn = random.Random(seed)
    counted = Counted()
    logs = [log for log in sorted((auditscan.sample_logs() / "other-systems").iterdir()) if _is_text(log)]
    drawn.shuffle(logs)
    for log in logs:
        if counted.tried >= count:
            break
        held_by = drawn.choice((None, "CMS"))
        names = _write_all(log, folder / log.name, count - counted.tried, drawn)
        codes = _codes(folder / log.name, held_by)
        before = codes[names.pop("")]
        for change, name in names.items():
            code = codes[name]
            if before not in LOUD:
                counted.held("nothing to lose")
            elif code != CLEAN:
                counted.held("same answer" if code == before else "told otherwise")
            elif (log.name, change) in EXCUSED:
                counted.held("clean for a reason")
            else:
                counted.broke(f"{log.name}, held by {held_by or 'nobody named'}, {change}: {before} became {code}")
    return counted


def _is_text(log: Path) -> bool:
    return log.suffix not in (".xlsx", ".zip")


def _codes(folder: Path, held_by: str | None) -> dict[str, int]:
    """The exit code that each file of a folder would end with by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        database = folder.with_name(f"{folder.name}.duckdb")
        auditscan.scan(folder, db=database, as_of=AS_OF, held_by=held_by, link=False)
        with auditscan.connect(database, as_of=AS_OF, link=False) as case:
            rows = case.sql(EXIT_CODES).rows()
        database.unlink()
    return {Path(path).name: code for path, code in rows}


def _write_all(log: Path, folder: Path, most: int, drawn: random.Random) -> dict[str, str]:
    """Write a log as it is and changed in so many ways; return the names of the files by what was changed."""
    folder.mkdir()
    text = text_of(log)
    suffix = "".join(log.suffixes).removesuffix(".gz")
    # Some exchanges change nothing: there is no next field, or it says the same.
    changes: dict[str, str] = {}
    for change, changed in _changes(text):
        changes.setdefault(changed, change)
    (whole, unchanged), *others = ((change, changed) for changed, change in changes.items())
    drawn.shuffle(others)
    names = {}
    for place, (change, changed) in enumerate([(whole, unchanged), *others[:most]]):
        names[change] = f"{place:03}{suffix}"
        (folder / names[change]).write_text(changed, encoding="utf-8")
    return names


def _changes(text: str) -> Iterator[tuple[str, str]]:
    """A log as it is, then each change of it in words and as text."""
    yield "", text
    yield from {"json": _of_json, "table": _of_table, "lines": _of_lines}[form_of(text)](text)


def _of_table(text: str) -> Iterator[tuple[str, str]]:
    rows, delimiter = read_table(text)
    header = rows[header_of(rows)]
    for at, name in enumerate(header):
        yield f"without {name}", table_text(([*row[:at], *row[at + 1 :]] for row in rows), delimiter)
        if at + 1 < len(header):
            yield (
                f"{name} exchanged with {header[at + 1]}",
                table_text((_swapped(row, at) if row is not header else row for row in rows), delimiter),
            )


def _of_lines(text: str) -> Iterator[tuple[str, str]]:
    delimiter = "|" if text.count("|") > text.count(" ") / 2 else "\t" if "\t" in text else " "
    lines = [line.split(delimiter) for line in text.split("\n")]
    for at in range(max(map(len, lines))):
        yield (
            f"without word {at + 1}",
            "\n".join(delimiter.join([*words[:at], *words[at + 1 :]]) for words in lines),
        )
        yield (
            f"word {at + 1} exchanged with the next",
            "\n".join(delimiter.join(_swapped(words, at)) for words in lines),
        )


def _swapped(items: list[str], at: int) -> list[str]:
    if at + 1 >= len(items):
        return items
    return [*items[:at], items[at + 1], items[at], *items[at + 2 :]]


def _of_json(text: str) -> Iterator[tuple[str, str]]:
    whole, by_line = read_json(text)
    yield "as JSON", json_text(whole, by_line=by_line)
    for path in _paths(whole):
        changed = copy.deepcopy(whole)
        for holder in _holders(changed, path[:-1]):
            holder.pop(path[-1], None)
        yield f"without {'.'.join(path)}", json_text(changed, by_line=by_line)
        changed = copy.deepcopy(whole)
        for holder in _holders(changed, path[:-1]):
            keys = list(holder)
            if path[-1] in holder and keys.index(path[-1]) + 1 < len(keys):
                other = keys[keys.index(path[-1]) + 1]
                holder[path[-1]], holder[other] = holder[other], holder[path[-1]]
        yield f"{'.'.join(path)} exchanged with the next", json_text(changed, by_line=by_line)


def _paths(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of all fields, those of the items of lists alike."""
    found: dict[tuple[str, ...], None] = {}
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            for key, held in item.items():
                found[(*path, key)] = None
                found |= dict.fromkeys(_paths(held, (*path, key)))
    return list(found)


def _holders(value: object, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects that hold the field behind a path."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            if not path:
                yield item
            elif path[0] in item:
                yield from _holders(item[path[0]], path[1:])
