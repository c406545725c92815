"""How a ledger becomes quiet: by being mended, by its owner's word, and never without a message."""

from __future__ import annotations

import gzip

import pytest

from auditscan.ledger.telling.message import compose
from auditscan.policy import load
from auditscan.questions.summary import CLASSES
from auditscan.store import open_store
from ledger.keeping import Keeper, lines, record
from ledger_evidence import sealed_anew
from scans import LIBRARY

BROKEN = lines(record(3), "{broken", "{broken too")
OTHERWISE = """
[[regimes]]
id = "R2"
[regimes.categories]
address = "review"
"""
SAID = 'reason = "Known."\nowner = "officer@example.org"\nuntil = 2026-06-30\n'


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    keeper.log("a.ndjson", record(1), record(2))
    return keeper


def says(night):
    return [each.says for each in night.adjustments]


def add_up(night):
    """Every class is there, and whatever is summed up is all there is."""
    transfers = night.totals["transfers"]
    for counts, total in (
        (night.verdicts_now, transfers),
        (night.verdicts_then, transfers),
        (night.new_verdicts_now, night.new_transfers),
    ):
        assert tuple(counts) == CLASSES
        assert sum(counts.values()) == total
    return True


def test_what_was_mended_is_told_once_and_a_known_damage_can_be_suppressed(keeper, tmp_path):
    (keeper.logs / "broken.ndjson").write_text(BROKEN)
    first = keeper.night()
    assert (first.exit_code, first.quarantine) == (20, {"open": 2, "suppressed": 0, "gone": 0})
    file = tmp_path / "suppressions.toml"
    asked = f'[[suppress]]\nkind = "quarantine"\nfile = "broken.ndjson"\nrecord = %d\n{SAID}'
    file.write_text(asked % 2 + asked % 3)
    known = keeper.night(suppressions=file)
    assert known.complete
    assert known.quarantine == {"open": 0, "suppressed": 2, "gone": 0}
    (said,) = says(known)
    assert said == (
        "2 suppressions are new, hiding 2 unreadable records: kind quarantine, file broken.ndjson, record 2 and "
        "kind quarantine, file broken.ndjson, record 3"
    )
    (keeper.logs / "broken.ndjson").write_text(lines(record(3), record(4), record(5)))
    stale = keeper.night(suppressions=file)
    assert stale.exit_code == 20
    assert all("meets no record in quarantine" in sentence for sentence in stale.incomplete_because)
    assert stale.quarantine == {"open": 0, "suppressed": 0, "gone": 2}
    (gone,) = stale.quarantine_gone
    assert gone == (
        f"{keeper.logs.resolve()}/broken.ndjson: what held 2 records that could not be read was replaced on 4 March "
        "2099; counted apart from now on"
    )
    after = keeper.night()
    assert (after.complete, after.quarantine_gone, after.quarantine["gone"]) == (True, (), 2)
    assert says(after)[0].startswith("2 suppressions ended, no longer hiding")
    assert not keeper.night().matters
    assert keeper.rows("select distinct state from quarantine_states") == [("gone",)]


def test_a_milder_policy_and_a_blanket_suppression_are_told(keeper, tmp_path):
    keeper.log("c.ndjson", record(9, outcome="failure"))
    zone = {"source-zone": "UTC", "logs": ["logs"]}
    assert add_up(keeper.night(configuration=zone))
    quiet = keeper.night(configuration=zone)
    assert not quiet.matters
    assert quiet.verdicts_now["attempt"] == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "regimes.toml").write_text(OTHERWISE)
    stricter = load([tmp_path / "mine"])
    night = keeper.night(policy=stricter, configuration=zone)
    assert says(night)[0].startswith("The policy changed: 0 verdicts milder, 3 worse")
    loosened = keeper.night(configuration=zone | {"source-zone": "America/New_York"})
    policy, zone = says(loosened)
    assert zone == (
        "The setting source-zone changed from UTC to America/New_York; logs that were read before keep what they were "
        "read with"
    )
    assert policy.startswith("The policy changed: 3 verdicts milder, 0 worse")
    assert loosened.worse_because == ()
    assert loosened.matters
    assert "policy and settings changed" in compose(loosened).title
    file = tmp_path / "suppressions.toml"
    file.write_text(f'[[suppress]]\nrule = "plaintiff_state"\nmax = 9\n{SAID}')
    hiding = keeper.night(suppressions=file)
    assert says(hiding) == ["1 suppression is new, hiding 3 findings: rule plaintiff_state"]
    assert hiding.matters


def test_other_queries_tell_which_verdicts_they_moved(begun):
    with open_store(begun.setup.database, LIBRARY) as store:
        store.rows("update settings set auditscan_version = 'older'")
        # As an older version might have judged.
        store.rows("update judgments set verdict = 'enjoined'")
    sealed_anew(begun.ledger)
    night = begun.night()
    (said,) = says(night)
    assert said == (
        "The version of auditscan changed: 2 verdicts milder, 0 worse now; as judged when they happened, 2 verdicts "
        "milder, 0 worse"
    )
    assert night.moves[0].because == ("this is another version of auditscan",)


def test_a_log_that_was_packed_and_moved_has_not_vanished(begun):
    path = begun.logs / "a.ndjson"
    (begun.logs / "other.ndjson.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    night = begun.night()
    assert {file.change for file in night.files} == {"new", "packed"}
    assert (night.worse_because, night.matters) == ((), False)
    begun.logs = begun.logs.rename("moved")
    later = begun.night(logs=(begun.logs,))
    assert {file.change for file in later.files} == {"renamed"}
    assert begun.rows("select * from source_findings where rule = 'vanished_source'") == []


def test_two_versions_of_a_transfer_are_said_to_be_so(begun):
    begun.log("a.ndjson", record(1), record(2, elements=["ssn"]))
    night = begun.night()
    assert add_up(night)
    assert night.in_versions == 1
    assert "3 transfers, 1 of them in two versions" in " ".join(compose(night).body.split())
    ((evidence,),) = begun.rows("select evidence from source_findings where rule = 'changed_evidence'")
    assert evidence.startswith("1 changed (T-2); scan 2 found it")
    spans = "select rule, evidence, first_scan, until_scan from finding_spans where reads = 'sources'"
    assert begun.rows(spans) == [("changed_evidence", evidence, 2, None)]


def test_a_dry_run_leaves_nothing_behind(keeper):
    assert keeper.done(dry_run=True).night.new_transfers == 2
    assert not keeper.ledger.exists()
