"""Checks of the regimes, each by itself and beside one another."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from auditscan.policy.checker import EVIDENCE, Checker, later
from auditscan.policy.regimefile import STATE_LISTS
from auditscan.policy.words import VERDICTS, normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.policy.regimefile import Block


class RegimeChecker(Checker):
    """Checks of `[[regimes]]`."""

    def regimes(self) -> None:
        """Check every regime, then all of them together."""
        for regime in self.document.regimes.values():
            self.regime(regime)
        self.spelled_alike(self.document.regimes)
        self.overlaps()
        self.reach()

    def regime(self, block: Block) -> None:
        """Check one regime by itself."""
        needed = ("title", "enabled", "evidence", "citation", "states", "states_unsettled")
        self.required(block, needed)
        name = block.get("id")
        self.one_of(block.at("evidence"), "evidence", block.get("evidence"), EVIDENCE)
        self.days_in_order(block)
        settled, unsettled = block.get("states") or [], block.get("states_unsettled") or []
        for key, states in (("states", settled), ("states_unsettled", unsettled)):
            for state in states:
                self.known([state], self.states, "state", block.item_at(key, state), "states.csv")
            self.no_repeats(states, block.at(key))
        for state in sorted(set(settled) & set(unsettled)):
            self.problems.add(
                max(block.at("states"), block.at("states_unsettled"), key=later),
                f"{name} has {state} in both states and states_unsettled",
                f'a state is one or the other: write add_states = ["{state}"], or both lists whole',
            )
        for key in ("default_category", "default_population", "other_purpose"):
            self.one_of(block.at(key), key, block.get(key), VERDICTS)
        default_program = block.maps.get("programs", {}).get("default")
        for key, kind, known, default, file in (
            (
                "categories",
                "category",
                self.categories,
                block.get("default_category"),
                "elements.csv",
            ),
            (
                "populations",
                "population",
                self.populations,
                block.get("default_population"),
                "populations.csv",
            ),
            ("programs", "program", self.programs, default_program, "programs.csv"),
        ):
            listed = block.maps.get(key, {})
            for word, leaf in listed.items():
                if not (key == "programs" and word == "default"):
                    self.known([word], known, kind, leaf.where, file)
                self.one_of(leaf.where, word, leaf.value, VERDICTS)
            # Without this a population that an overlay adds would have no severity at all.
            missing = sorted(known - set(listed))
            reaches = settled or unsettled
            if reaches and default is None and missing and file not in self.unreadable:
                self.problems.add(
                    block.where,
                    f"{name} gives no severity to {key}: {', '.join(missing[:5])}"
                    + (" and more" if len(missing) > 5 else ""),
                    f"list them in [regimes.{key}] or set a default",
                )
        self.certainties(block)
        for state, leaf in block.maps.get("state_notes", {}).items():
            self.known([state], self.states, "state", leaf.where, "states.csv")

    def certainties(self, block: Block) -> None:
        """Check that each certainty is of a line that this regime has; of a state, that there is such a state.

        A state may leave a list again, and what was said of it then says nothing.
        """
        lines = {f"states.{state}" for state in self.states}
        for key, default in (("categories", "default_category"), ("populations", "default_population")):
            lines |= {f"{key}.{word}" for word in block.maps.get(key, {})}
            lines |= {f"{key}.default"} if default in block.values else set()
        lines |= {f"programs.{word}" for word in block.maps.get("programs", {})}
        for line, leaf in block.maps.get("certainty", {}).items():
            self.one_of(leaf.where, line, leaf.value, EVIDENCE)
            if not (line.startswith("states.") and "states.csv" in self.unreadable):
                self.one_of_many(leaf.where, f"{block.get('id')} has no line", line, lines)

    def reach(self) -> None:
        """Check that only the time before any order has a regime that reaches nobody."""
        dated = [block for block in self.document.regimes.values() if block.get("enabled") and block.get("first_day")]
        dated.sort(key=lambda block: (block.get("first_day"), block.get("id")))
        for block in dated[1:]:
            lists = [block.values.get(key) for key in STATE_LISTS]
            # A list that is missing or unusable is told already.
            if all(leaf is not None and leaf.value == [] for leaf in lists):
                places = [block.at(key) for key in ("enabled", "first_day", *STATE_LISTS)]
                self.problems.add(
                    max(places, key=later),
                    f"{block.get('id')} is enabled, follows {dated[0].get('id')} and reaches nobody: "
                    "it would let everything pass as `outside`",
                    "name its states or states_unsettled, or set enabled = false",
                )

    def days_in_order(self, block: Block) -> None:
        """Check the day of the order and the days it holds."""
        ordered, first, last = (block.get(key) for key in ("ordered", "first_day", "last_day"))
        if block.get("enabled") and "first_day" not in block.values:
            self.problems.add(
                block.at("enabled"),
                f"{block.get('id')} is enabled and has no first_day",
                "set first_day, or enabled = false",
            )
        if first is not None and last is not None and first > last:
            self.problems.add(
                max(block.at("first_day"), block.at("last_day"), key=later),
                f"last_day {last} is before first_day {first}",
                "put the days in order",
            )
        if ordered is not None and first is not None and ordered > first:
            self.problems.add(
                max(block.at("first_day"), block.at("ordered"), key=later),
                f"ordered {ordered} is after first_day {first}",
                "an order binds from its own day at the earliest; in a what-if, set ordered too",
            )

    def overlaps(self) -> None:
        """Check that no day has two enabled regimes."""
        enabled = [
            block
            for block in self.document.regimes.values()
            if block.get("enabled") and block.get("first_day") is not None
            # A last day that cannot be read is not an open end.
            if "last_day" not in block.values or block.get("last_day") is not None
        ]
        enabled.sort(key=lambda block: (block.get("first_day"), block.get("id")))
        for one, other in combinations(enabled, 2):
            last: date = one.get("last_day") or date.max
            if other.get("first_day") <= last:
                until = one.get("last_day") or "open end"
                keys = ("enabled", "last_day", "first_day")
                places = [block.at(key) for block in (one, other) for key in keys]
                overlaid = [where for where in places if where.source.overlaid]
                self.problems.add(
                    max(overlaid, key=later) if overlaid else other.at("first_day"),
                    f"{one.get('id')} ({one.get('first_day')} to {until}) and "
                    f"{other.get('id')} (from {other.get('first_day')}) cover the same days",
                    f"end {one.get('id')} before {other.get('id')} begins, or switch one off",
                )

    def spelled_alike(self, blocks: Mapping[str, Block]) -> None:
        """Refuse `r1` beside `R1`: it would add a regime where a change was meant."""
        first: dict[str, str] = {}
        for name, block in blocks.items():
            other = first.setdefault(normalize(name), name)
            if other != name:
                self.problems.add(
                    block.at("id"),
                    f"id {name!r} differs from {other!r} in spelling only",
                    f"write {other!r}, or choose another id",
                )
