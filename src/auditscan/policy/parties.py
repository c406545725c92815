"""The rows of parties.csv: what stands in a log instead of an agency's name, in the form look-ups compare.

How a value is written depends on its kind, so that each kind has its own form of the key: two spellings of one
network are one row, and `1:2::/32` is not `1::2/32`.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from auditscan.policy.words import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence


FILE = "parties.csv"
KINDS = ("mail_domain", "account", "network", "name", "phrase", "token")
"""In the order in which they are asked, after the words of agencies.csv."""
NOBODY = "none"
"""In the column `agency` of an overlay: takes the row of that kind and value away."""

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_ACCOUNT = re.compile(r"[0-9]{12}")


def key_of(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the key of a row from its kind and value.

    Raises ValueError, with what is wrong and what to do, for a kind that there is not and for a value that its kind
    cannot have.
    """
    kind, value = cells
    if kind not in KINDS:
        raise ValueError(f"'kind' cannot be {kind!r}; use one of: {', '.join(KINDS)}")
    return kind, _READ[kind](value)


def _domain(value: str) -> str:
    found = value.lower().removesuffix(".")
    if not _DOMAIN.fullmatch(found):
        raise ValueError(f"{value!r} is not a mail domain; write what stands behind the @, such as ice.dhs.gov")
    return found


def _account(value: str) -> str:
    if not _ACCOUNT.fullmatch(value):
        raise ValueError(f"{value!r} is not an AWS account; write its 12 digits, leading zeros too")
    return value


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        why = "is not a network" if "host bits" not in str(error) else "has bits set beyond its length"
        raise ValueError(f"{value!r} {why}; write it as 198.51.100.0/24 or 2001:db8::/32") from None


def _name(value: str) -> str:
    found = normalize(value)
    if not found:
        raise ValueError(f"{value!r} has no letter and no digit; give a word to look up")
    return found


def _token(value: str) -> str:
    found = _name(value)
    if "_" in found:
        raise ValueError(f"{value!r} is more than one word; write it as a name, or each word as a token")
    return found


_READ = {
    "mail_domain": _domain,
    "account": _account,
    "network": _network,
    "name": _name,
    "phrase": _name,
    "token": _token,
}
