"""A night signs what it wrote, and nothing that it found."""

from __future__ import annotations

import pytest

from auditscan.errors import ExitCode
from auditscan.ledger.nightly import Told
from auditscan.ledger.receipts import canonical, signature
from auditscan.ledger.receipts.receipt import signed_comment
from ledger.keeping import Keeper, record
from ledger_evidence import differing, opened, sealed_anew, shelf


@pytest.fixture
def key(tmp_path):
    import minisign

    keys = minisign.KeyPair.generate()
    (tmp_path / "key").write_bytes(bytes(keys.secret_key) + b"\n")
    (tmp_path / "key.pub").write_bytes(bytes(keys.public_key) + b"\n")


@pytest.fixture
def keeper(key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    keeper.log("a.ndjson", record(1))
    return keeper


def signed(keeper) -> list[str]:
    return sorted(path.name[:6] for path in (keeper.ledger / "receipts").glob("*.minisig"))


def night(keeper, tmp_path, key: bool = True):
    path = tmp_path / "key" if key else None
    return keeper.done(Told(sign_key=path), configuration={"sign-key": path})


def test_a_chain_that_somebody_else_made_is_not_signed(begun, key, tmp_path):
    night(begun, tmp_path, key=False)
    first = night(begun, tmp_path)
    assert signed(begun) == ["000003"]
    assert first.exit_code == ExitCode.INCOMPLETE
    (said,) = first.problems
    assert said.startswith(
        "each of 2 receipts, 000001.json to 000002.json, has no signature: that is well if `sign-key` is new"
    )
    # Told once, and named by `verify` as long as it is so.
    assert night(begun, tmp_path).problems == ()
    wrong = differing(begun.ledger, public_key=tmp_path / "key.pub")
    assert wrong["signatures"].splitlines() == [f"00000{scan}.json: there is no signature" for scan in (1, 2)]


def test_a_run_that_was_killed_before_it_signed_is_told_until_somebody_signs(keeper, tmp_path):
    assert night(keeper, tmp_path).problems == ()
    for path in (keeper.ledger / "receipts").iterdir():
        path.unlink()
    for _ in range(2):
        (said,) = night(keeper, tmp_path).problems
        assert said.startswith("000001.json should be signed and has no signature: that run was stopped")
    assert signed(keeper) == ["000002", "000003"]
    path = shelf(keeper.ledger)[0]
    data = path.read_bytes()
    by_hand = signature.sign(data, tmp_path / "key", signed_comment(1, canonical.sha256(data)))
    path.with_name("000001.json.minisig").write_bytes(by_hand)
    assert night(keeper, tmp_path).problems == ()
    assert differing(keeper.ledger, public_key=tmp_path / "key.pub") == {}


def test_a_signature_that_lay_there_before_is_not_taken_for_that_of_the_night(keeper, tmp_path):
    (keeper.ledger / "receipts").mkdir(parents=True)
    (keeper.ledger / "receipts" / "000001.json.minisig").write_text("mine")
    night(keeper, tmp_path)
    assert differing(keeper.ledger, public_key=tmp_path / "key.pub") == {}


def test_a_ledger_made_anew_to_fit_is_told_by_the_published_head_alone(begun):
    begun.night()
    head = canonical.sha256(shelf(begun.ledger)[-1].read_bytes())
    with opened(begun.ledger) as connection:
        connection.execute("update logged_disclosures set elements = ['address']")
        connection.execute("update judgments set verdict = 'outside', content = 'outside'")
    sealed_anew(begun.ledger)
    assert differing(begun.ledger) == {}
    assert begun.night().complete
    assert differing(begun.ledger) == {}
    assert set(differing(begun.ledger, head=head)) == {"head"}
