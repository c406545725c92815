"""Words of the policy tables by what they stand for, and ways to write one word."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from oracle import POLICY_FOLDER, load_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LETTERS = "xyzqéß日😀İ-_.;=/#0123"
SEPARATORS = re.compile(r"[^0-9A-Za-z]+")


def _separated(by: str) -> Callable[[str], str]:
    return lambda word: SEPARATORS.sub(by, word)


# Each leaves the normalized word as it is.
KEY_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.title,
    _separated("-"),
    _separated(" "),
    lambda word: SEPARATORS.sub(" ", word).title(),
)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    *KEY_SPELLINGS,
    _separated("._/"),
    lambda word: f"({word})",
    lambda word: f"--{word}!",
    lambda word: word.replace("s", "\N{LATIN SMALL LETTER LONG S}"),
)
# Only items of a list are sure to lose blanks at their ends.
BLANK_ENDS = ("", " ", "\t", "\n", "\N{NO-BREAK SPACE}")

POLICY = load_policy()


def _column(file: str, column: str) -> dict[str, list[str]]:
    """Return the words of a look-up file by what they stand for, in the file's order."""
    found: dict[str, list[str]] = {}
    with (POLICY_FOLDER / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            first = next(iter(row)) if file != "elements.csv" else "element"
            found.setdefault(row[column], []).append(row[first])
    return found


def _states() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (POLICY_FOLDER / "states.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row["usps"], []).extend([row["usps"], row["name"], row["code"]])
    return found


def flat(groups: dict[str, list[str]], keys: Sequence[str]) -> list[str]:
    return [word for key in keys for word in groups[key]]


SIDES = _column("agencies.csv", "side")
AGENCIES = _column("agencies.csv", "agency")
ENFORCERS = ["ICE", "CBP", "DHS"]
"""Of the recipients: the others are parts of DHS for which a purpose that nobody gave is not presumed."""
OTHER_PARTS = sorted({agency for _, (agency, side) in POLICY.agencies.items() if side == "recipient"} - {*ENFORCERS})
# Texts that name no agency, but by which one is found: by side of the agency, where one text names one party.
PARTIES = {
    "sender": ["jane.doe@cms.hhs.gov", "Doe, Jane <JANE@MAIL.CMS.HHS.GOV>", "CMS EFT", "idrc_prd", "CMS_SHARE_OUT"],
    "recipient": [
        *("ero.user@ice.dhs.gov", "x@hq.dhs.gov", "Roe <r@a.b.ICE.dhs.gov>", "sftp://ice.dhs.gov:22/in", "cbp.gov."),
        *("r.roe_ice.dhs.gov#EXT#@cms.example", "IDRC_ICE_EXTRACT", "ero-pull", "dhs_hq_share"),
    ],
    "elsewhere": ["someone@usdoj.gov"],
    "vendor": ["lee@palantir.com", "Palantir"],
}
NOT_PARTIES = [
    *(
        "İCE",
        "CMS_TO_ICE",
        "ice@vendor.example",
        "ice.gov.example",
        "notice.dhs.gov2",
        "x@icedhs.gov",
        "icebox",
        "@",
        "ice@",
    ),
    *("444455556666", "arn:aws:sts::444455556666:assumed-role/x/y", "198.51.100.20", "2001:db8::1", "user@", "a@b"),
]
SEVERAL = ["; ", ",", " ;; ", ", x;"]

PROGRAMS = _column("programs.csv", "program")
POPULATIONS = _column("populations.csv", "population")
PURPOSES = _column("purposes.csv", "purpose")
ELEMENTS = _column("elements.csv", "category")
STATES = _states()
WHOLE_COUNTRY = ["ALL", "US", "nationwide", "National"]

R2 = next(regime for regime in POLICY.regimes if regime.regime_id == "R2")
_BY_SEVERITY = {
    severity: [category for category in ELEMENTS if R2.categories.get(category, R2.default_category) == severity]
    for severity in ("permitted", "review", "enjoined")
}
PERMITTED = flat(ELEMENTS, _BY_SEVERITY["permitted"])
# Mixed with the permitted ones, these are settled by [implied_by] or not.
IMPLIED = flat(ELEMENTS, ["locality", "submitting_state", "age"])
IMPLYING = flat(ELEMENTS, ["address", "mailing_address", "medicaid_id", "date_of_birth"])
ANY_ELEMENT = [words[0] for words in ELEMENTS.values()] + flat(ELEMENTS, list(ELEMENTS))

# A list field is drawn from one of these pools, or from two.
ITEM_POOLS: dict[str, list[list[str]]] = {
    "programs": [PROGRAMS["medicaid"], PROGRAMS["medicaid"], flat(PROGRAMS, list(PROGRAMS))],
    "states": [
        flat(STATES, sorted(R2.states)),
        flat(STATES, sorted(R2.unsettled)),
        flat(STATES, [state for state in STATES if state not in R2.states | R2.unsettled]),
        WHOLE_COUNTRY,
    ],
    "populations": [
        POPULATIONS["not_lawfully_residing"],
        POPULATIONS["not_lawfully_residing"],
        list(POPULATIONS),
        flat(POPULATIONS, list(POPULATIONS)),
    ],
    "elements": [
        PERMITTED,
        IMPLYING,
        IMPLIED,
        flat(ELEMENTS, _BY_SEVERITY["review"]),
        ANY_ELEMENT,
    ],
}
