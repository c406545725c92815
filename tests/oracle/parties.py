"""Who a logged text names: the words of agencies.csv, then the lines of parties.csv, kind by kind.

Where the meaning leaves a choice, this is the one taken:

* Of mail domains the longest that the domain ends with counts, of networks the narrowest that holds the address.
* Words of a name count only outside of mail addresses, and only if all that are known mean one agency. One word of a
  longer name is a guess; several words that agree, or one beside words that any account has in its name, are none.
* Phrases come before single words: a department of human services is a state's, and so is `Oregon DHS`.
* A text with `;` or `,` names several parties, unless it is a word or a name as a whole. As a recipient it is the
  first of DHS, parts that enforce immigration law before others and whatever is no guess before both; as a sender the
  first of CMS; without one it is their agency if all are known and agree.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from oracle.reading import BLANKS
from oracle.tables import Policy, normalize

HOST = r"(?:[a-z0-9-]+\.)+[a-z0-9-]+"
GUEST = re.compile(rf"_({HOST})#ext#@")
MAIL = re.compile(rf"@({HOST})\.?[>)\]\"' ]*\Z")
PLACE = re.compile(r"(?:[a-z][a-z0-9+.-]*://(?:[^/@]*@)?)?((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)\.?(?::[0-9]+)?(?:/.*)?")
ARN = re.compile(r"arn:[a-z-]*:[^:]*:[^:]*:([0-9]{12}):.*", re.DOTALL)
NAMED_MAIL = re.compile(r"[^@]*<[^<>@]*@[^<>@]*>\s*")


class Party(NamedTuple):
    """An agency, the side it is on, and how it was found."""

    agency: str | None
    side: str
    found_by: str | None = None

    @property
    def guessed(self) -> bool:
        """Whether no more than a word of a longer name says so."""
        return self.found_by == "token"

    @property
    def mild(self) -> bool:
        """Whether it is no part of DHS that enforces immigration law."""
        return self.agency not in ENFORCERS


ENFORCERS = ("ICE", "CBP", "DHS")
_TECHNICAL = """
read reader readonly ro rw role user users usr svc srv app api prod prd dev test tst uat etl analyst analysts admin
dba owner extract extracts export pull push eft sftp ftp gw gateway share consumer acct account grp group client bot
batch job wh viewer select access hq gov us in out
"""
TECHNICAL = frozenset(_TECHNICAL.split())
"""Words that make a name of an account or a role out of the name of its owner."""


NOBODY = Party(None, "unknown")


@dataclass(frozen=True)
class Found:
    """What stands behind a text."""

    party: Party
    agencies: tuple[str, ...] = field(default=())
    """Of its parts, sorted; `unknown` among them."""


@lru_cache(100_000)
def find(text: str | None, role: str, policy: Policy) -> Found:
    """Return the party of a text that stands as `sender` or `recipient`."""
    if text is None:
        return Found(NOBODY)
    parts = parts_of(text)
    if len(parts) < 2:
        party = _one(text, role, policy)
        return Found(party, (party.agency or "unknown",))
    whole = _word(text, policy) or _line("name", normalize(text), policy)
    if whole:
        return Found(whole, (str(whole.agency),))
    found = [_one(part, role, policy) for part in parts]
    agencies = tuple(sorted({party.agency or "unknown" for party in found}))
    asked = [party for party in found if party.side == role]
    if asked:
        return Found(min(asked, key=lambda party: (party.guessed, role == "recipient" and party.mild)), agencies)
    if len(agencies) == 1 and agencies != ("unknown",):
        return Found(found[0], agencies)
    return Found(NOBODY, agencies)


def parts_of(text: str) -> list[str]:
    """Return the parts of a text that may name several parties."""
    parts = []
    for piece in text.split(";"):
        parts += [piece] if NAMED_MAIL.fullmatch(piece) else piece.split(",")
    return [part.strip(BLANKS) for part in parts if part.strip(BLANKS)]


def _one(part: str, role: str, policy: Policy) -> Party:
    key = normalize(part)
    for found in (
        _word(part, policy),
        _mail(part, policy),
        _account(part, policy),
        _network(part, policy),
        _line("name", key, policy),
        _phrase(part, key, policy),
        _tokens(part, key, policy),
    ):
        if found:
            # A guess counts for the side that is asked about: it takes no transfer out of scope.
            return NOBODY if found.guessed and found.side != role else found
    return NOBODY


def _word(part: str, policy: Policy) -> Party | None:
    found = policy.agencies.get(normalize(part))
    return Party(*found, "alias") if found else None


def _line(kind: str, key: str, policy: Policy) -> Party | None:
    agency = policy.parties.get((kind, key))
    return Party(agency, policy.sides[agency], kind) if agency else None


def _mail(part: str, policy: Policy) -> Party | None:
    low = part.lower()
    if "#ext#@" in low:
        match = GUEST.search(low)
    elif "@" in low and "://" not in low:
        match = MAIL.search(low)
    else:
        match = PLACE.fullmatch(low)
    labels = match[1].split(".") if match else []
    for start in range(len(labels)):
        found = _line("mail_domain", ".".join(labels[start:]), policy)
        if found:
            return found
    return None


def _account(part: str, policy: Policy) -> Party | None:
    match = ARN.fullmatch(part.lower())
    return _line("account", match[1] if match else part, policy)


def _network(part: str, policy: Policy) -> Party | None:
    try:
        address = ipaddress.ip_address(part)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return None
        address = address.ipv4_mapped or address
    holding = [
        (ipaddress.ip_network(value), value)
        for kind, value in policy.parties
        if kind == "network" and address in ipaddress.ip_network(value)
    ]
    return _line("network", max(holding, key=lambda one: one[0].prefixlen)[1], policy) if holding else None


def _phrase(part: str, key: str, policy: Policy) -> Party | None:
    if "@" in part:
        return None
    within = f"_{key}_"
    lines = [value for kind, value in policy.parties if kind == "phrase" and f"_{value}_" in within]
    states = [f"{name}_dhs" for name in policy.state_names if f"_{name}_dhs_" in within]
    best = max((*lines, *states), key=len, default=None)
    if best is None:
        return None
    return _line("phrase", best, policy) or Party("STATE", policy.sides["STATE"], "phrase")


def _tokens(part: str, key: str, policy: Policy) -> Party | None:
    if "@" in part:
        return None
    words = dict.fromkeys(key.split("_"))
    known = {word: found for word in words if (found := _line("token", word, policy))}
    others = [
        word for word in words if word not in known and word not in TECHNICAL and not re.fullmatch("[0-9]+", word)
    ]
    whole = len(known) > 1 or (not others and re.fullmatch(r"[A-Za-z0-9_.-]+", part))
    if any(party.side == "recipient" and party.agency != "DHS" for party in known.values()):
        # A department beside a component of its own is no second party.
        known = {word: party for word, party in known.items() if party.agency != "DHS"}
    if len({party.agency for party in known.values()}) != 1:
        return None
    party = next(iter(known.values()))
    return party._replace(found_by="account_name" if whole else "token")
