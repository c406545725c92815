"""Programs, states and populations of a query, and which of them no word of its text names.

A state is named by its code in a filter. What the name of a table, a code of citizenship or the want of a filter
stands for is deduced, and each of these says from what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.readers.sqltext.codes import CITIZEN, chip_codes, people_words, state_codes
from auditscan.readers.sqltext.model import UNKNOWN, Deduced
from auditscan.readers.sqltext.names import PROGRAM_NAMES, table_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.readers.sqltext.limits import Limits

_CHIP_PROGRAMS = {"0": (), "1": ("medicaid",), "2": ("chip",), "3": ("chip",), "4": ("medicaid", "chip")}


def states_of(limits: Limits | None) -> tuple[str, ...] | None:
    """The codes that filters let through; None where nothing is known."""
    if limits is None:
        return None
    codes, _ = state_codes(limits.states)
    if codes is None:
        return ("ALL",)
    return None if codes == {UNKNOWN} else tuple(sorted(codes))


def deduced_states(limits: Limits | None) -> Iterator[Deduced]:
    """All states where no filter names one, those left where one names others, and those that a filter leaves open."""
    states = states_of(limits) or ()
    if states == ("ALL",):
        yield Deduced("state", "ALL", "no filter on states")
    elif limits is not None:
        if state_codes(limits.states)[1]:
            for state in sorted(set(states) - {UNKNOWN}):
                yield Deduced("state", state, "the filter names the states that it leaves out")
        if UNKNOWN in states:
            yield Deduced("state", UNKNOWN, "a part of the query has no filter that tells its states")


def populations_of(limits: Limits | None) -> tuple[str, ...]:
    """Who is among the people; empty where nothing is known."""
    if limits is None:
        return ()
    # Nobody is left out: citizens are among them, and we cannot say who else.
    return tuple(sorted(people_words(limits.people) or (UNKNOWN, CITIZEN)))


def deduced_populations(limits: Limits | None, chosen_by: Sequence[str]) -> Iterator[Deduced]:
    """All of them: a filter has codes, which are no words for people. `chosen_by` are the filters in few words."""
    if limits is not None and limits.people.free:
        why = "no filter on people"
    else:
        why = "; ".join(dict.fromkeys(chosen_by)) or "its tables do not tell whose data they hold"
    for population in populations_of(limits):
        yield Deduced("population", population, why)


def programs_of(tables: set[str], limits: Limits | None) -> tuple[str, ...]:
    """What the names of the tables stand for, less what a filter on the CHIP code leaves out."""
    if not tables:
        return ()
    codes = _chip_codes(tables, limits)
    if codes is not None:
        programs = {program for code in codes for program in _CHIP_PROGRAMS.get(code, ("medicaid", "chip"))}
    else:
        programs = {program for table in tables for program in table_named(table).programs}
    return tuple(sorted(programs)) or (UNKNOWN,)


def deduced_programs(tables: set[str], limits: Limits | None) -> Iterator[Deduced]:
    """All of them, each from the first table that holds it."""
    codes = _chip_codes(tables, limits)
    for program in programs_of(tables, limits):
        holding = sorted(table for table in tables if program in table_named(table).programs)
        if holding and program != UNKNOWN:
            why = f"table {_told_by(holding[0])}"
            if codes is not None:
                why += f"; the filter on the CHIP code leaves {', '.join(sorted(codes))}"
            yield Deduced("program", program, why)


def _told_by(table: str) -> str:
    """The part of a table's name that tells its programs, and what it tells."""
    last = table.rsplit(".", 1)[-1]
    shown = last if table_named(last).programs == table_named(table).programs else table
    programs = [name for program, name in PROGRAM_NAMES.items() if program in table_named(table).programs]
    return f"{shown} holds {', '.join(programs[:-1])}{' and ' if programs[:-1] else ''}{programs[-1]}"


def _chip_codes(tables: set[str], limits: Limits | None) -> frozenset[str] | None:
    """The CHIP codes that a filter leaves, where all that is read is Medicaid and CHIP in one table."""
    told = [table_named(table) for table in tables]
    if limits is None or not any(table.both for table in told):
        return None
    return chip_codes(limits.chip) if all(table.both or not table.programs for table in told) else None
