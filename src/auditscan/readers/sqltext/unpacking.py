"""Functions that make rows of a value, pivots, patterns of rows: whatever gives columns new names on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext import relations as rel
from auditscan.readers.sqltext.expressions import listed
from auditscan.readers.sqltext.limits import OPAQUE
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.relations import EMPTY, Field, Relation, Scope

if TYPE_CHECKING:
    from auditscan.readers.sqltext.relations import Follows, Tables

_UNPACKED = ("seq", "key", "path", "index", "value", "this", "pos", "col", "offset", "ordinality", "element")
_UNPACKERS = frozenset(
    (
        "flatten", "explode", "explodeouter", "posexplode", "posexplodeouter", "inline", "inlineouter", "stack",
        "unnest", "jsontuple", "splittotable", "strtoksplittotable", "stringsplit", "regexpsplittotable", "generator",
        "range", "sequence", "generateseries", "generatearray", "openjson", "jsontable", "jsoneach", "jsoneachtext",
        "jsonbeach", "jsonbeachtext", "jsonarrayelements", "jsonarrayelementstext", "jsonbarrayelements",
        "jsonbarrayelementstext", "jsontorecord", "jsontorecordset", "jsonbtorecordset", "variantexplode",
        "variantexplodeouter", "xmltable", "explodingmultiply", "explodemap", "explodesplit",
    )
)  # fmt: skip
_OF_RECORDS = frozenset(("inline", "inlineouter", "unnest", "jsontorecord", "jsontorecordset", "jsonbtorecordset"))
_OTHER_RESULT = "result_scan"
_NO_NAMES = frozenset(("value", "val", "text", "data", "item", "items", "element", "$", "@", "#text", "root", "array"))
_PATHS = (
    exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar, exp.GetExtract, exp.Bracket,
    exp.Dot, exp.XMLGet, exp.JSONExtractArray, exp.JSONValue,
)  # fmt: skip
_PATH_FUNCTIONS = frozenset(("jsontuple", "getjsonobject", "getignorecase", "get", "jsonvalue", "jsonquery", "getpath"))
_WORDS = re.compile(r"[^\W\d][\w$ #-]*")


def members(node: exp.Expr) -> list[str]:
    """The names under which an expression takes something out of a value that has parts, as of `src:person.ssn`."""
    if isinstance(node, exp.Anonymous):
        if _plain_name(node.name) not in _PATH_FUNCTIONS:
            return []
        return [name for part in node.expressions[1:] if (name := _last_name(_steps(part)))]
    inside = node.parent.this is node if isinstance(node.parent, _PATHS) else False
    if not isinstance(node, _PATHS) or inside:
        # Of a path only the end says what is taken out.
        return []
    path: list[exp.Expr] = []
    while isinstance(node, _PATHS):
        path.insert(0, node)
        node = node.this
    keys = ("expression", "path", "expressions")
    name = _last_name([step for part in path for key in keys for step in _steps(part.args.get(key))])
    return [name] if name else []


def _steps(path: object) -> list[str]:
    if isinstance(path, list):
        return [step for part in path for step in _steps(part)]
    if isinstance(path, exp.JSONPath):
        return [str(step.this) for step in path.find_all(exp.JSONPathKey) if isinstance(step.this, str)]
    if isinstance(path, exp.Identifier):
        return [path.name]
    return _WORDS.findall(path.name) if isinstance(path, exp.Literal) and path.is_string else []


def _last_name(steps: list[str]) -> str:
    """The last name of a path that names something."""
    return next((step for step in reversed(steps) if step.casefold() not in _NO_NAMES), "")


def _plain_name(name: str) -> str:
    return name.replace("_", "").casefold()


def function_name(function: exp.Expr, dialect: str) -> str:
    """A function by the name that the text has for it."""
    if isinstance(function, exp.Anonymous):
        return function.name
    return function.sql(dialect=dialect, comments=False).split("(")[0].strip().strip('"`')


def unpacked(follower: Follows, function: exp.Expr, scope: Scope, tables: Tables, names: list[str]) -> Relation:
    """What a function in FROM gives, under these names: parts of its values, or, where nobody knows it, anything."""
    if any(isinstance(node, exp.Anonymous) and node.name.casefold() == _OTHER_RESULT for node in function.walk()):
        raise NotFollowed("it shows the result of another query, which its text does not name")
    touched = set(scope.touched)
    scope.touched.clear()
    whole = rel.union(follower.value(part, scope, tables, []) for part in list(function.iter_expressions()))
    whole = rel.union([whole, *(rel.column(name) for name in members(function))])
    through = frozenset(scope.touched)
    scope.touched.clear()
    scope.touched |= touched
    name = function_name(function, follower.dialect)
    if {_plain_name(name), _plain_name(function.key)} & _UNPACKERS:
        if len(names) > 1 and {_plain_name(name), _plain_name(function.key)} & _OF_RECORDS:
            # Each column is a part of a record, and has no other name.
            return Relation(
                [(column.casefold(), whole | rel.column(column)) for column in names], limits=None, through=through
            )
        columns = [*_declared(function, whole), *((column, whole) for column in _UNPACKED)]
        return Relation(columns, anything=whole, members=True, limits=None, through=through)
    full_name = f"{name}()"
    follower.tables[full_name.casefold()] = full_name.upper()
    anything = whole if whole.sources or whole.opens else None
    return Relation(
        open={full_name.upper(): frozenset()}, anything=anything, limits=OPAQUE, listed=True, through=through
    )


def _declared(function: exp.Expr, whole: Field) -> list[tuple[str, Field]]:
    """Columns that a function says the names and paths of."""
    found = []
    for part in function.find_all(exp.OpenJSONColumnDef, exp.JSONColumnDef):
        name = _last_name(_steps(part.args.get("path"))) or part.name
        found.append((part.name.casefold(), whole | rel.column(name)))
    return found


def pivoted(follower: Follows, pivot: exp.Expr, found: Relation, scope: Scope, tables: Tables) -> Relation:
    """A table with rows turned into columns, or columns into rows, under the names that they are given."""
    inner = Scope(scope, [found])
    pairs = [part for part in pivot.args.get("fields") or [] if isinstance(part, exp.In)]
    alias = pivot.args.get("alias")
    names = [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if pivot.args.get("unpivot"):
        parts = [item.this if isinstance(item, exp.PivotAlias) else item for pair in pairs for item in pair.expressions]
        turned = rel.union(follower.value(item, inner, tables, []) for item in parts) if parts else found.everything
        made = [(pair.this.name.casefold(), EMPTY) for pair in pairs]
        made += [
            (part.name.casefold(), turned) for value in pivot.expressions for part in value.find_all(exp.Identifier)
        ]
        told = bool(parts)
    else:
        parts = [*pivot.expressions, *(pair.this for pair in pairs)]
        turned = rel.union(follower.value(item, inner, tables, []) for item in pivot.expressions)
        told = bool(pairs)
        for pair in pairs:
            follower.use(pair.this, inner, tables)
            told &= bool(pair.expressions) and all(isinstance(item.unalias(), exp.Literal) for item in pair.expressions)
        made = [(part.name.strip("'").casefold(), turned) for part in pivot.args.get("columns") or []] if told else []
    gone = {column.name.casefold() for part in parts for column in part.find_all(exp.Column)}
    columns = [(name, item) for name, item in found.columns if name not in gone] + made
    anything = found.anything if told else rel.union([turned, *([found.anything] if found.anything else [])])
    pivoted_table = replace(found, columns=columns, anything=anything)
    pivoted_table = pivoted_table.renamed(alias.name if isinstance(alias, exp.TableAlias) else found.alias, names)
    if not names and not pivot.args.get("unpivot"):
        # Snowflake keeps the quotes of a value in the name that it makes of it.
        pivoted_table.columns = pivoted_table.columns + [(f"'{name}'", item) for name, item in made]
    return pivoted_table


def matched(follower: Follows, match: exp.Expr, found: Relation, scope: Scope, tables: Tables) -> Relation:
    """A table seen through MATCH_RECOGNIZE: its measures beside its columns."""
    inner = Scope(scope, [found])
    columns: list[tuple[str, Field]] = []
    for measure in match.args.get("measures") or []:
        shown = measure.this.copy()
        for column in list(shown.find_all(exp.Column)):
            if column.table and column.table.casefold() != found.alias:
                # A word of the pattern stands before the column.
                column.set("table", None)
        columns.append((shown.alias_or_name.casefold(), follower.value(shown, inner, tables, [])))
    for key in ("partition_by", "order", "define"):
        for part in listed(match.args.get(key)):
            follower.use(part.unalias(), inner, tables)
    alias = match.args.get("alias")
    seen = replace(found, columns=columns + found.columns)
    return seen.renamed(alias.name if isinstance(alias, exp.TableAlias) else found.alias, [])
