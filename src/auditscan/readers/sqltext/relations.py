"""What a query reads from, as far as its columns can be followed back to tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from auditscan.readers.sqltext.limits import FREE, OPAQUE, Known, Limits
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.names import (
    NAME_CLASSES,
    PEOPLE_CLASSES,
    STATE_CLASSES,
    asked_by,
    column_class,
    key_kind,
    table_named,
)
from auditscan.readers.sqltext.spans import FREE_SPAN, OPAQUE_SPAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Opens = dict[str, frozenset[str]]
"""Table, upper case -> columns, upper case, that are left out of all its columns."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value put out: the columns it is made from."""

    sources: frozenset[str] = frozenset()
    opens: tuple[tuple[str, frozenset[str]], ...] = ()
    """Whole rows in one value, as of `object_construct(*)`."""
    plain: str | None = None
    """The column, if the value is that column unchanged."""
    counted: frozenset[str] = frozenset()
    """Columns that it counts, sums or groups by: they are not put out."""
    aggregate: bool = False
    """Whether it tells of many rows at once."""

    def __or__(self, other: Field) -> Field:
        if self is other:
            return self
        opens = merged(dict(self.opens), dict(other.opens))
        plain = self.plain if self.plain == other.plain else None
        return Field(
            self.sources | other.sources,
            tuple(sorted(opens.items())),
            plain,
            self.counted | other.counted,
            self.aggregate or other.aggregate,
        )

    @property
    def met(self) -> frozenset[str]:
        """Every column it has to do with."""
        return self.sources | self.counted

    def as_counted(self) -> Field:
        """It where it tells of many rows at once, as what they are grouped by."""
        return replace(self, sources=frozenset(), counted=self.met, aggregate=True)


EMPTY = Field()


def merged(one: Opens, other: Opens) -> Opens:
    """Both sets of open tables: a column is left out only if both leave it out."""
    both = dict(one)
    for table, without in other.items():
        both[table] = both[table] & without if table in both else without
    return both


def column(name: str) -> Field:
    """The field of a column of a table, under its own name."""
    return Field(frozenset({name}), plain=name)


def union(fields: Iterable[Field]) -> Field:
    """One value made from all of them."""
    whole: Field | None = None
    for item in fields:
        whole = item if whole is None else whole | item
    return EMPTY if whole is None else whole


@dataclass(slots=True)
class Relation:
    """A table, a query or a function in FROM."""

    columns: list[tuple[str, Field]] = field(default_factory=list)
    """Names, case folded, and what they are made from, in order."""
    open: Opens = field(default_factory=dict)
    """Tables whose columns pass through under their own names."""
    anything: Field | None = None
    """What any name gives that is none of the columns: functions that unpack rows, queries still being read."""
    members: bool = False
    """Whether a name that is none of the columns is that of a part of the values it unpacks."""
    limits: Limits | None = FREE
    """None: it holds no data of anybody."""
    national: bool = False
    listed: bool = False
    """A list of people, or a table that may be one: a join on people is a filter."""
    alias: str = ""
    aside: bool = False
    """A list of whom somebody asked about, or words for codes: its rows say nothing of enrollees by themselves."""
    hidden: bool = False
    """Rows are only looked up in it (a semi join): it has no columns to show."""
    facts: frozenset[tuple[str, str]] = frozenset()
    """Columns that a filter fixes for every row, and the filter in few words."""
    outward: tuple[tuple[exp.Column, str, bool], ...] = ()
    """Columns of the query around it that its rows must match, over which kind of equality, and whether wholly."""
    parted: frozenset[str] = frozenset()
    """`state` or `people` where a condition on its columns does not restrict all that it puts out."""
    through: frozenset[int] = frozenset()
    """Relations of the same query whose rows a function unpacks."""

    def find(self, name: str) -> Field | None:
        """The field called `name`, or None where there is none for certain."""
        word = name.casefold()
        named = [item for known, item in self.columns if known == word]
        if named:
            return union(named)
        found = self.anything
        if self.members or (self.open and not all(name.upper() in without for without in self.open.values())):
            found = column(name) if found is None else found | column(name)
        return found

    @property
    def everything(self) -> Field:
        """All its columns in one value."""
        whole = union([*(item for _, item in self.columns), *([self.anything] if self.anything else [])])
        opens = merged(dict(whole.opens), self.open)
        return replace(whole, opens=tuple(sorted(opens.items())), plain=None)

    def renamed(self, alias: str, names: list[str]) -> Relation:
        """It under an alias, its columns too where the alias names them."""
        copy = replace(self, alias=alias.casefold() or self.alias)
        if names and not self.open and self.anything is None and len(names) <= len(self.columns):
            copy.columns = [
                (names[place].casefold() if place < len(names) else known, item)
                for place, (known, item) in enumerate(self.columns)
            ]
        elif names:
            # Which of the columns is meant by a name depends on the table: it may be any of them.
            copy.columns = [(name.casefold(), self.everything) for name in names]
        return copy


def table(full_name: str, alias: str) -> Relation:
    """A table, view or stage of which nothing is known but the name."""
    told = table_named(full_name)
    limits = OPAQUE
    if told.national:
        limits = FREE if told.people else Limits(FREE_SPAN, OPAQUE_SPAN)
    return Relation(
        open={full_name.upper(): frozenset()},
        limits=limits,
        national=told.national,
        listed=told.finder or not told.national,
        aside=told.finder or told.words,
        alias=alias.casefold(),
    )


@dataclass(slots=True)
class Scope:
    """What the names within one SELECT mean."""

    parent: Scope | None = None
    relations: list[Relation] = field(default_factory=list)
    using: set[str] = field(default_factory=set)
    aliases: dict[str, Field] = field(default_factory=dict)
    """Names given in the list of the same SELECT."""
    touched: set[int] = field(default_factory=set)
    """Relations from which something is put out."""
    known: dict[tuple[str, str, bool, int, int, int], tuple[Field, set[int]] | None] = field(default_factory=dict)
    """What columns were found to stand for, as long as nothing is added to what they may stand for."""
    about_one: bool = False
    """Whether its rows, or those of each of its groups, are of one person: what it counts is no count of many."""

    def chain(self) -> Iterator[Scope]:
        """It and the queries around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def outer(self) -> list[Scope]:
        """The queries around it."""
        return list(self.chain())[1:]

    def resolve(self, named: exp.Column, *, put_out: bool = False, aliased: bool = True) -> Field:
        """What a column stands for; one that no table is known to have stands for itself."""
        for scope in self.chain():
            found = scope.here(named, aliased=aliased)
            if found is not None:
                item, places = found
                if put_out:
                    scope.touched |= places
                return item
        if named.table:
            return self._member(named, put_out=put_out)
        return column(named.name) if self.relations else EMPTY

    def _member(self, named: exp.Column, *, put_out: bool) -> Field:
        """A part of a column that is itself a record: the names of both tell something."""
        parts = [part.name for part in named.parts]
        for scope in self.chain():
            of_table = len(parts) > 2 and any(relation.alias == parts[0].casefold() for relation in scope.relations)
            record = exp.column(parts[1], parts[0]) if of_table else exp.column(parts[0])
            found = scope.here(record, aliased=False)
            if found is not None:
                if put_out:
                    scope.touched |= found[1]
                return found[0] | column(parts[-1])
        return Field(frozenset({named.table, named.name}))

    def row(self, named: exp.Column) -> Relation | None:
        """The relation whose rows stand in one value, as in `select e from t e`; None for any other column."""
        name = named.name.casefold()
        if named.table or not name:
            return None
        for scope in self.chain():
            if any(known == name for relation in scope.relations for known, _ in relation.columns):
                return None
            for place, relation in enumerate(scope.relations):
                if relation.alias == name and not relation.hidden:
                    scope.touched.add(place)
                    return relation
        return None

    def here(self, named: exp.Column, *, aliased: bool = True) -> tuple[Field, set[int]] | None:
        """What a column stands for in this very SELECT, and the places of its relations; None if nothing."""
        asked = (named.name, named.table, aliased, len(self.relations), len(self.using), len(self.aliases))
        if asked not in self.known:
            self.known[asked] = self._look_up(named.name, named.table.casefold(), aliased=aliased)
        return self.known[asked]

    def _look_up(self, name: str, qualifier: str, *, aliased: bool) -> tuple[Field, set[int]] | None:
        if qualifier:
            places = {place for place, relation in enumerate(self.relations) if relation.alias == qualifier}
            if not places:
                return None
            return union(self.relations[place].find(name) or column(name) for place in sorted(places)), places
        sure = {
            p for p, relation in enumerate(self.relations) if any(k == name.casefold() for k, _ in relation.columns)
        }
        open_ = {p for p, relation in enumerate(self.relations) if relation.open and relation.find(name)}
        if sure and name.casefold() in self.using:
            sure |= open_
        elif not sure and aliased and name.casefold() in self.aliases:
            return self.aliases[name.casefold()], set()
        places = sure or open_ or {p for p, relation in enumerate(self.relations) if relation.anything}
        if not places:
            return None
        return union(self.relations[place].find(name) or EMPTY for place in sorted(places)), places

    def star(self, qualifier: str) -> list[Relation]:
        """The relations of which all columns are put out by `*` or `qualifier.*`."""
        for scope in self.chain():
            places = [
                place
                for place, relation in enumerate(scope.relations)
                if relation.alias == qualifier.casefold() or not (qualifier or relation.hidden)
            ]
            if places:
                scope.touched |= set(places)
                return [scope.relations[place] for place in places]
        raise NotFollowed("it puts out all columns of something that does not stand in FROM")

    def positional(self, node: exp.Expr) -> Field:
        """What `$1` or `t.$1` stands for: the column at that place where it is known, else that place."""
        number = int((node.this if node.key == "column" else node).name[:6])
        found: list[Field] = []
        for relation in self.star(node.args["table"].name if node.args.get("table") else ""):
            known = not relation.open and relation.anything is None and 0 < number <= len(relation.columns)
            found.append(relation.columns[number - 1][1] if known else column(f"${number}"))
        return union(found)

    def classify(self, named: exp.Column) -> Known | None:
        """Whether predicates on the column decide on states or people."""
        special = column_class(named.name)
        found = self.here(named, aliased=special is None)
        if found is None:
            return None
        item, places = found
        owner = self._owner(named, places)
        if owner != places:
            item = union(self.relations[place].find(named.name) or EMPTY for place in sorted(owner))
        if item.plain is not None:
            kind = column_class(item.plain) or asked_by(item.plain)
            if kind is None:
                return None
            of = "state" if kind in STATE_CLASSES else "people"
            return Known(kind, True, self.reached(owner), all(of not in self.relations[p].parted for p in owner))
        for source in sorted(item.met):
            kind = column_class(source)
            if kind in (*STATE_CLASSES, *PEOPLE_CLASSES, "chip"):
                return Known(kind, False, self.reached(owner))
        return None

    def _owner(self, named: exp.Column, places: set[int]) -> set[int]:
        """The relations a column may belong to: without a name before it, that of enrollees, if there is but one."""
        if named.table or len(places) < 2 or named.name.casefold() in self.using:
            return places
        national = {place for place in places if self.relations[place].national}
        return national if len(national) == 1 else places

    def told_by(self, named: exp.Column, place: int | None = None) -> str:
        """The name of the column of a table that says what is compared; of one of the relations, if one is given."""
        if place is not None:
            item = self.relations[place].find(named.name) or EMPTY
            places = {place}
        else:
            found = self.here(named)
            if found is None:
                return named.name
            item, places = found
        if item.plain is not None:
            posing = column_class(item.plain) == "state" and any("state" in self.relations[p].parted for p in places)
            return "" if posing else item.plain
        return next((source for source in sorted(item.met) if key_kind(source) or asked_by(source) in NAME_CLASSES), "")

    def reached(self, places: set[int]) -> frozenset[int]:
        """The relations, and those that functions among them unpack; all where a name is only an alias."""
        if not places:
            return frozenset(range(len(self.relations)))
        return frozenset(places).union(*(self.relations[place].through for place in places))


Tables = dict[str, Relation]
"""Name, case folded -> what a CTE or an earlier statement made."""


class Follows(Protocol):
    """Whoever follows a query, as seen from the pieces of a FROM that it comes by."""

    dialect: str
    tables: dict[str, str]

    def query(self, node: exp.Expr, tables: Tables, parent: Scope | None = None) -> Relation:
        """What a query puts out."""

    def value(self, item: exp.Expr, scope: Scope, tables: Tables, extra: list[Relation]) -> Field:
        """What the value of an expression is made from."""

    def use(self, condition: exp.Expr, scope: Scope, tables: Tables) -> None:
        """Note the columns of something that is not put out."""

    def join(self, join: exp.Join, scope: Scope, tables: Tables) -> None:
        """Note what a join uses."""
