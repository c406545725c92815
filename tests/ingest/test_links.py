"""One transfer, many traces: what is counted once, what is not, and what is only shown."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run
from auditscan.ingest import Reads
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from ingest.linking import SIZE, Logs
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditscan.store import Store

AS_OF = date(2026, 3, 1)
TABLE = "IDRC_PRD.TMSIS.TMSIS_ELGBLTY"


def story() -> Logs:
    """Extracts that stand in several logs, each under a name of its own."""
    logs = Logs()
    logs.unload("chain.csv")
    logs.access("unload-chain.csv-0", TABLE, "SSN_NUM SUBMTG_STATE_CD")
    logs.query("get-chain", "get @IDRC_PRD.XTR.OUT/chain.csv file:///tmp/", 1)
    logs.push("chain.csv", 2)
    logs.download("chain.csv", 30)
    logs.object("chain.csv", 40)
    logs.fetched("chain.csv", 41)
    logs.push("chain.csv", 3, PNOD="DHS.ICE", to="PALANTIR")

    logs.query("star", f"select * exclude (ssn_num) from {TABLE} where submtg_state_cd = '41'")
    logs.access("star", TABLE, "SSN_NUM BIRTH_DT SUBMTG_STATE_CD")
    logs.query("cut", "select a.ssn_num, (select birth_dt from tmsis_elgblty where submtg_state_cd = '06'")
    logs.access("CUT", TABLE, "SSN_NUM SUBMTG_STATE_CD")

    logs.query("count", f"select submtg_state_cd, count(*) from {TABLE} group by 1")
    logs.access("count", TABLE, "SUBMTG_STATE_CD")
    logs.query("all", f"select count(*) from {TABLE}")
    logs.access("all", TABLE, "SSN_NUM BIRTH_DT")

    logs.unload("two.csv")
    logs.download("two.csv", 2)
    logs.download("two.csv", 3)
    logs.push("two.csv", 4)

    logs.unload("size.csv", size=7)
    logs.download("size.csv", 2, 8)
    logs.unload("day.csv")
    logs.download("day.csv", 5 * 24)
    logs.unload("party.csv")
    logs.push("party.csv", 2, to="USCIS")

    logs.unload("retry.csv")
    logs.push("retry.csv", 1, 0, CCOD=8)
    logs.push("retry.csv", 2)
    logs.unload("packed.csv", size=100)
    logs.download("packed.csv.gz", 2, 30)

    logs.unload("bridge.csv", size=None)
    logs.push("bridge.csv", 1, 1)
    logs.download("bridge.csv", 2, 2)

    logs.download("roster.csv", 1, 54321)
    logs.download("finder_matches.csv", 1, 77)
    logs.lines(
        "vsftpd.log",
        """
        Fri Jan  9 10:00:00 2026 [pid 3] [partner_b] OK DOWNLOAD: Client "203.0.113.7", "/third/roster.csv", 54321 bytes
        Wed Jan  7 20:00:02 2026 [pid 3] [icepull] OK DOWNLOAD: Client "198.51.100.20", "/finder matches.csv", 77 bytes
        """,
    )
    logs.lines(
        "iis.log",
        """
        #Fields: date time c-ip cs-username cs-method cs-uri-stem sc-status sc-bytes
        2026-01-07 20:00:01 198.51.100.20 DHS\\icepull RETR /out/finder+matches.csv 226 77
        2026-01-08 20:00:01 192.0.2.9 partner_a RETR /out/list.csv 226 -
        2026-01-08 20:00:01 192.0.2.9 partner_a RETR /out/caf%C3%A9.csv 226 9
        """,
    )
    logs.lines(
        "sessions.ndjson",
        """
        {"time":1767816000,"message":{"activity-type":"CONNECTED","user":"icepull","session-id":"s"}}
        {"time":1767816001,"message":{"activity-type":"ERROR","operation":"OPEN","path":"/anew.csv","session-id":"s"}}
        {"time":1767816002,"message":{"activity-type":"OPEN","mode":"READ","path":"/anew.csv","session-id":"s"}}
        {"time":1767816003,"message":{"activity-type":"CLOSE","path":"/anew.csv","bytes-out":"9","session-id":"s"}}
        """,
    )
    logs.lines(
        "sftp-1.log",
        """
        2026-01-07T23:50:00Z gw1 internal-sftp[5]: session opened for local user icepull from [198.51.100.20]
        2026-01-07T23:50:01Z gw1 internal-sftp[5]: open "/out/late.csv" flags READ mode 0666
        """,
    )
    logs.lines(
        "sftp-2.log",
        """
        2026-01-08T00:10:00Z gw1 internal-sftp[5]: close "/out/late.csv" bytes read 9 written 0
        2026-01-08T00:10:01Z gw1 internal-sftp[5]: session closed for local user icepull from [198.51.100.20]
        2026-01-08T20:00:01Z gw1 internal-sftp[6]: session opened for local user partner_b from [192.0.2.9]
        2026-01-08T20:00:02Z gw1 internal-sftp[6]: close "/out/list.csv" bytes read 9 written 0
        2026-01-08T20:00:03Z gw1 internal-sftp[6]: session closed for local user partner_b from [192.0.2.9]
        2026-01-08T20:00:04Z gw1 internal-sftp[7]: session opened for local user partner_a from [192.0.2.9]
        2026-01-08T20:00:05Z gw1 internal-sftp[7]: close "/out/caf\\303\\251.csv" bytes read 9 written 0
        """,
    )
    return logs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("story") / "logs"
    story().write(path)
    return path


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [folder], POLICY, AS_OF)
        yield opened


def grouped(store: Store, file: str) -> list[list[str]]:
    """The traces of each transfer that has a file of this name, by their logs."""
    rows = store.rows(
        "select list(parse_filename(source_file) order by source_file, source_record) from transfer_traces "
        "where transfer_key in (select transfer_key from transfer_traces where contains(file_name, $1)) "
        "group by transfer_key order by all",
        [file],
    )
    return [logs for (logs,) in rows]


def transfer(store: Store, transfer_id: str) -> dict[str, object]:
    columns = "sender_agency", "recipient_agency", "states", "elements", "element_basis", "outcome", "source_file"
    row = store.rows(
        f"select {', '.join(columns)} from transfers t inner join (select disclosure_id, element_basis "
        "from disclosures) d using (disclosure_id) where t.transfer_id = $1",
        [transfer_id],
    )
    assert len(row) == 1
    return dict(zip(columns, row[0], strict=True))


def test_a_chain_through_five_logs_is_one_transfer(store: Store) -> None:
    one = ["accesses.ndjson", "moveit.csv", "objects.log", "pushes.txt", "queries.ndjson", "queries.ndjson", "xferlog"]
    assert grouped(store, "chain.csv") == [one, ["pushes.txt"]]
    found = transfer(store, "unload-chain.csv-0")
    assert str(found.pop("source_file")).endswith("queries.ndjson")
    assert found == {
        "sender_agency": "CMS",
        "recipient_agency": "ICE",
        "states": ["CA"],
        "elements": ["ssn_num"],
        "element_basis": "disclosed",
        "outcome": "success",
    }


def test_what_dhs_hands_on_is_a_transfer_of_its_own(store: Store) -> None:
    found = store.rows("select recipient, source_file from onward_transfers")
    assert [recipient for recipient, _ in found] == ["PALANTIR"]


def test_a_whole_table_has_the_columns_that_the_log_of_accesses_lists(store: Store) -> None:
    found = transfer(store, "star")
    assert (found["elements"], found["element_basis"]) == (["BIRTH_DT", "SUBMTG_STATE_CD"], "disclosed")
    assert found["states"] == ["OR"]


def test_a_text_that_cannot_be_followed_leaves_what_was_looked_at(store: Store) -> None:
    found = transfer(store, "cut")
    assert (found["elements"], found["element_basis"]) == (["SSN_NUM", "SUBMTG_STATE_CD"], "accessed")
    assert (found["recipient_agency"], found["outcome"]) == ("ICE", "success")


def test_what_a_count_looked_at_was_not_disclosed(store: Store) -> None:
    counted, whole = transfer(store, "count"), transfer(store, "all")
    assert (counted["element_basis"], counted["elements"]) == ("aggregate", ["submtg_state_cd"])
    assert (whole["element_basis"], whole["elements"]) == ("aggregate", [])


def test_what_all_traces_deduced_stays_deduced(store: Store) -> None:
    rows = store.rows(
        "select t.transfer_id, list_transform(l.deduced, lambda d: d.item || ': ' || d.why) from transfers t "
        "inner join logged_disclosures l using (disclosure_id) where t.transfer_id = 'star'"
    )
    assert rows == [("star", [
        "unknown: no filter on people", "us_citizen: no filter on people",
        "chip: table TMSIS_ELGBLTY holds Medicaid and CHIP", "medicaid: table TMSIS_ELGBLTY holds Medicaid and CHIP",
        "IDRC_PRD: where the data lay",
    ])]  # fmt: skip


@pytest.mark.parametrize("file", ["size.csv", "day.csv", "party.csv"])
def test_other_sizes_days_and_recipients_are_other_transfers(store: Store, file: str) -> None:
    assert [len(logs) for logs in grouped(store, file)] == [1, 1]


def test_what_two_of_one_log_fit_is_shown_and_not_made(store: Store) -> None:
    assert grouped(store, "two.csv") == [["pushes.txt", "queries.ndjson"], ["xferlog"], ["xferlog"]]
    said = store.rows("select distinct why from ambiguous_links where contains(why, 'two.csv')")
    assert said == [("several traces in xferlog (download) have the file two.csv",)]


def test_what_bridges_two_that_do_not_fit_is_shown_and_not_made(store: Store) -> None:
    assert [len(logs) for logs in grouped(store, "bridge.csv")] == [1, 1, 1]
    said = store.rows("select distinct why from ambiguous_links where contains(why, 'bridge.csv')")
    assert said == [("traces that fit it do not fit each other, of the file bridge.csv",)]


def test_an_attempt_is_no_trace_of_what_succeeded(store: Store) -> None:
    assert grouped(store, "retry.csv") == [["pushes.txt"], ["pushes.txt", "queries.ndjson"]]


def test_what_failed_and_then_succeeded_has_passed(store: Store) -> None:
    assert grouped(store, "anew.csv") == [["sessions.ndjson", "sessions.ndjson"]]
    (found,) = store.rows(
        "select outcome from transfers inner join traces using (record_key) where contains(file_name, 'anew.csv')"
    )
    assert found == ("success",)


def test_packing_changes_the_size(store: Store) -> None:
    assert grouped(store, "packed.csv") == [["queries.ndjson", "xferlog"]]


@pytest.mark.parametrize("file", ["roster.csv", "list.csv"])
def test_what_two_fetched_is_two_transfers(store: Store, file: str) -> None:
    """Whoever they are, and whether or not they came from one address."""
    assert [len(logs) for logs in grouped(store, file)] == [1, 1]


@pytest.mark.parametrize(
    ("file", "logs"), [("finder", ["iis.log", "vsftpd.log", "xferlog"]), ("/caf", ["iis.log", "sftp-2.log"])]
)
def test_a_blank_or_a_letter_is_one_however_a_server_writes_it(store: Store, file: str, logs: list[str]) -> None:
    assert grouped(store, file) == [logs]


def test_a_session_that_a_rotation_cut_is_one_transfer(store: Store) -> None:
    assert grouped(store, "late.csv") == [["sftp-1.log", "sftp-2.log"]]
    (found,) = store.rows(
        "select recipient, outcome, bytes from transfers inner join traces using (record_key) "
        "where contains(file_name, 'late.csv')"
    )
    assert found == ("icepull", "success", 9)


def test_every_record_of_every_file_is_accounted_for(store: Store) -> None:
    rows = store.rows("select records, transfers, not_transfers, duplicates, quarantined from accounting")
    assert len(rows) == 11
    for records, *parts in rows:
        assert records == sum(parts)
    assert store.one("select sum(duplicates) from accounting") == store.one(
        "select count(*) from links where record_key <> kept_key"
    )


ANSWERS = (
    "select * exclude (record_key, disclosure_id, context_id, moment_id) from transfers order by all",
    "select transfer_id, how, log, source_file, source_record from transfer_traces order by all",
    "select rule, transfer_id, evidence from findings order by all",
    "select transfer_id, verdict_now, verdict_then from verdicts order by all",
)


def answers(store: Store) -> list[list[tuple[object, ...]]]:
    return [store.rows(sql) for sql in ANSWERS]


def test_neither_the_order_of_files_nor_that_of_scans_matters(store: Store, folder: Path, tmp_path: Path) -> None:
    """And switching linking off counts all, on again counts as before."""
    database = tmp_path / "kept.duckdb"
    late = ["queries.ndjson", "moveit.csv"]
    early = [path for path in sorted(folder.iterdir(), reverse=True) if path.name not in late]
    with open_store(database, LIBRARY, threads=1) as kept:
        scan(kept, early, POLICY, AS_OF)
        assert kept.one("select count(*) from links") > 0
    with open_store(database, LIBRARY, threads=1) as kept:
        scan(kept, [folder / name for name in late], POLICY, AS_OF)
        assert answers(kept) == answers(store)
        scan(kept, [], POLICY, AS_OF, reads=Reads(link=False))
        assert kept.one("select count(*) from transfers") == kept.one("select count(*) from records")
        assert kept.one("select count(*) from links") == 0
        scan(kept, [], POLICY, AS_OF)
        assert answers(kept) == answers(store)


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    logs = Logs()
    logs.unload("elg.csv")
    logs.download("elg.csv", 3)
    logs.write(tmp_path / "logs")
    run(["query", "--sql", "select count(*) as transfers from transfers", "logs", "--no-link", "--format", "ndjson"])
    assert json.loads(capsys.readouterr().out) == {"transfers": 2}


def test_a_common_name_costs_no_more_than_its_traces(tmp_path: Path) -> None:
    """Neither where it tells nothing, nor where the size tells which is which."""
    logs = Logs()
    for number in range(750):
        logs.download("data.csv", number / 10)
        logs.object("data.csv", number / 10)
        logs.download("sized.csv", number / 10, SIZE + number)
        logs.object("sized.csv", number / 10, SIZE + number)
    logs.write(tmp_path / "logs")
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [tmp_path / "logs"], POLICY, AS_OF)
        assert opened.one("select count(*) from links") == 1500
        assert opened.one("select count(*) from kept_records") == 2250
        said = opened.rows("select why from ambiguous_links")
    assert said == [("1500 traces at one time have the file data.csv",)]
