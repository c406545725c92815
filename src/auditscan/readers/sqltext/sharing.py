"""Statements that let somebody in: grants, shares, listings, replication to other accounts."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.sqltext.parts import Statement

if TYPE_CHECKING:
    from auditscan.readers.sqltext.parts import Parts

_SHARES = ("SHARE", "DATASHARE", "RECIPIENT")
_READING = frozenset(
    ("SELECT", "ALL", "OWNERSHIP", "READ", "CONTROL", "IMPORTED", "DATAVIEWER", "DATAOWNER", "DATAEDITOR")
)
_WHOLE = frozenset(("SELECT", "ALL", "OWNERSHIP", "DATAVIEWER"))
_NO_TABLE = frozenset(
    (
        "SHARE", "DATASHARE", "ALL", "FUTURE", "DATABASE", "SCHEMA", "STAGE", "CATALOG", "VOLUME", "EXTERNAL",
        "DATASET", "ANY",
    )
)  # fmt: skip
_NO_DATA = frozenset(
    (
        "WAREHOUSE", "INTEGRATION", "FUNCTION", "PROCEDURE", "RESOURCE", "TASK", "PIPE", "ROLE", "USER", "POLICY",
        "TAG", "LANGUAGE", "MODEL", "FORMAT", "SEQUENCE", "CONNECTION", "CREDENTIAL", "ENDPOINT", "COMPUTE", "SERVICE",
    )
)  # fmt: skip
_WHO = frozenset(
    ("ROLE", "USER", "GROUP", "SHARE", "DATASHARE", "RECIPIENT", "ACCOUNT", "ACCOUNTS", "APPLICATION", "DATABASE", "=")
)


def granted(parts: Parts) -> Statement | None:
    """GRANT, where it lets somebody from outside read data, or gives a role that may.

    Rights are given all day within an agency: that lets in nobody. The roles and users of others have their names.
    """
    words = parts.words
    on, to = parts.find("ON"), parts.find("TO")
    who = _who(parts, to + 1) if to > 0 else None
    within = Statement("ddl", "none", let_in=who)
    if on < 0 or (0 < to < on):
        opens = "it gives a role: what that opens is not in the text"
        return replace(within, kind="share", direction="unknown", problem=opens) if _outside(parts.sql(1)) else within
    # BigQuery grants roles, with a path before their names.
    rights = {token.text.strip("`'\"").rsplit(".", 1)[-1].upper() for token in parts.tokens[1:on]}
    to_share = bool({*_SHARES} & set(words))
    if not to_share and (not rights & _READING or set(words[on + 1 : on + 3]) & _NO_DATA or not _outside(who)):
        return within
    place = on + 1
    named = place < len(words) and words[place] not in _NO_TABLE
    whole = named and bool(rights & _WHOLE) and (not to_share or parts.at(1, "SELECT"))
    if whole and words[place] in ("TABLE", "VIEW", "MATERIALIZED"):
        place += 1 + (words[place] == "MATERIALIZED")
    return Statement("share", "out", table=parts.path(place)[0] if whole else "", let_in=who)


def _outside(names: str | None) -> bool:
    """Whether the name of a role, user or account has a word for an agency that is let in, or for everybody."""
    return bool(set(normalize(names or "").split("_")) & _others())


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    """The words for agencies other than the one whose data it is, from the policy that comes along."""
    rows: dict[str, list[dict[str, str]]] = {}
    for name in ("agencies", "parties"):
        text = files("auditscan.policy").joinpath(f"{name}.csv").read_text("utf-8")
        rows[name] = list(csv.DictReader(text.splitlines()))
    agencies = {row["agency"] for row in rows["agencies"] if row["side"] not in ("sender", "elsewhere")}
    words = {normalize(row["alias"]) for row in rows["agencies"] if row["agency"] in agencies}
    words |= {
        normalize(row["value"]) for row in rows["parties"] if row["agency"] in agencies and row["kind"] == "token"
    }
    return frozenset(words) | {"public", "allusers", "allauthenticatedusers"}


def altered(parts: Parts) -> Statement | None:
    """ALTER, where it hands something to a share, a share or a copy to an account, or a table to a new owner."""
    words = parts.words
    if words[1:2] in (["SHARE"], ["DATASHARE"]):
        added = parts.find("ADD", "SET")
        if added < 0:
            return Statement("share", "none")
        table = parts.path(added + 2)[0] if words[added + 1 : added + 2] in (["TABLE"], ["VIEW"]) else ""
        who = _who(parts, added + 2) if words[added + 1 : added + 2] in (["ACCOUNTS"], ["ACCOUNT"]) else None
        return Statement("share", "out", table=table, let_in=who)
    accounts = parts.find("ACCOUNTS", "ALLOWED_ACCOUNTS")
    if accounts > 0 and not {"DISABLE", "REMOVE", "UNSET"} & set(words):
        return Statement("share", "out", let_in=_who(parts, accounts + 1))
    owner = parts.find("OWNER")
    if owner > 0 and words[1:2] in (["TABLE"], ["VIEW"]):
        who = _who(parts, owner + 2)
        table = parts.path(2)[0]
        return (
            Statement("share", "out", table=table, let_in=who)
            if _outside(who)
            else Statement("ddl", "none", let_in=who)
        )
    if words[1:2] in (["TABLE"], ["VIEW"]):
        renamed = parts.find("TO") if parts.find("RENAME") > 0 else -1
        place = 4 if parts.at(2, "IF", "EXISTS") else 2
        if renamed > 0 and parts.find("COLUMN") < 0:
            return Statement("ddl", "none", creates=parts.path(renamed + 1)[0], table=parts.path(place)[0])
        return Statement("ddl", "none", fills=parts.path(place)[0] if "SWAP" in words else "")
    return None


def made_to_share(parts: Parts) -> Statement | None:
    """CREATE of what lets others in, or brings their data here."""
    words = parts.words[1:8]
    accounts = parts.find("ALLOWED_ACCOUNTS")
    if accounts > 0:
        return Statement("share", "out", let_in=_who(parts, accounts + 1))
    if "LISTING" in words[:3]:
        return Statement("share", "out")
    if "PUBLICATION" in words[:2]:
        table = parts.find("TABLE") + 1
        return Statement("share", "out", table=parts.path(table)[0] if table else "")
    if "SHARE" in words[:4] or "DATASHARE" in words[:4]:
        return Statement("share", "none")
    return Statement("load", "in") if "DATABASE" in words[:3] and parts.find("REPLICA") > 0 else None


def _who(parts: Parts, place: int) -> str | None:
    """Whom it lets in, as written."""
    while place < len(parts.tokens) and parts.words[place] in _WHO:
        place += 1
    end = parts.find("WITH", "GRANTED", "SHARE_RESTRICTIONS", "REPLICATION_SCHEDULE", "IGNORE", start=place)
    found = parts.sql(place, end if end > 0 else None).strip()
    return found.strip("'\"`") or None
