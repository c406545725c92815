"""Who a logged text names: the words of agencies.csv, then the lines of parties.csv, kind by kind.

Where the meaning leaves a choice, this is the one taken:

* Of mail domains the longest that the domain ends with counts, of networks the narrowest that holds the address.
* Words of a name count only outside of mail addresses, and only if all that are known mean one agency.
* A text with `;` or `,` names several parties, unless it is a word or a name as a whole. As a recipient it is the
  first of DHS, as a sender the first of CMS; without one it is their agency if all are known and agree.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
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


NOBODY = Party(None, "unknown")


@dataclass(frozen=True)
class Found:
    """What stands behind a text."""

    party: Party
    agencies: tuple[str, ...] = field(default=())
    """Of its parts, sorted; `unknown` among them."""


def find(text: str | None, role: str, policy: Policy) -> Found:
    """Return the party of a text that stands as `sender` or `recipient`."""
    if text is None:
        return Found(NOBODY)
    parts = parts_of(text)
    if len(parts) < 2:
        party = _one(text, policy)
        return Found(party, (party.agency or "unknown",))
    whole = _word(text, policy) or _line("name", normalize(text), policy)
    if whole:
        return Found(whole, (str(whole.agency),))
    found = [_one(part, policy) for part in parts]
    agencies = tuple(sorted({party.agency or "unknown" for party in found}))
    for party in found:
        if party.side == role:
            return Found(party, agencies)
    if len(agencies) == 1 and agencies != ("unknown",):
        return Found(found[0], agencies)
    return Found(NOBODY, agencies)


def parts_of(text: str) -> list[str]:
    """Return the parts of a text that may name several parties."""
    parts = []
    for piece in text.split(";"):
        parts += [piece] if NAMED_MAIL.fullmatch(piece) else piece.split(",")
    return [part.strip(BLANKS) for part in parts if part.strip(BLANKS)]


def _one(part: str, policy: Policy) -> Party:
    key = normalize(part)
    for found in (
        _word(part, policy),
        _mail(part, policy),
        _account(part, policy),
        _network(part, policy),
        _line("name", key, policy),
        _tokens(part, key, policy),
    ):
        if found:
            return found
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


def _tokens(part: str, key: str, policy: Policy) -> Party | None:
    if "@" in part:
        return None
    known = [found for token in key.split("_") if (found := _line("token", token, policy))]
    if any(party.side == "recipient" and party.agency != "DHS" for party in known):
        # A department beside a component of its own is no second party.
        known = [party for party in known if party.agency != "DHS"]
    return known[0] if len({party.agency for party in known}) == 1 else None
