"""A small run of the attack with odd lines of JSON, and what it found once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from attacks.kinds.fast_and_careful import attack
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path


def test_odd_lines(tmp_path: Path) -> None:
    counted = attack(500, 7, tmp_path)
    assert counted.findings == []
    assert counted.tried == 500 + 4  # each of two files begins with two sound lines


def read(folder: Path, files: dict[str, str]) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """Transfers, what could not be read and where, and the files of a scan."""
    for name, text in files.items():
        (folder / name).write_text(text)
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [folder], POLICY, date(2026, 3, 1))
        return (
            store.rows("select transfer_id, elements from answers order by all"),
            store.rows(
                "select source_record, reason, path from quarantine inner join sources using (source_id) order by all"
            ),
            store.rows("select status, records, quarantined from sources order by path"),
        )


LINE = '{"transfer_id":"%s","occurred_at":"2026-01-05","sender":"CMS","recipient":"ICE","elements":["ssn"]%s}\n'


WORDS = ["NaN", "nan", "inf", "Infinity", "-Infinity", "iNf", "1e400"]


@pytest.fixture(scope="module")
def bare_words(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """What comes of files whose first line has a bare word as its id, and the second a comma too many."""
    files = {
        f"{place}-{number}.ndjson": (LINE % (word, "")).replace(f'"{word}"', word)
        + LINE % (f"T-{place}-{number}", "," + " " * number)
        for place, word in enumerate(WORDS)
        for number in range(1, 4)
    }
    return read(tmp_path_factory.mktemp("words"), files)


@pytest.mark.parametrize("word", WORDS)
def test_no_line_makes_another_one_good(bare_words, word):
    transfers, bad, _ = bare_words
    assert not any(name.startswith("T-") for name, _ in transfers)
    for number in range(1, 4):
        places = [place for place, _, path in bad if path.endswith(f"/{WORDS.index(word)}-{number}.ndjson")]
        assert places == ([2] if word == "1e400" else [1, 2])


CALL = (
    '{"eventVersion":"1.08","userIdentity":{"arn":"arn:aws:sts::1:assumed-role/ICE/u"},'
    '"eventTime":"2026-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject",'
    '"requestParameters":{"bucketName":"cms","key":"medicaid/CA/ssn.csv"},"eventID":"%s"%s}\n'
)


def test_records_of_another_system_are_strict_json_too(tmp_path):
    odd = [",", ',"x":NaN', ',"x":[1 , ]', ',"x":{"y":-inf}', ',"x":"a,}, NaN]"']
    transfers, bad, _ = read(tmp_path, {"a.ndjson": "".join(CALL % (f"e{n}", end) for n, end in enumerate(["", *odd]))})
    assert [name for name, _ in transfers] == ["e0", "e5"]
    assert [place for place, *_ in bad] == [2, 3, 4, 5]


def test_a_contained_record_with_a_key_given_twice_takes_none_of_the_others_fields(tmp_path):
    import json

    calls = [CALL % ("e1", ""), CALL % ("e2", ',"eventName":"PutObject"'), CALL % ("e3", "")]
    lines = "".join(json.dumps({"timestamp": "2026-01-01T00:00:00Z", "message": call}) + "\n" for call in calls)
    transfers, bad, _ = read(tmp_path, {"a.ndjson": lines})
    assert [name for name, _ in transfers] == ["e1", "e3"]
    assert [said[:2] for said in bad] == [(2, 'the field "eventName" is given twice with different values')]


def test_half_a_pair_in_a_field_that_nobody_reads_ends_no_file(tmp_path):
    nameless = '{"occurred_at":"2026-01-05","sender":"CMS","note":"\\ud800"}\n'
    transfers, bad, files = read(
        tmp_path, {"a.ndjson": nameless + nameless.replace("d800", "d801") + LINE % ("T-1", "")}
    )
    assert len(transfers) == 3  # Two ids made of all that the records say.
    assert (bad, files) == ([], [("read", 3, 0)])


@pytest.mark.parametrize("order", [("a.csv", "b.ndjson"), ("b.csv", "a.ndjson")])
def test_a_list_of_json_in_a_cell_is_one_word_whatever_was_read_before(tmp_path, order):
    table = 'transfer_id,occurred_at,elements\nC-1,2026-01-05,"[""ssn"",""name""]"\n'
    record = '{"transfer_id":"J-1","occurred_at":"2026-01-05","elements":["ssn","name"]}\n'
    transfers, _, _ = read(tmp_path, dict(zip(order, (table, record), strict=True)))
    assert transfers == [("C-1", ['["ssn","name"]']), ("J-1", ["name", "ssn"])]
