"""docs/api.md, the page of the Python library: `python -m tools.make_api_page`, run in `tests/`.

Made from the docstrings of what `import auditscan` offers; a test holds the committed page to them. The sources are
read, not run, for the words below a field of a dataclass are in no object.
"""

from __future__ import annotations

import re
from pathlib import Path

import griffe

import auditscan

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"

INTRODUCTION = f"""\
# The Python library

{(auditscan.__doc__ or "").split("import auditscan", 1)[0].strip()}

```python
import auditscan
import polars as pl

with auditscan.connect("logs/", as_of="2026-03-01") as session:
    session.sql("select verdict_now, count(*) as transfers from answers group by all")
    session.answers().filter(pl.col("flagged")).sink_parquet("flagged.parquet")
    session.explain("EFT-2508-003")
```

Frames are [polars](https://pola.rs) frames (`pl`). `import auditscan` is quick: the engine and polars are loaded when
something is asked. [notebook.py](notebook.py) is a marimo notebook to begin with: `pip install '.[notebook]' && marimo
edit docs/notebook.py`.

Made from the docstrings, and every example in it is run by the tests.
"""

CHAPTERS = {
    "Functions": ("connect", "scan", "sample_logs"),
    "The session": ("Session",),
    "Policies": ("Policy",),
    "What comes back": ("Summary", "Explanation", "Difference", "Sweep"),
    "Warnings and errors": (
        "IncompleteWarning", "AuditscanError", "UsageError", "NoInputError", "PolicyError", "LibraryError", "SqlError",
        "LimitError", "StoreError",
    ),
}  # fmt: skip
"""Chapter -> the names in it. `errors` and the version have a sentence."""

PARTS = {
    "connect": ("FilePath", "PolicyLike"),
    "Policy": ("Overlay", "OverlayNote", "Change", "TableRow"),
    "Summary": ("Counts", "FileLine", "RuleRun"),
    "Explanation": ("Judged", "Regime", "Part", "State", "Word", "Finding"),
    "Difference": ("Side", "Row"),
}
"""What a name is made of: told behind it."""

OWN = {"as_json", "sources", "at", "of"}
"""Methods of parts that nobody outside needs."""

ENDING = """\
Every error is an `AuditscanError`, and a traceback shows its `why` and `hint` too. `auditscan.errors` has these and the
few that a caller hardly meets. `auditscan.__version__` is the version.
"""


def page() -> str:
    """Return the page as it should be."""
    package = griffe.load("auditscan", search_paths=[str(ROOT / "src")])
    return "\n".join([INTRODUCTION, *_chapters(package), ENDING])


def names() -> set[str]:
    """Return the names that have a heading of their own."""
    return {name for chapter in CHAPTERS.values() for name in chapter}


def _chapters(package: griffe.Module):
    for title, members in CHAPTERS.items():
        yield f"## {title}\n"
        for name in members:
            found = _find(package, getattr(auditscan, name).__module__, name)
            yield _entry(found, f"auditscan.{name}", 3)
            for part in PARTS.get(name, ()):
                yield _entry(_part(package, found, part), part, 4)


def _find(package: griffe.Module, module: str, name: str) -> griffe.Object:
    path = module.removeprefix("auditscan").strip(".")
    return package[f"{path}.{name}" if path else name]


def _part(package: griffe.Module, owner: griffe.Object, name: str) -> griffe.Object:
    """Find a part where its owner was made, or in the package of that module, or where either has it from."""
    found = (owner.module if name in owner.module.members else owner.module.parent)[name]
    return found.final_target if found.is_alias else found


def _entry(found: griffe.Object, name: str, level: int) -> str:
    heading = f"{'#' * level} `{name}`\n"
    said = _said(found)
    if found.is_attribute:
        return f"{heading}\n`{found.value}`\n"
    if found.is_function:
        return f"{heading}\n```python\n{_signature(found)}\n```\n\n{said}"
    if _is_error(found):
        return f"{heading}\n{said}"
    fields, methods = [], []
    for member in found.members.values():
        if member.name.startswith("_") or member.is_alias:
            continue
        if member.is_function:
            if member.name not in OWN:
                methods.append(member)
        elif member.has_docstring or _is_field(member):
            fields.append(_field(member))
    text = f"{heading}\n{said}"
    if fields:
        text += "\n" + "".join(fields)
    for member in methods:
        text += "\n" + _entry(member, f"{found.name}.{member.name}", level + 1)
    return text


def _is_error(found: griffe.Object) -> bool:
    return found.is_class and issubclass(getattr(auditscan, found.name, object), Exception | Warning)


def _is_field(member: griffe.Object) -> bool:
    return member.is_attribute and member.annotation is not None


def _field(member: griffe.Object) -> str:
    said = " ".join(member.docstring.value.split()) if member.docstring else ""
    kind = f": {member.annotation}" if member.annotation else ""
    return f"* `{member.name}{kind}`" + (f": {said}" if said else "") + "\n"


def _signature(found: griffe.Function) -> str:
    """Write a signature, one parameter a line where it is long."""
    parts: list[str] = []
    before = None
    for one in found.parameters:
        kind = griffe.ParameterKind
        if one.name in ("self", "cls"):
            continue
        if before is kind.positional_only and one.kind is not kind.positional_only and parts:
            parts.append("/")
        if one.kind is kind.keyword_only and before is not kind.keyword_only:
            parts.append("*")
        stars = {kind.var_positional: "*", kind.var_keyword: "**"}.get(one.kind, "")
        default = "" if one.default is None or stars else " = " + str(one.default).replace("'", '"')
        parts.append(f"{stars}{one.name}: {one.annotation}{default}")
        before = one.kind
    returns = f" -> {found.returns}" if found.returns else ""
    line = f"{found.name}({', '.join(parts)}){returns}"
    if len(line) <= 100:
        return line
    return f"{found.name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"


def _said(found: griffe.Object) -> str:
    """Return a docstring with its examples fenced."""
    if not found.docstring:
        return ""
    text = found.docstring.value.strip()
    return re.sub(r"(?ms)^>>> .*?(?=\n\n|\Z)", lambda example: f"```pycon\n{example[0]}\n```", text) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
