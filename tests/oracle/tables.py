"""The policy files as look-up tables: this module alone knows how they are written."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

POLICY_FOLDER = Path(__file__).resolve().parents[2] / "src" / "auditscan" / "policy"
# The table of states does not say which rows are states: these five are not, DC counts.
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})


@dataclass(frozen=True)
class Regime:
    """One legal situation; the maps hold only the keys that the file lists."""

    regime_id: str
    first_day: date | None
    last_day: date | None
    enabled: bool
    states: frozenset[str]
    unsettled: frozenset[str]
    categories: dict[str, str]
    populations: dict[str, str]
    programs: dict[str, str]
    default_category: str
    default_population: str
    default_program: str
    other_purpose: str | None


@dataclass(frozen=True, eq=False)
class Policy:
    """The tables a verdict needs; look-up tables are keyed by normalized word.

    Each is itself alone, so that what a text means under one can be kept.
    """

    court_zone: str
    boundary_days: frozenset[date]
    regimes: tuple[Regime, ...]
    implied_by: dict[str, tuple[str, ...]]
    agencies: dict[str, tuple[str, str]]
    """Word to (agency, side)."""
    parties: dict[tuple[str, str], str]
    """Kind and value to agency: words normalized, domains in lower case."""
    programs: dict[str, str]
    populations: dict[str, str]
    purposes: dict[str, str]
    outcomes: dict[str, str]
    state_names: frozenset[str]
    """The states' own names, normalized."""
    states: dict[str, str]
    elements: dict[str, str]
    """Element key to category."""
    nation: frozenset[str]

    @cached_property
    def sides(self) -> dict[str, str]:
        """Agency to side."""
        return dict(self.agencies.values())

    def regime_on(self, day: date) -> Regime | None:
        """Return the enabled regime whose days hold `day`, or None."""
        for regime in self.regimes:
            if not regime.enabled or regime.first_day is None:
                continue
            if regime.first_day <= day <= (regime.last_day or date.max):
                return regime
        return None


@lru_cache(100_000)
def normalize(word: str) -> str:
    """Return the word that look-ups compare: folded, letters and digits, parted by `_`."""
    kept = (c if unicodedata.category(c)[0] in "LN" else " " for c in word.casefold())
    return "_".join("".join(kept).split())


def load_policy(folder: Path = POLICY_FOLDER) -> Policy:
    """Read the policy files of `folder`; nothing is checked, they are taken to be sound."""
    settings = tomllib.loads((folder / "regimes.toml").read_text(encoding="utf-8"))
    states: dict[str, str] = {}
    for row in _rows(folder / "states.csv"):
        for word in (row["code"], row["usps"], row["name"]):
            states[normalize(word)] = row["usps"]
    return Policy(
        court_zone=settings["court_zone"],
        boundary_days=frozenset(settings["boundary_days"]),
        regimes=tuple(_regime(table) for table in settings["regimes"]),
        implied_by={key: tuple(others) for key, others in settings["implied_by"].items()},
        agencies={normalize(row["alias"]): (row["agency"], row["side"]) for row in _rows(folder / "agencies.csv")},
        parties={_party(row): row["agency"] for row in _rows(folder / "parties.csv")},
        programs=_aliases(folder / "programs.csv", "program"),
        populations=_aliases(folder / "populations.csv", "population"),
        purposes=_aliases(folder / "purposes.csv", "purpose"),
        outcomes=_aliases(folder / "outcomes.csv", "outcome"),
        state_names=frozenset(normalize(row["name"]) for row in _rows(folder / "states.csv")),
        states=states,
        elements={normalize(row["element_key"]): row["category"] for row in _rows(folder / "elements.csv")},
        nation=frozenset(states.values()) - TERRITORIES,
    )


@cache
def shipped_policy() -> Policy:
    """The policy files that ship, read once."""
    return load_policy()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _party(row: dict[str, str]) -> tuple[str, str]:
    value = row["value"].lower()
    return row["kind"], normalize(value) if row["kind"] in ("name", "token", "phrase") else value


def _aliases(path: Path, target: str) -> dict[str, str]:
    return {normalize(row["alias"]): row[target] for row in _rows(path)}


def _regime(table: dict[str, Any]) -> Regime:
    programs = dict(table.get("programs", {}))
    default_program = programs.pop("default", "review")
    return Regime(
        regime_id=table["id"],
        first_day=table.get("first_day"),
        last_day=table.get("last_day"),
        enabled=table["enabled"],
        states=frozenset(table.get("states", [])),
        unsettled=frozenset(table.get("states_unsettled", [])),
        categories=table.get("categories", {}),
        populations=table.get("populations", {}),
        programs=programs,
        default_category=table.get("default_category", "review"),
        default_population=table.get("default_population", "review"),
        default_program=default_program,
        other_purpose=table.get("other_purpose"),
    )
