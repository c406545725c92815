"""What one query text came to, and how its reading gives up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

UNKNOWN = "unknown"


class NotFollowed(Exception):
    """The text cannot be followed to its end; the message says why, in words for a report."""


class Deduced(NamedTuple):
    """A word that does not stand in the text, and what of the text it was deduced from."""

    kind: str
    """program | state | population | element"""
    item: str
    why: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one text put out, from where, about whom.

    Names are those of the source tables, as written, without aliases. Lists are sorted, without
    repeats. An unparsed text has nothing but a problem, tables that could be seen, and, where the
    head of the statement tells, a direction and a file.
    """

    kind: str
    """select | unload | load | get | put | create | insert | share | ddl | other | unparsed"""
    direction: str
    """out (leaves or is shown) | in | stay (into another table) | none | unknown"""
    outputs: tuple[str, ...] = ()
    """Columns put out; of an aggregate those that it counts, sums or groups by."""
    aggregate: bool = False
    """Whether nothing is put out but counts, sums, averages and what they are grouped by."""
    open_tables: tuple[str, ...] = ()
    """Tables of which every column is put out, upper case: the access log says which columns they have."""
    excluded: tuple[str, ...] = ()
    """`TABLE.COLUMN`, upper case: columns of open tables that the text leaves out by name."""
    used: tuple[str, ...] = ()
    """Columns that only filter, join, group, sort or, beside others that are put out, are counted."""
    tables: tuple[str, ...] = ()
    """Tables, views, stages and table functions read, full names as written, upper case."""
    programs: tuple[str, ...] = ()
    """medicare | medicaid | chip, from the names of tables; `unknown` where one tells nothing."""
    states: tuple[str, ...] | None = None
    """Codes as written; `ALL` where nothing restricts a national table; `unknown` beside codes when a
    part of what was put out is of states unknown; None when nothing is known."""
    populations: tuple[str, ...] = ()
    """Words of `populations.csv`: who is among the people. Empty means unknown."""
    picks_persons: bool = False
    """Whether the rows are of people asked for one by one, by number or by name: no more states than rows."""
    deduced: tuple[Deduced, ...] = ()
    """Which of the programs, states and populations do not stand in the text, and which columns only a filter tells."""
    population_filter: str | None = None
    """Predicates on citizenship, immigration status or a list of people; None if there are none."""
    file: str | None = None
    """The file or stage path written or fetched."""
    let_in: str | None = None
    """Who is let in by a grant or a share: a role, a user, an account, as written."""
    problem: str = ""
    """Why the text was not followed, or what it leaves open; empty if it was read whole."""


def distinct(names: set[str]) -> tuple[str, ...]:
    """The names sorted, those alike but for case once."""
    return tuple(sorted({name.casefold(): name for name in sorted(names, reverse=True)}.values()))
