"""What in the SQL of a query may raise for a value of a log, found in what the engine's own parser makes of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

Tree = Any

RAISE_FOR_VALUES = frozenset(
    [
        "%",
        "//",
        "<<",
        ">>",
        "abs",
        "acos",
        "asin",
        "atanh",
        "bitstring",
        "chr",
        "cot",
        "date_add",
        "date_sub",
        "date_trunc",
        "decode",
        "enum_range",
        "epoch_ms",
        "epoch_ns",
        "error",
        "exp",
        "factorial",
        "format",
        "from_base64",
        "from_binary",
        "from_hex",
        "gamma",
        "generate_series",
        "hugeint",
        "json_extract_path",
        "lgamma",
        "list_reduce",
        "list_resize",
        "ln",
        "log",
        "log10",
        "log2",
        "make_date",
        "make_time",
        "make_timestamp",
        "make_timestamp_ms",
        "make_timestamp_ns",
        "make_timestamptz",
        "map",
        "map_from_entries",
        "printf",
        "range",
        "reduce",
        "repeat",
        "sqrt",
        "strptime",
        "time_bucket",
        "to_centuries",
        "to_days",
        "to_decades",
        "to_hours",
        "to_microseconds",
        "to_millennia",
        "to_milliseconds",
        "to_minutes",
        "to_months",
        "to_quarters",
        "to_seconds",
        "to_timestamp",
        "to_weeks",
        "to_years",
        "unbin",
        "unhex",
        "url_decode",
        "~~~",
    ]
)
"""Functions that raise for some values of their arguments; of constants each of them is as safe as it is once run."""

NEED_JSON = frozenset(
    [
        "->",
        "->>",
        "json_array_length",
        "json_contains",
        "json_each",
        "json_exists",
        "json_extract",
        "json_extract_string",
        "json_keys",
        "json_structure",
        "json_transform",
        "json_transform_strict",
        "json_tree",
        "json_type",
        "json_value",
        "from_json",
        "from_json_strict",
    ]
)
"""Functions that raise for text that is no JSON."""

CONSTANT_ARGUMENTS = {
    "regexp_extract": (1, 2),
    "regexp_extract_all": (1, 2),
    "regexp_full_match": (1,),
    "regexp_matches": (1,),
    "regexp_replace": (1, 2),
    "string_split_regex": (1,),
    "strftime": (1,),
    "try_strptime": (1,),
    "timezone": (0,),
    "lpad": (1, 2),
    "rpad": (1, 2),
    "substring": (1, 2),
    "inside": (1,),
    "each_inside": (1,),
    "value_at": (1,),
    "part_of": (1,),
    "first_part_of": (1,),
    "row_part_of": (1,),
    "texts_at": (1,),
    "m365_part": (1,),
    "json_extract": (1,),
    "json_extract_string": (1,),
    "json_transform": (1,),
}
"""Which arguments of a function, counted from 0, have to be constants: patterns, formats, paths, zones, places."""

SMALL = frozenset(
    [
        "count",
        "date_diff",
        "datediff",
        "day",
        "dense_rank",
        "hour",
        "instr",
        "json_array_length",
        "len",
        "length",
        "list_position",
        "list_unique",
        "minute",
        "month",
        "ord",
        "position",
        "rank",
        "row_number",
        "second",
        "strlen",
        "strpos",
        "unicode",
        "year",
    ]
)
"""Functions whose numbers no sum or product of a statement carries out of range: lengths, places, counts."""


def raising(sql: str) -> Iterator[str]:
    """Each expression of a text's statements that may raise for a value, as it stands there."""
    for statement in duckdb.extract_statements(sql):
        selects = _selects(statement.query)
        if selects is None:
            if re.search(r"\b(?:select|macro)\b", re.sub(_NO_CODE, "", statement.query)):
                raise ValueError(f"no kind of statement that is looked at: {statement.query[:200]}")
            continue
        told = json.loads(duckdb.execute("select json_serialize_sql($1)", [selects]).fetchall()[0][0])
        if told["error"]:
            raise ValueError(f"{told['error_message']}: {selects}")
        whole = selects.encode()
        for tree in _raising(told["statements"]):
            start, length = tree["query_location"], tree.get("query_location_length", 0)
            yield _shown(whole, start, length)


_NO_CODE = re.compile(r"'[^']*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


def _selects(sql: str) -> str | None:
    """A statement as one that selects, None where it works nothing out."""
    sql = re.sub(r"/\*.*?\*/", "", sql, count=1, flags=re.DOTALL)
    sql = re.sub(r"^(\s*--[^\n]*\n)+", "", sql.strip() + "\n").strip().removesuffix(";")
    head = sql[:40].lower()
    if head.startswith(("select", "with", "from", "(")):
        return sql
    if head.startswith("set variable"):
        return "select " + sql.split("=", 1)[1]
    if head.startswith("insert"):
        return re.sub(r"^insert into [\w.]+\s*(by name)?\s*(\((?!select)[^)]*\))?\s*(--[^\n]*\n\s*)*", "", sql)
    if head.startswith("delete"):
        return re.sub("^delete", "select 1", sql)
    if head.startswith("update"):
        return re.sub(r"^update (\w+)\s+set (.*?)(\nwhere\b.*)?$", r"select \2 from \1", sql, flags=re.DOTALL)
    macro = re.match(r"create or replace (?:temp )?macro [\w.]+\s*\([^)]*\) as\s+(table\s)?\s*", sql)
    if macro:
        return sql[macro.end() :] if macro[1] else "select " + sql[macro.end() :]
    made = re.match(r"create (?:or replace )?(?:temp )?(?:table|view)(?: if not exists)? [\w.]+ as\s", sql)
    return sql[made.end() :] if made else None


def _raising(tree: Tree, *, is_json: bool = False) -> Iterator[Tree]:
    """What may raise in a tree; where a branch is taken for valid JSON only, its functions of JSON do not."""
    if isinstance(tree, list):
        for child in tree:
            yield from _raising(child, is_json=is_json)
    elif isinstance(tree, dict) and tree.get("type") != "OPERATOR_TRY":
        if _may_raise(tree, is_json=is_json):
            yield tree
        for name, child in tree.items():
            asked = name == "then_expr" and _holds_for_json_only(tree["when_expr"])
            yield from _raising(child, is_json=is_json or asked)


def _holds_for_json_only(tree: Tree) -> bool:
    if tree.get("type") == "CONJUNCTION_AND":
        return any(map(_holds_for_json_only, tree["children"]))
    return tree.get("class") == "FUNCTION" and tree["function_name"] == "json_valid"


def _may_raise(tree: Tree, *, is_json: bool) -> bool:
    kind = tree.get("class")
    if kind == "CAST":
        return not (tree["try_cast"] or _is_given(tree["child"]) or _always_casts(tree, is_json=is_json))
    if kind not in ("FUNCTION", "WINDOW"):
        return False
    name = tree["function_name"].lower()
    arguments = [argument["expression"] for argument in tree.get("arguments", ())]
    if name in ("+", "-", "*"):
        return not (all(map(_is_small, arguments)) or any(map(_is_double, arguments)))
    if name == "abs":
        return not _is_double(arguments[0])
    if name in ("//", "%"):
        return not _is_given(arguments[1])
    if name in NEED_JSON and (is_json or _is_json(arguments[0])):
        return not all(map(_is_given, arguments[1:]))
    if name in RAISE_FOR_VALUES | NEED_JSON:
        return not all(map(_is_given, arguments))
    fixed = [arguments[at] for at in CONSTANT_ARGUMENTS.get(name, ()) if at < len(arguments)]
    if name == "substring":
        return not all(map(_is_small, fixed))
    return not all(map(_is_given, fixed))


def _always_casts(tree: Tree, *, is_json: bool) -> bool:
    made = tree["type_expr"]["type_name"].lower()
    if made == "list" and tree["type_expr"]["children"][0]["type_name"].lower() == "varchar":
        # The texts under a path with a wildcard.
        return is_json and tree["child"].get("function_name") == "json_extract_string"
    return made in ("varchar", "text") or (made == "json" and is_json)


def _is_json(tree: Tree) -> bool:
    """Whether a value is JSON for certain: what a cast to it or a function made."""
    if tree.get("class") == "CAST":
        return tree["type_expr"]["type_name"].lower() == "json"
    return tree.get("class") == "FUNCTION" and tree["function_name"] in ("as_list", "json_extract", "to_json", "->")


def _is_given(tree: Tree) -> bool:
    """Whether an expression is a constant, or what a scan sets: no value of a log."""
    kind = tree.get("class")
    if kind == "CONSTANT":
        return True
    if kind == "CAST":
        return _is_given(tree["child"])
    if kind == "FUNCTION":
        name = tree["function_name"].lower()
        if name == "getvariable" or not tree["arguments"]:
            return True
        safe = name in ("list_value", "-", "trunc", "struct_pack", "||", "coalesce") or name.startswith("to_")
        return safe and all(_is_given(argument["expression"]) for argument in tree["arguments"])
    return False


def _is_double(tree: Tree) -> bool:
    """Whether a value is a double, of which the edges are infinite and raise nowhere."""
    if tree.get("class") == "CAST":
        return tree["type_expr"]["type_name"].lower() == "double"
    return (
        tree.get("class") == "FUNCTION"
        and tree["function_name"] in ("+", "-", "*", "/")
        and any(_is_double(argument["expression"]) for argument in tree["arguments"])
    )


def _is_small(tree: Tree) -> bool:
    """Whether an expression is a number that is far from any edge."""
    kind = tree.get("class")
    if _is_given(tree):
        return True
    if kind == "CAST":
        return _is_small(tree["child"])
    if kind == "WINDOW":
        return tree["function_name"].lower() in SMALL
    if kind == "CASE":
        thens = [check["then_expr"] for check in tree["case_checks"]]
        return all(map(_is_small, [*thens, tree["else_expr"]]))
    if kind == "FUNCTION":
        name = tree["function_name"].lower()
        arguments = [argument["expression"] for argument in tree["arguments"]]
        return name in SMALL or (
            name in ("+", "-", "*", "//", "%", "greatest", "least", "coalesce", "max", "min", "any_value")
            and all(map(_is_small, arguments))
        )
    if kind == "OPERATOR" and tree["type"] == "OPERATOR_COALESCE":
        return all(map(_is_small, tree["children"]))
    return False


def _shown(whole: bytes, start: int, length: int) -> str:
    if start > len(whole):
        return "?"
    text = whole[start : start + max(length, 1)].decode(errors="replace")
    if length < 4:  # An operator, or a cast of which only the type is told.
        line_start = whole.rfind(b"\n", 0, start) + 1
        line_end = whole.find(b"\n", start)
        text = whole[line_start : line_end if line_end > 0 else None].decode(errors="replace")
    return " ".join(text.split())
