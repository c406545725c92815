"""The whole scan again, from the logs: the same answers, byte by byte, or the transfers that differ.

Every log is read whole, as if for the first time: a file that grew from night to night too. Its records then take
the keys that the ledger gave them, so that whatever depends on their order comes out alike.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditscan.disk.private import private_folder
from auditscan.ingest import Reads, load_file, write_waiting
from auditscan.ledger.receipts.chain import Check
from auditscan.ledger.receipts.logs_at_hand import at_hand_in_turn, contents, find_contents
from auditscan.questions.answers import AnswerFile, hash_answers
from auditscan.scanning import sources
from auditscan.scanning.judging import is_linked, judge_words
from auditscan.scanning.rules import judge
from auditscan.store import KEYS_A_SOURCE, open_store, prepare
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.ledger.receipts.chain import Link
    from auditscan.ledger.receipts.verify import Request
    from auditscan.store import Store

NAMED = 20
"""Transfers that are named one by one where answers differ."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of `sources`: a file, or what it had more than the part before."""

    source_id: int
    path: str
    content: tuple[int, str]
    zone: str
    reads: Reads
    lines_before: int


def replayed(request: Request, store: Store, links: Sequence[Link]) -> Check:
    """Scan every log again into a temporary database and compare its answers with the ledger's."""
    refused = _refused(request, links)
    if refused:
        return Check("replay", "unchecked", "the logs cannot be judged again as they were", tuple(refused))
    files = _files(store)
    at_hand = find_contents(contents(links), request.logs).places
    missing = [file[-1].path for file in files if file[-1].content not in at_hand]
    if missing:
        return Check("replay", "unchecked", "logs that were read are not at hand", tuple(missing))
    as_of, since = store.rows("select as_of, since from settings")[0]
    with open_store(None, request.library, threads=request.threads) as again:
        changed = prepare(again, request.policy, as_of, since)
        again.run("begin")
        wanted: dict[tuple[int, str], list[list[_Part]]] = {}
        for file in files:
            wanted.setdefault(file[-1].content, []).append(file)
        for content, path in at_hand_in_turn({content: at_hand[content] for content in wanted}):
            for file in wanted[content]:
                _load(again, path, file)
        again.set(first_new_key=None)
        for step in ("repeats", "settle"):
            again.run(step)
        judge_words(again, link=is_linked(store))
        judge(again, anew=True, new_views=changed.queries)
        return _compared(store, again, len(files))


def _refused(request: Request, links: Sequence[Link]) -> list[str]:
    """Say why the last receipt cannot be replayed here; its answers came from these versions and rules."""
    if not links:
        return ["there is no receipt"]
    named = links[-1].receipt.get("environment") or {}
    here = {
        "auditscan": __version__,
        "queries_sha256": request.library.judging_sha256,
        "policy_sha256": request.policy.sha256,
    }
    said = {"auditscan": "auditscan is another version", "queries_sha256": "the query files are others",
            "policy_sha256": "the policy is another"}  # fmt: skip
    return [
        f"{said[name]}: {str(named.get(name))[:12]} by the receipt, {value[:12]} here"
        for name, value in here.items()
        if named.get(name) != value
    ]


def _files(store: Store) -> list[list[_Part]]:
    """Return the files that were read, each with the parts it was read in, the last of which has it whole."""
    rows = store.rows(
        "select source_id, path, bytes, sha256, zone, tail_of, lines_before, read_as from sources "
        "where status in ('read', 'damaged') and sha256 is not null order by source_id"
    )
    files: dict[int, list[_Part]] = {}
    for source_id, path, size, sha256, zone, tail_of, before, read_as in rows:
        part = _Part(source_id, path, (size, sha256), zone, Reads.of(read_as), before or 0)
        # A part goes on from the file that ends with the one it names, unless another went on from there before.
        files[source_id] = [*files.pop(tail_of, []), part] if tail_of is not None else [part]
    return list(files.values())


def _load(again: Store, path: Path, file: Sequence[_Part]) -> None:
    """Read a file whole, and give its records the keys of the parts in which the ledger read it."""
    last = file[-1]
    report = load_file(again, path, last.path, last.source_id, last.zone, reads=last.reads)
    write_waiting(again, {last.source_id: report}, last.zone)
    for part, after in itertools.pairwise(file):
        again.connection.execute(
            "update records set record_key = $1 + record_key % $4 "
            "where record_key // $4 = $2 and record_key % $4 <= $3 and record_key % $4 > $5",
            [part.source_id * KEYS_A_SOURCE, last.source_id, after.lines_before, KEYS_A_SOURCE, part.lines_before],
        )
    if file[0].lines_before:
        # It goes on from a file that also went on otherwise, and that brings what stands before.
        again.connection.execute(
            "delete from records where record_key // $1 = $2 and record_key % $1 <= $3",
            [KEYS_A_SOURCE, file[0].source_id, file[0].lines_before],
        )
    for part in file:
        report.path = part.path
        sources.write(again, [(part.source_id, report, "")], part.zone)


def _compared(store: Store, again: Store, files: int) -> Check:
    """Hold the answers of both against each other."""
    sha256, count = hash_answers(store)
    if (sha256, count) == hash_answers(again):
        return Check("replay", "holds", f"{files:,} logs scanned again: the same {count:,} answers, byte by byte")
    with private_folder(again.work) as folder:
        kept, made = folder / "kept.ndjson", folder / "again.ndjson"
        for path, side in ((kept, store), (made, again)):
            with AnswerFile(path) as file:
                file.write(side)
        rows = again.table("replay_differences", answers_kept=str(kept), answers_again=str(made), most=NAMED)
    if not rows:
        return Check("replay", "holds", f"{files:,} logs scanned again: the same {count:,} answers, in another order")
    named = [_difference(row) for row in rows]
    if rows[0]["total"] > len(rows):
        named.append(f"and {rows[0]['total'] - len(rows):,} more")
    return Check("replay", "differs", f"{rows[0]['total']:,} answers come out otherwise", tuple(named))


def _difference(row: dict[str, Any]) -> str:
    """Say in one line how an answer differs."""
    place = f"{row['transfer_id']} ({row['source_file']}, {row['place']})"
    if row["again"] is None:
        return f"{place} is in the ledger, and not in the logs"
    if row["kept"] is None:
        return f"{place} is in the logs, and not in the ledger"
    kept, again = json.loads(row["kept"]), json.loads(row["again"])
    other = [
        f"{name} {kept.get(name)!s} in the ledger, {again.get(name)!s} from the logs"
        for name in kept.keys() | again.keys()
        if kept.get(name) != again.get(name)
    ]
    return f"{place}: {'; '.join(sorted(other))}"
