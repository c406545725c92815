"""The policy as flat tables, so that judging is SQL any client can run."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from typing import TYPE_CHECKING, NamedTuple

from auditscan.policy.words import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from auditscan.policy.csvfiles import Rows
    from auditscan.policy.problems import Where
    from auditscan.policy.regimefile import Block, Document

WHOLE_COUNTRY = "*"
"""In `policy_states.state`: every state of `policy_nation`."""

_LAST_FIPS_OF_A_STATE = 56  # FIPS 5-2: 01 to 56 are the states and DC, 60 and up the territories
_ISO_WEEKDAYS = {"Mon": 1, "Tue": 2, "Wed": 3, "Thu": 4, "Fri": 5, "Sat": 6, "Sun": 7}


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    """Read `name TYPE` items; VARCHAR where no type is given; `origin` is always last."""
    pairs = (item.split() for item in f"{text}, origin".split(","))
    return tuple((pair[0], pair[1] if len(pair) > 1 else "VARCHAR") for pair in pairs)


COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "policy_regimes": _columns(
        "regime_id, title, ordered DATE, first_day DATE, last_day DATE, enabled BOOLEAN, evidence,"
        "citation, default_category, default_population, default_program, default_category_certainty,"
        "default_population_certainty, default_program_certainty, other_purpose"
    ),
    "policy_regime_states": _columns("regime_id, state, status, certainty, note"),
    "policy_severities": _columns("regime_id, kind, key, severity, certainty"),
    "policy_implied_by": _columns("category, implied_by"),
    "policy_boundary_days": _columns("day DATE"),
    "policy_instruments": _columns("instrument_id, kind, title, dated DATE, access, hours_from, hours_to, hours_zone"),
    "policy_instrument_days": _columns("instrument_id, kind, day DATE"),
    "policy_instrument_weekdays": _columns("instrument_id, weekday INTEGER"),
    "policy_instrument_categories": _columns("instrument_id, list, category"),
    "policy_instrument_programs": _columns("instrument_id, program"),
    "policy_reported_transfers": _columns("day DATE, evidence, states VARCHAR[], elements VARCHAR[], note"),
    "policy_agencies": _columns("alias_key, alias, agency, side"),
    "policy_parties": _columns("kind, value_key, value, agency, certainty, source, first_address, last_address"),
    "policy_programs": _columns("alias_key, alias, program"),
    "policy_populations": _columns("alias_key, alias, population"),
    "policy_purposes": _columns("alias_key, alias, purpose"),
    "policy_outcomes": _columns("alias_key, alias, outcome"),
    "policy_states": _columns("alias_key, state, name, code_system"),
    "policy_nation": _columns("state"),
    "policy_elements": _columns("alias_key, element, category, also, files, description"),
    "policy_codes": _columns("element, code, meaning, note, source"),
    "policy_settings": _columns("court_zone, schema_version INTEGER, compiled_on DATE, caption, no_order_read")[:-1],
}

TableRow = tuple[object, ...]


class StateAlias(NamedTuple):
    """One word a log may use for a state."""

    key: str
    state: str
    name: str
    code_system: str
    where: Where


def nation_rows(files: Mapping[str, Rows]) -> dict[str, Where]:
    """Return the 50 states and DC, each with the row that says so."""
    return {
        row["usps"]: row.where
        for row in files["states.csv"].values()
        if row["code_system"] == "FIPS"
        and row["code"].isascii()
        and row["code"].isdigit()
        and int(row["code"]) <= _LAST_FIPS_OF_A_STATE
    }


def state_aliases(files: Mapping[str, Rows]) -> Iterator[StateAlias]:
    """Give every alias of every state; one word may come more than once."""
    # FIPS rows first, so that a state's own name is shown and not that of a pseudo-code.
    rows = sorted(files["states.csv"].values(), key=lambda row: (row["code_system"] != "FIPS", row["code"]))
    for row in rows:
        words = ((row["code"], row["code_system"]), (row["usps"], "USPS"), (row["name"], "name"))
        for word, system in words:
            yield StateAlias(normalize(word), row["usps"], row["name"], system, row.where)
    for (key,), row in files["whole_country.csv"].items():
        yield StateAlias(key, WHOLE_COUNTRY, "the 50 states and DC", "whole country", row.where)


def build(document: Document, files: Mapping[str, Rows]) -> Mapping[str, tuple[TableRow, ...]]:
    """Return the rows of every table of COLUMNS, sorted, for a policy that passed its checks."""
    made: dict[str, Iterable[TableRow]] = {**_regimes(document), **_instruments(document), **_words(files)}
    top = document.top
    made["policy_implied_by"] = [
        (category, other, leaf.where.origin)
        for category, leaf in top.maps.get("implied_by", {}).items()
        for other in leaf.value
    ]
    days: list[date] = top.get("boundary_days")
    made["policy_boundary_days"] = [(day, top.at("boundary_days").origin) for day in set(days)]
    made["policy_settings"] = [tuple(top.get(name) for name, _ in COLUMNS["policy_settings"])]
    # Nulls first; text, days and small numbers by how they are written.
    return {
        name: tuple(sorted(made[name], key=lambda row: tuple((cell is not None, str(cell)) for cell in row)))
        for name in COLUMNS
    }


def fingerprint(tables: Mapping[str, tuple[TableRow, ...]]) -> str:
    """Return the SHA-256, in hex, of what the tables say, `origin` left out."""
    digest = hashlib.sha256()
    for name, columns in COLUMNS.items():
        keep = [n for n, (column, _) in enumerate(columns) if column != "origin"]
        rows = [[row[n] for n in keep] for row in tables[name]]
        said = {"table": name, "columns": [columns[n][0] for n in keep], "rows": rows}
        text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), default=str)
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def _regimes(document: Document) -> dict[str, Iterable[TableRow]]:
    regimes: list[TableRow] = []
    states: list[TableRow] = []
    severities: list[TableRow] = []
    plain = ("title", "ordered", "first_day", "last_day", "enabled", "evidence", "citation")
    kinds = {"categories": "category", "populations": "population", "programs": "program"}
    for name, block in document.regimes.items():
        default = block.maps.get("programs", {}).get("default")
        certainty = {line: leaf.value for line, leaf in block.maps.get("certainty", {}).items()}
        notes = block.maps.get("state_notes", {})
        regimes.append(
            (
                name,
                *(block.get(key) for key in plain),
                block.get("default_category"),
                block.get("default_population"),
                None if default is None else default.value,
                *(certainty.get(f"{key}.default") for key in kinds),
                block.get("other_purpose"),
                block.where.origin,
            )
        )
        for key, status in (("states", "covered"), ("states_unsettled", "unsettled")):
            states += [
                (
                    name,
                    state,
                    status,
                    certainty.get(f"states.{state}"),
                    notes[state].value if state in notes else None,
                    block.item_at(key, state).origin,
                )
                for state in block.get(key)
            ]
        for key, kind in kinds.items():
            severities += [
                (name, kind, word, leaf.value, certainty.get(f"{key}.{word}"), leaf.where.origin)
                for word, leaf in block.maps.get(key, {}).items()
                if (key, word) != ("programs", "default")
            ]
    return {"policy_regimes": regimes, "policy_regime_states": states, "policy_severities": severities}


def _each(block: Block, key: str) -> Iterator[tuple[object, str]]:
    """Give each different item of a list, with the origin of the list."""
    for item in dict.fromkeys(block.get(key) or ()):
        yield item, block.at(key).origin


def _instruments(document: Document) -> dict[str, Iterable[TableRow]]:
    made: dict[str, list[TableRow]] = {
        "policy_instruments": [],
        "policy_instrument_days": [],
        "policy_instrument_weekdays": [],
        "policy_instrument_categories": [],
        "policy_instrument_programs": [],
        "policy_reported_transfers": [],
    }
    for name, block in document.instruments.items():
        first, last = block.get("hours") or (None, None)
        made["policy_instruments"].append(
            (
                name,
                *(block.get(key) for key in ("kind", "title", "dated", "access")),
                first,
                last,
                block.get("hours_zone"),
                block.where.origin,
            )
        )
        for key, kind in (("signed_candidates", "signed"), ("end_candidates", "end")):
            made["policy_instrument_days"] += [(name, kind, *each) for each in _each(block, key)]
        for key, kind in (("narrow_list", "narrow"), ("wide_list", "wide")):
            made["policy_instrument_categories"] += [(name, kind, *each) for each in _each(block, key)]
        made["policy_instrument_programs"] += [(name, *each) for each in _each(block, "programs")]
        made["policy_instrument_weekdays"] += [
            (name, _ISO_WEEKDAYS[str(day)], origin) for day, origin in _each(block, "weekdays")
        ]
    for block in document.reported:
        made["policy_reported_transfers"].append(
            (
                block.get("date"),
                block.get("evidence"),
                tuple(block.get("states") or ()),
                tuple(block.get("elements") or ()),
                block.get("note"),
                block.where.origin,
            )
        )
    return {**made}


def _words(files: Mapping[str, Rows]) -> dict[str, Iterable[TableRow]]:
    made: dict[str, Iterable[TableRow]] = {}
    for table in ("agencies", "programs", "populations", "purposes", "outcomes", "elements"):
        # The first column is the normalized key, the last the origin; the rest as in the file.
        names = [name for name, _ in COLUMNS[f"policy_{table}"]][1:-1]
        made[f"policy_{table}"] = [
            (key[0], *(row[name] or None for name in names), row.where.origin)
            for key, row in files[f"{table}.csv"].items()
        ]
    codes = [name for name, _ in COLUMNS["policy_codes"]][:-1]
    made["policy_codes"] = [
        (*(row[name] or None for name in codes), row.where.origin) for row in files["codes.csv"].values()
    ]
    made["policy_parties"] = _party_rows(files)
    states: dict[str, TableRow] = {}
    for alias in state_aliases(files):
        row = (alias.key, alias.state, alias.name, alias.code_system, alias.where.origin)
        states.setdefault(alias.key, row)
    made["policy_states"] = states.values()
    made["policy_nation"] = [(state, where.origin) for state, where in nation_rows(files).items()]
    return made


def _party_rows(files: Mapping[str, Rows]) -> Iterable[tuple[object, ...]]:
    """Give the rows of the table `policy_parties`.

    A network has its first and last address as hexadecimal text of one length, which any client can compare.
    """
    for (kind, key), row in files["parties.csv"].items():
        first = last = None
        if kind == "network":
            network = ipaddress.ip_network(key)
            digits = network.max_prefixlen // 4
            first, last = (f"{int(end):0{digits}x}" for end in (network.network_address, network.broadcast_address))
        cells = (row[name] or None for name in ("value", "agency", "certainty", "source"))
        yield (kind, key, *cells, first, last, row.where.origin)
