"""Checks of the effective policy, base and overlays together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.policy.check_regimes import RegimeChecker
from auditscan.policy.checker import EVIDENCE, later
from auditscan.policy.tables import nation_rows, state_aliases
from auditscan.policy.words import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.policy.csvfiles import Rows
    from auditscan.policy.problems import Problems, Where
    from auditscan.policy.regimefile import Block, Document

SCHEMA_VERSION = 1
SIDES = ("sender", "recipient", "vendor", "elsewhere")
PURPOSES = ("immigration_enforcement", "other", "unknown")
OUTCOMES = ("success", "failure", "partial", "empty", "unknown")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NATION_SIZE = 51
CLOCK_GRAIN_MINUTES = 15


def check(
    document: Document,
    files: Mapping[str, Rows],
    problems: Problems,
    beneath: Mapping[str, frozenset[str]],
) -> None:
    """Add to `problems` whatever makes the effective policy unusable.

    `beneath`: what words stood for before the overlays, as `meanings` tells it.
    """
    checker = _PolicyChecker(document, files, problems, beneath)
    checker.rows()
    checker.top()
    checker.regimes()
    checker.instruments()
    for block in document.reported:
        checker.reported(block)


class _PolicyChecker(RegimeChecker):
    # -- the CSV files -------------------------------------------------------------------

    def rows(self) -> None:
        sides: dict[str, str] = {}
        for row in self.files["agencies.csv"].values():
            self.one_of(row.where, "side", row["side"], SIDES)
            if sides.setdefault(row["agency"], row["side"]) != row["side"]:
                self.problems.add(
                    row.where,
                    f"agency {row['agency']!r} is {row['side']!r} here and "
                    f"{sides[row['agency']]!r} elsewhere in the table",
                    "give an agency one side",
                )
        agencies = self.column("agencies.csv", "agency")
        for row in self.files["parties.csv"].values():
            self.known([row["agency"]], agencies, "agency", row.where, "agencies.csv")
            self.one_of(row.where, "certainty", row["certainty"] or None, ("A", "B", "C", "D"))
        for row in self.files["purposes.csv"].values():
            self.one_of(row.where, "purpose", row["purpose"], PURPOSES)
        for row in self.files["outcomes.csv"].values():
            self.one_of(row.where, "outcome", row["outcome"], OUTCOMES)
        for row in self.files["codes.csv"].values():
            key = normalize(row["element"])
            self.known([key], self.elements, "element", row.where, "elements.csv")
        for row in self.files["elements.csv"].values():
            also = [word.strip() for word in row["also"].split(";") if word.strip()]
            self.known(also, self.categories, "category", row.where, "elements.csv")
        self.state_rows()

    def state_rows(self) -> None:
        rows = self.files["states.csv"].values()
        sound = "states.csv" not in self.unreadable
        for row in rows:
            if not re.fullmatch("[A-Z]{2}", row["usps"]):
                self.problems.add(row.where, f"{row['usps']!r} is not a USPS code", "write two capital letters")
                sound = False
        if not sound:
            return
        taken: dict[str, tuple[str, Where]] = {}
        for alias in state_aliases(self.files):
            state, where = taken.setdefault(alias.key, (alias.state, alias.where))
            if state != alias.state:
                self.problems.add(
                    max(alias.where, where, key=later),
                    f"{alias.key!r} stands for {state} and for {alias.state}",
                    "keep one of the two",
                )
        found = len(nation_rows(self.files))
        if found != NATION_SIZE:
            self.problems.add(
                max((row.where for row in rows), key=later),
                f"the FIPS codes 01 to 56 name {found} states, not the 50 and DC",
                "put back the row that was replaced",
            )

    # -- regimes.toml: what is not a regime ----------------------------------------------

    def top(self) -> None:
        top = self.document.top
        if "regimes.toml" in self.unreadable and not top.values:
            return
        self.required(top, ("schema_version", "compiled_on", "court_zone", "boundary_days", "caption", "no_order_read"))
        version = top.get("schema_version")
        if version is not None and version != SCHEMA_VERSION:
            self.problems.add(
                top.at("schema_version"),
                f"schema_version {version} is not {SCHEMA_VERSION}",
                "use tables written for this version of the program",
            )
        self.zone(top, "court_zone")
        for category, leaf in top.maps.get("implied_by", {}).items():
            self.known([category], self.categories, "category", leaf.where, "elements.csv")
            self.known(leaf.value, self.categories, "category", leaf.where, "elements.csv")
        if not self.document.regimes:
            self.problems.add(top.where, "no regime is named", "add [[regimes]]")

    def instruments(self) -> None:
        for instrument in self.document.instruments.values():
            self.instrument(instrument)
        self.spelled_alike(self.document.instruments)

    def instrument(self, block: Block) -> None:
        self.required(block, ("kind", "title"))
        for key in ("narrow_list", "wide_list"):
            words = block.get(key)
            self.known(words, self.categories, "category", block.at(key), "elements.csv")
        programs = block.get("programs")
        self.known(programs, self.programs, "program", block.at("programs"), "programs.csv")
        for day in block.get("weekdays") or ():
            self.one_of(block.at("weekdays"), "weekday", day, WEEKDAYS)
        self.zone(block, "hours_zone")
        hours = block.get("hours")
        if hours is None:
            return
        self.required(block, ("hours_zone",))
        if len(hours) != 2 or not all(map(_on_the_grain, hours)) or hours[0] >= hours[1]:
            self.problems.add(
                block.at("hours"),
                f"hours {hours} are not two times of day in order, each on a quarter of an hour",
                'write them as ["09:00", "17:00"]',
            )

    def reported(self, block: Block) -> None:
        self.required(block, ("date", "evidence"))
        self.one_of(block.at("evidence"), "evidence", block.get("evidence"), EVIDENCE)
        self.known(block.get("states"), self.states, "state", block.at("states"), "states.csv")
        known = self.categories | self.elements
        words = block.get("elements")
        self.known(words, known, "element", block.at("elements"), "elements.csv")


def _on_the_grain(text: str) -> bool:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    return found is not None and int(found.group(2)) % CLOCK_GRAIN_MINUTES == 0
