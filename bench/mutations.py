"""Take each field of each sample log away, or exchange it with its neighbor, and see that no answer turns clean.

    python -m bench.mutations [--folder DIR] [LOG ...]

A log that ends with 12 (barred data passed) or 11 (somebody has to look) may end with 20 where a field is missing, or
with another code that makes somebody look, and never with 0: that would be a barred transfer that nobody sees, because
a field was not there. Where it does, and it does not matter, `mutations.csv` says why. Logs are the samples of other
systems; workbooks and archives are left out, for the same formats stand there as text.
"""

from __future__ import annotations

import argparse
import codecs
import copy
import csv
import gzip
import io
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditscan.api.doors import sample_logs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REASONS = Path(__file__).with_suffix(".csv")
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


def main() -> int:
    """Run the check and print what turned clean; the exit code says whether anything did for no reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where to write the changed logs; a temporary one otherwise")
    parser.add_argument("logs", nargs="*", help="names of sample logs; all of other systems where none is given")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="auditscan-mutations-"))
    excused = {(row["log"], row["change"]) for row in csv.DictReader(REASONS.open(encoding="utf-8", newline=""))}
    found = 0
    tried = 0
    for log in sorted((sample_logs() / "other-systems").iterdir()):
        if (asked.logs and log.name not in asked.logs) or log.suffix in (".xlsx", ".zip"):
            continue
        names = _write_all(log, folder / log.name)
        for held_by in (None, "CMS"):
            codes = _codes(folder / log.name, held_by)
            before = codes[names[""]]
            if before not in LOUD:
                continue
            tried += len(names) - 1
            clean = [change for change, name in names.items() if codes[name] == CLEAN]
            bad = [change for change in clean if (log.name, change) not in excused]
            found += len(bad)
            holder = f" --held-by {held_by}" if held_by else ""
            print(f"{log.name}{holder}: {len(names) - 1} changes, {len(clean)} clean, {len(bad)} for no reason")
            for change in bad:
                print(f"  {change}: {folder / log.name / names[change]}")
    print(f"{tried:,} changed logs read, {found:,} turned clean")
    if not asked.folder and not found:
        shutil.rmtree(folder)
    return 1 if found else 0


def _codes(folder: Path, held_by: str | None) -> dict[str, int]:
    """The exit code that each file of a folder would end with by itself."""
    import warnings

    import auditscan

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        database = folder.with_name(f"{folder.name}.duckdb")
        database.unlink(missing_ok=True)
        auditscan.scan(folder, db=database, as_of=AS_OF, held_by=held_by, link=False)
        with auditscan.connect(database, as_of=AS_OF, link=False) as case:
            rows = case.sql(EXIT_CODES).rows()
        database.unlink()
    return {Path(path).name: code for path, code in rows}


def _write_all(log: Path, folder: Path) -> dict[str, str]:
    """Write a log as it is and changed in every way; return the names of the files by what was changed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    raw = log.read_bytes()
    if log.suffix == ".gz":
        raw = gzip.decompress(raw)
    text = raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    names = {}
    suffix = "".join(log.suffixes).removesuffix(".gz")
    seen: set[str] = set()
    for place, (change, changed) in enumerate(_changes(text)):
        # Some exchanges change nothing: there is no next field, or it says the same.
        if changed in seen:
            continue
        seen.add(changed)
        name = f"{place:03}{suffix}"
        (folder / name).write_text(changed, encoding="utf-8")
        names[change] = name
    return names


def _changes(text: str) -> Iterator[tuple[str, str]]:
    """A log as it is, then each change of it in words and as text; a change that changes nothing is left out."""
    yield "", text
    if text.lstrip()[:1] in "{[":
        changes = _of_json(text)
    elif re.match(r"[^ ,\t]+[,\t]", text):
        changes = _of_table(text)
    else:
        changes = _of_lines(text)
    yield from changes


def _of_table(text: str) -> Iterator[tuple[str, str]]:
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = next(row for row in rows if len(row) > 2)
    for at, name in enumerate(header):
        yield f"without {name}", _table(([*row[:at], *row[at + 1 :]] for row in rows), delimiter)
        if at + 1 < len(header):
            yield (
                f"{name} exchanged with {header[at + 1]}",
                _table((_swapped(row, at) if row is not header else row for row in rows), delimiter),
            )


def _table(rows: Iterable[list[str]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


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
    try:
        whole = [json.loads(text)]
        lines = False
    except ValueError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
        lines = True

    def written(items: list[Any]) -> str:
        return "\n".join(json.dumps(item) for item in items) + "\n" if lines else json.dumps(items[0], indent=1)

    yield "as JSON", written(whole)
    for path in _paths(whole):
        changed = copy.deepcopy(whole)
        for holder in _holders(changed, path[:-1]):
            holder.pop(path[-1], None)
        yield f"without {'.'.join(path)}", written(changed)
        changed = copy.deepcopy(whole)
        for holder in _holders(changed, path[:-1]):
            keys = list(holder)
            if path[-1] in holder and keys.index(path[-1]) + 1 < len(keys):
                other = keys[keys.index(path[-1]) + 1]
                holder[path[-1]], holder[other] = holder[other], holder[path[-1]]
        yield f"{'.'.join(path)} exchanged with the next", written(changed)


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


if __name__ == "__main__":
    sys.exit(main())
