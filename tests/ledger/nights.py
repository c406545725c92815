"""Nights that never were: one night to begin with, and what can go wrong in others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from auditscan.errors import ExitCode
from auditscan.ledger.night import Adjustment, FindingCount, Move, Night, NightFile
from auditscan.questions.summary import CLASSES


def counts(*numbers, attempt=0, unattributed=0, out_of_scope=0):
    """Transfers by class, worst first."""
    disclosed = (*numbers, *[0] * (4 - len(numbers)))
    return dict(zip(CLASSES, (*disclosed, attempt, unattributed, out_of_scope), strict=True))


QUIET = Night(
    scan_id=7,
    ledger="/var/lib/auditscan/ledger",
    started_at=datetime(2026, 1, 6, 2, 15, tzinfo=UTC),
    finished_at=datetime(2026, 1, 6, 2, 16, 12, tzinfo=UTC),
    as_of="2026-01-06",
    regime_now="R2",
    judged_all=None,
    missed=0,
    files=(NightFile("/logs/2026-01-05.ndjson", "new", records=41, transfers=40, duplicates=1),),
    files_unchanged=365,
    new_transfers=40,
    new_verdicts_now=counts(0, 0, 30, 10),
    new_open=counts(0, 0, 30, 10),
    verdicts_now=counts(12, 34, 5_600, 700, out_of_scope=8),
    verdicts_then=counts(15, 30, 5_601, 700, out_of_scope=8),
    flagged=46,
    totals={"records": 6_400, "transfers": 6_354, "not_transfers": 40, "duplicates": 6, "quarantined": 0},
    findings=(FindingCount("plaintiff_state", "State protected by the order", "grave", "disclosures", open=12),),
    moves=(),
    suppression_problems=(),
    incomplete_because=(),
    exit_code=ExitCode.ENJOINED,
    exit_code_before=ExitCode.ENJOINED,
    worse_because=(),
    receipt_sha256="ab" * 32,
    quarantine={"open": 0, "suppressed": 0, "gone": 0},
    caption="State of California v. HHS, No. 3:25-cv-05536-VC (N.D. Cal.)",
    no_order_read="No order was read in full; their terms come from official and press renderings.",
)
"""Nothing to tell."""

WORSE = replace(
    QUIET,
    new_verdicts_now=counts(3, 2, 30, 5),
    new_open=counts(3, 2, 30, 5),
    findings=(
        FindingCount(
            "plaintiff_state",
            "State protected by the order",
            "grave",
            "disclosures",
            new=3,
            open=15,
            examples=("T-1009: CA, NY, elements ssn and diagnosis",),
        ),
        FindingCount(
            "outside_agreement_hours", "Access outside the agreed hours", "review", "transfers", new=2, gone=1, open=9
        ),
        FindingCount("name_present", "Name or alias disclosed", "note", "disclosures", new=5, open=70),
        FindingCount("attempt", "Attempt that failed", "note", "transfers", new=1, changed=2, open=4),
    ),
    worse_because=(
        "3 new transfers would be enjoined now",
        "2 new transfers need a person to look",
        "5 new findings to look at, 3 of them grave",
    ),
    exit_code_before=ExitCode.REVIEW,
)
"""New findings."""

BROKEN_DISK = replace(
    QUIET,
    files=(
        NightFile("/logs/2026-01-04.ndjson", "unreadable", note="Input/output error"),
        NightFile("/logs/2026-01-05.ndjson.gz", "damaged", records=12, transfers=12, note="ends in mid-stream"),
    ),
    incomplete_because=(
        "/logs/2026-01-04.ndjson could not be read: Input/output error",
        "/logs/2026-01-05.ndjson.gz is damaged: ends in mid-stream",
    ),
    exit_code=ExitCode.INCOMPLETE,
)

REWRITTEN = replace(
    QUIET,
    files=(NightFile("/logs/2025-12-30.ndjson", "rewritten", records=90, transfers=90, note="3 records fewer"),),
    worse_because=("1 log changed what it said before",),
    in_versions=1,
)

NEW_POLICY = replace(
    QUIET,
    judged_all="policy",
    moves=(
        Move("now", "enjoined", "review", False, 212, ("regimes.toml:31 R2 states: DC is unsettled",)),
        Move("now", "permitted", "enjoined", True, 1, ("a", "b", "c")),
        Move("then", "outside", "out_of_scope", False, 40, ()),
    ),
    adjustments=(
        Adjustment("the policy", "The policy changed: 212 verdicts milder, 1 worse"),
        Adjustment("the suppressions", "4 suppressions are new, hiding 33 findings: a, b, c and 1 more"),
    ),
)

SUPPRESSION = replace(
    QUIET,
    suppression_problems=("suppressions.toml:4: expired on 2026-01-05; its owner is A. Example: renew or remove it",),
    incomplete_because=("suppressions.toml:4: expired on 2026-01-05; its owner is A. Example: renew or remove it",),
    exit_code=ExitCode.INCOMPLETE,
)

MENDED = replace(
    QUIET,
    quarantine={"open": 0, "suppressed": 1, "gone": 2},
    quarantine_gone=(
        "/logs/broken.ndjson: what held 2 records that could not be read was replaced on 6 January; counted apart",
    ),
)

MISSED = replace(
    QUIET,
    missed=3,
    incomplete_because=("3 scans that the schedule wanted since 2 January did not run",),
    exit_code=ExitCode.INCOMPLETE,
)

FIRST = replace(
    WORSE,
    scan_id=1,
    judged_all="first scan",
    files=tuple(NightFile(f"/logs/{day:03}.ndjson", "new", records=17, transfers=17) for day in range(366)),
    files_unchanged=0,
    new_transfers=6_354,
    new_verdicts_now=counts(12, 34, 5_600, 700, out_of_scope=8),
    new_open=counts(12, 34, 5_600, 700, out_of_scope=8),
    worse_because=("the first scan finds 12 transfers enjoined now and 34 to review",),
    exit_code_before=None,
)

VANISHED = replace(
    QUIET,
    files=tuple(NightFile(f"/mnt/transfers/logs/2025/{file:05}.ndjson", "vanished") for file in range(10_000)),
    files_unchanged=0,
    worse_because=("10,000 logs vanished",),
    incomplete_because=tuple(f"/mnt/transfers/logs/2025/{file:05}.ndjson vanished" for file in range(10_000)),
    exit_code=ExitCode.INCOMPLETE,
)

EVIL = "x\nRECEIPT 8\n" + "0" * 64 + "\r\x1b[2J\u202e\u2028NOT LOOKED AT\n- @everyone <!channel> https://evil.example/a"
"""What somebody writes who wants the message to say something else."""

HOSTILE = replace(
    WORSE,
    files=(
        NightFile(f"/logs/{EVIL}", "rewritten", note=EVIL),
        NightFile("/logs/" + "記録" * 300, "vanished"),
        NightFile("/logs/\udcff.csv", "unreadable", note=EVIL * 50),
    ),
    findings=(
        FindingCount("rule", EVIL, "grave", "disclosures", new=1, open=1, examples=(EVIL,)),
        FindingCount("silence", "Silent days", "note", "sources", new=1, open=1, examples=(EVIL * 9,)),
    ),
    moves=(Move("now", "review", "enjoined", False, 1, (EVIL, EVIL, EVIL)),),
    incomplete_because=(EVIL,) * 40,
    worse_because=(EVIL,) * 40,
    suppression_problems=(EVIL + "!",) * 40,
    adjustments=(Adjustment("the settings", EVIL),) * 40,
    quarantine_gone=(EVIL,) * 40,
    caption=EVIL,
    no_order_read=EVIL,
    exit_code=ExitCode.INCOMPLETE,
)

ALL = {name.lower(): night for name, night in globals().items() if isinstance(night, Night)}
