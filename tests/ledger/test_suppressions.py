"""Suppressions: what the file may say, which findings it hides, and what is never quiet about it."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from auditscan.errors import UsageError
from auditscan.ledger.suppression_file import SELECTORS, SuppressionsError, load
from auditscan.ledger.suppressions import apply, unsuppressed_verdicts
from auditscan.questions.summary import count
from auditscan.store import open_store
from nights import LOG_RULE, changes, night, quiet_night, write
from scans import LIBRARY

DOCUMENTED = Path(__file__).parents[2] / "docs" / "findings.md"
TODAY = date(2026, 3, 1)

SAID = """reason = "Looked at by two of us."
owner = "officer@example.org"
until = 2026-06-30
"""


@pytest.fixture
def file(tmp_path):
    """Write a file of suppressions; each text is a table, without reason, owner and until if it has none."""
    path = tmp_path / "suppressions.toml"

    def written(*tables):
        text = "".join(f"[[suppress]]\n{table}\n" + ("" if "owner" in table else SAID) for table in tables)
        path.write_text(text, encoding="utf-8")
        return path

    return written


# --- the file ------------------------------------------------------------------------------------


def test_what_a_file_says(file):
    path = file('rule = "attempt"\nstate = "CA"\nmax = 3', 'id = "one"\nfinding = "f-0123456789abcdef"')
    first, second = load(path, LIBRARY, TODAY)
    assert (first.id, first.max, first.until) == ("rule attempt, state CA", 3, date(2026, 6, 30))
    assert (first.reason, first.owner) == ("Looked at by two of us.", "officer@example.org")
    assert (second.id, second.selectors, second.origin) == ("one", {"finding": "f-0123456789abcdef"}, f"{path}:8")
    assert load(file(), LIBRARY, TODAY) == ()


def test_the_file_of_the_documentation(tmp_path):
    text = DOCUMENTED.read_text(encoding="utf-8")
    path = tmp_path / "suppressions.toml"
    path.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert [each.id for each in load(path, LIBRARY, TODAY)] == [
        "finding f-8f0c2a1b3d4e5f60",
        "failed-pushes-of-idr-02",
        "cut-off-in-march",
    ]
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert tuple(rows) == (*SELECTORS, "kind", "record")


def test_everything_wrong_is_told_at_once_by_line(file):
    path = file(
        'rule = "atempt"\nfindings = "x"',
        'finding = "f-12"\nstate = "Oregon"\nmax = 0',
        'reason = " "\nowner = "me"\nuntil = "2026-06-30"',
        'transfer = ""',
        "subject = 5\nid = true",
        'rule = "attempt"\nmax = 1',
        'rule = "attempt"\nmax = 1',
        'id = "x"\nrule = "attempt"\nfile = "*.csv"\nrecipient = "ICE"',
        'id = "x"\nrule = "parties"\nowner = "me"',
    )
    path.write_text("[all]\nowner = 5\n" + path.read_text())
    with pytest.raises(SuppressionsError) as caught:
        load(path, LIBRARY, TODAY)
    said = [(problem.line, problem.message.split(":")[0]) for problem in caught.value.problems]
    assert said == [
        (1, "unknown key `all`; the file holds tables named [[suppress]] and nothing else"),
        (4, "`rule` names 'atempt', which is no rule; did you mean attempt?"),
        (5, "unknown key `findings`; did you mean finding?"),
        (10, "`finding` must be the id of a finding"),
        (11, "`state` must be the two letters of a state, such as CA, or unknown"),
        (12, "`max` must be a whole number from 1 up"),
        (16, "it does not say which findings; give one of finding, rule, transfer, subject, file, state, recipient"),
        (17, "`reason` must be text, and not empty"),
        (19, "`until` must be a day, written as 2026-06-30 and without quotation marks"),
        (21, "`transfer` must be text, and not empty"),
        (26, "`subject` must be text, and not empty"),
        (27, "`id` must be text, and not empty"),
        (37, "the suppression on line 31 is named `rule attempt` too; it says again what line 31 says"),
        (51, "`reason` is missing"),
        (51, "`until` is missing"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ('rule = "attempt"', 1, "a whole rule, so it needs `max`"),
        ('rule = "attempt"\nfile = "*"', 1, "a whole rule, so it needs `max`"),
        ('state = "CA"', 1, "findings of every rule, so it needs `max`"),
        ('rule = "attempt"\nmax = 3\nreason = "x"\nowner = "x"\nuntil = 2027-03-02', 6, "2027-03-01 at the latest"),
        ('kind = "quarantine"\nfile = "a.csv"', 1, "all that a file may hold, so it needs `max`"),
        ('kind = "quarantine"\nrecord = 3', 1, "give `file`"),
        ('kind = "quarantine"\nfile = "a.csv"\nrule = "attempt"\nmax = 1', 4, "`rule` says nothing"),
        ('kind = "silence"\nfile = "a.csv"', 2, "`kind` must be"),
        ('rule = "attempt"\nmax = 1\nrecord = 3', 4, '`record` goes with kind = "quarantine"'),
    ],
)
def test_what_hides_whatever_comes_is_bounded(table, line, words, file):
    path = file(table)
    with pytest.raises(SuppressionsError) as caught:
        load(path, LIBRARY, TODAY)
    ((found, message),) = [(problem.line, problem.message) for problem in caught.value.problems]
    assert (found, words in message) == (line, True), message


def test_what_names_something_is_not(file):
    until = 'reason = "x"\nowner = "x"\nuntil = 2099-12-31'
    named = (
        'finding = "f-0123456789abcdef"',
        'rule = "attempt"\nfile = "b.csv"',
        'kind = "quarantine"\nfile = "a"\nrecord = 1',
    )
    assert len(load(file(*(f"{each}\n{until}" for each in named)), LIBRARY, TODAY)) == 3


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[[suppress]]\nrule = 'attempt'\nrule = 'parties'\n", 3, "given twice"),
        ("[[suppress]]\nrule = attempt\n", 2, "not TOML"),
        ("suppress = 'attempt'\n", 1, "[[suppress]]"),
        (b"# \xff\n", 1, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_as_one(text, line, word, tmp_path):
    path = tmp_path / "suppressions.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SuppressionsError) as caught:
        load(path, LIBRARY, TODAY)
    assert [problem.line for problem in caught.value.problems] == [line]
    assert word in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="no such file of suppressions"):
        load(tmp_path / "no.toml", LIBRARY, TODAY)


# --- what it hides -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A ledger of one scan: plaintiff states in two files, one id with two contents, one record twice."""
    folder = tmp_path_factory.mktemp("kept")
    logs = [
        write(
            folder / "logs" / "a.ndjson",
            {"transfer_id": "T-1", "states": ["OR"]},
            {"transfer_id": "T-2", "states": ["CA"]},
            {"transfer_id": "T-3", "states": ["CA", "OR"], "recipient": "USCIS"},
            {"transfer_id": "T-4", "states": ["OR"]},
            {"transfer_id": "T-5"},
        ),
        write(
            folder / "logs" / "b.ndjson",
            {"transfer_id": "T-1", "states": ["OR"]},
            {"transfer_id": "T-4", "states": ["CA"]},
            {"transfer_id": "T-6", "states": ["OR"], "recipient": "CBP", "sender": "USCIS"},
        ),
    ]
    path = folder / "ledger.duckdb"
    with open_store(path, LIBRARY, threads=2) as store:
        night(store, logs, silences=["system x", "system y"])
    return path


@pytest.fixture(scope="module")
def opened(kept):
    with open_store(kept, LIBRARY, threads=2) as store:
        yield store


@pytest.fixture
def store(opened):
    """The ledger, as it was before the test when the test is over."""
    opened.rows("begin transaction")
    yield opened
    opened.rows("rollback")


def hidden(store):
    rows = store.rows("select rule, coalesce(transfer_id, subject) from suppressed_findings where until_scan is null")
    return {f"{rule} {about}" for rule, about in rows if rule in ("plaintiff_state", "parties", LOG_RULE)}


@pytest.mark.parametrize(
    ("selectors", "transfers"),
    [
        ('rule = "plaintiff_state"\nmax = 4', "T-1 T-2 T-3 T-4"),
        ('rule = "plaintiff_state"\nstate = "CA"', "T-2 T-3"),
        ('rule = "plaintiff_state"\nstate = "OR"\nrecipient = "ICE"', "T-1"),
        ('rule = "plaintiff_state"\nfile = "b.ndjson"', "T-1"),
        ('rule = "plaintiff_state"\nfile = "*/logs/?.nd*"', "T-1 T-2 T-3 T-4"),
        ('transfer = "T-4"', "T-4"),
        ('transfer = "T-3"\nrule = "plaintiff_state"\nstate = "OR"', "T-3"),
        ('finding = "f-df4171c15c8b21e0"', "T-2"),
        ('finding = "f-df4171c15c8b21e0"\nstate = "CA"', "T-2"),
    ],
)
def test_which_findings_a_suppression_hides(selectors, transfers, store, file):
    assert apply(store, load(file(selectors), LIBRARY, TODAY), 1, TODAY) == []
    assert hidden(store) == {f"plaintiff_state {transfer}" for transfer in transfers.split()}


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ('rule = "parties"\nmax = 1', {"parties T-6"}),
        ('subject = "system y"', {f"{LOG_RULE} system y"}),
        ('finding = "f-5557caf9e8b4fb83"', {f"{LOG_RULE} system x"}),
        ('subject = "system y"\nstate = "CA"', None),
        ('transfer = "T-1"\nstate = "CA"', None),
        ('finding = "f-df4171c15c8b21e0"\ntransfer = "T-1"', None),
        ('finding = "f-0000000000000000"', None),
        ('rule = "plaintiff_state"\nfile = "c.ndjson"', None),
    ],
)
def test_what_else_it_hides_or_does_not(selectors, expected, store, file):
    problems = apply(store, load(file(selectors), LIBRARY, TODAY), 1, TODAY)
    assert hidden(store) == (expected or set())
    assert [("meets no finding" in problem, "suppressions.toml:1" in problem) for problem in problems] == (
        [] if expected else [(True, True)]
    )


def test_too_many_or_too_late_hides_nothing_and_is_told(store, file):
    old = 'rule = "parties"\nmax = 1\nreason = "x"\nowner = "old@example.org"\nuntil = 2026-02-28'
    path = file('rule = "plaintiff_state"\nmax = 3', old, 'subject = "system x"\nmax = 1')
    problems = apply(store, load(path, LIBRARY, TODAY), 1, TODAY)
    assert hidden(store) == {f"{LOG_RULE} system x"}
    assert [problem.removeprefix(str(path)) for problem in problems] == [
        (
            ":1: the suppression `rule plaintiff_state` of officer@example.org meets 4 findings and may meet 3, so it "
            "hides none of them: look at the new ones, then narrow it or raise its max"
        ),
        (
            ":7: the suppression `rule parties` of old@example.org ended on 2026-02-28 and hides nothing any more: "
            "look at what it hid, then give it a later day or take it out"
        ),
    ]
    assert apply(store, load(path, LIBRARY, TODAY), 1, date(2026, 2, 28))[1:] == []
    assert "parties T-6" in hidden(store)


def test_what_is_hidden_from_which_scan_to_which(store, file):
    rule = 'rule = "plaintiff_state"\nstate = "CA"'
    assert apply(store, (), 1, TODAY) == []
    for number in (2, 3, 4):
        assert quiet_night(store) == number
        path = file(*(['subject = "system x"', rule] if number == 3 else [rule]))
        assert apply(store, load(path, LIBRARY, TODAY), number, TODAY) == []
    quiet_night(store)
    assert apply(store, (), 5, TODAY) == []
    spans = "select suppression_id, first_scan, until_scan from suppression_spans order by all"
    assert store.rows(spans) == [("rule plaintiff_state, state CA", 2, 5), ("subject system x", 3, 4)]
    told = lambda before, after: {  # noqa: E731
        (row["transfer_id"] or row["subject"], row["change"], row["cause"], row["suppression_id"])
        for row in changes(store, before, after)
    }
    asked = "rule plaintiff_state, state CA"
    sql = DOCUMENTED.read_text(encoding="utf-8").rpartition("```sql\n")[2].partition("```")[0]
    assert [row[:1] + row[3:] for row in store.rows(sql) if row[2] == LOG_RULE] == [
        ("officer@example.org", "system x", 3, 4)
    ]
    assert told(1, 2) == {(id_, "newly suppressed", "suppressed", asked) for id_ in ("T-2", "T-3")}
    assert told(2, 3) == {("system x", "newly suppressed", "suppressed", "subject system x")}
    assert told(3, 4) == {("system x", "changed", "suppression ended", "subject system x")}
    assert told(1, 5) == set()


def test_what_comes_suppressed_is_not_new(kept, file, tmp_path):
    path = file('rule = "plaintiff_state"\nstate = "CA"')
    copy = shutil.copyfile(kept, tmp_path / "copy.duckdb")
    with open_store(copy, LIBRARY, threads=2) as store:
        apply(store, load(path, LIBRARY, TODAY), 1, TODAY)
        log = write(tmp_path / "logs" / "c.ndjson", {"transfer_id": "T-7", "states": ["CA"]})
        night(store, [log], silences=["system x", "system y"])
        apply(store, load(path, LIBRARY, TODAY), 2, TODAY)
        found = {
            (row["rule"], row["change"], row["cause"]) for row in changes(store, 1, 2) if row["transfer_id"] == "T-7"
        }
        assert ("plaintiff_state", "newly suppressed", "new log") in found
        assert {change for rule, change, _ in found if rule != "plaintiff_state"} == {"new"}
        counts = {row["rule"]: row for row in store.table("finding_change_counts")}
        assert (counts["plaintiff_state"]["new"], counts["plaintiff_state"]["newly_suppressed"]) == (0, 1)
        assert counts["after_agreement_end"]["new"] == 1
        assert counts["after_agreement_end"]["examples"] == ["T-7"]
        open_now = {row["rule"]: (row["open"], row["suppressed"]) for row in store.table("open_findings")}
        # T-4 stands twice: its two versions are two transfers.
        assert open_now["plaintiff_state"] == (3, 3)


def test_counts_of_a_first_scan_need_no_records(store, file):
    apply(store, load(file('rule = "plaintiff_state"\nstate = "CA"', 'transfer = "T-4"'), LIBRARY, TODAY), 1, TODAY)
    store.rows("delete from records")
    counts = {row["rule"]: row for row in store.table("first_finding_counts", scan_after=1)}
    assert (counts["plaintiff_state"]["new"], counts["plaintiff_state"]["newly_suppressed"]) == (1, 3)
    assert counts["conflicting_id"]["newly_suppressed"] == 1
    assert counts[LOG_RULE]["examples"] == ["system x: nothing for 9 days", "system y: nothing for 9 days"]
    hidden = {"conflicting_id": 2, "plaintiff_state": 4, "after_agreement_end": 2, "claimed_population": 2}
    assert {row["rule"]: (row["open"], row["suppressed"]) for row in store.table("open_findings")} == {
        rule: (row["new"], hidden.get(rule, 0)) for rule, row in counts.items()
    }


@pytest.mark.parametrize(
    "asked",
    [
        ('transfer = "T-4"', 'rule = "plaintiff_state"\nstate = "CA"'),
        ('rule = "after_agreement_end"\nmax = 99',),
        ('rule = "plaintiff_state"\nmax = 99',),
    ],
)
def test_a_transfer_is_quiet_when_all_there_is_to_act_on_is_suppressed(asked, store, file):
    whole = count(store.table("summary_verdicts"))
    assert count(unsuppressed_verdicts(store)) == whole
    apply(store, load(file(*asked), LIBRARY, TODAY), 1, TODAY)
    hidden_now = set(store.rows("select rule, transfer_id from suppressed_findings"))
    to_act_on = defaultdict(set)
    for rule, transfer_id, severity in store.rows("select rule, transfer_id, severity from findings"):
        if severity != "note":
            to_act_on[transfer_id].add((rule, transfer_id))
    left = Counter(
        tuple(row)
        for transfer_id, *row in store.rows(
            "select transfer_id, counted_as(verdict_now, attempt), counted_as(verdict_then, attempt) from answers"
        )
        if not to_act_on[transfer_id] or to_act_on[transfer_id] - hidden_now
    )
    found = count(unsuppressed_verdicts(store))
    for place, classes in enumerate((found.now, found.then)):
        counted = Counter()
        for row, transfers in left.items():
            counted[row[place]] += transfers
        assert {name: number for name, number in classes.items() if number} == dict(counted)
    assert found.transfers == sum(left.values())
    assert (found.transfers < whole.transfers) == (not asked[0].startswith('rule = "plaintiff_state"'))
