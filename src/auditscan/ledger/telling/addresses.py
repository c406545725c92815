"""Addresses of those who are told, as anybody may see them: an Apprise address holds passwords and tokens.

Apprise has a form of its own for this, and keeps paths, headers and parameters in it, where tokens stand as well.
So only what is known to be harmless is shown here: the scheme, a host where the scheme has one, who a mail is for.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, unquote, urlsplit

HOSTED = re.compile("(apprise|form|gotify|http|json|mailto|mmost|mqtt|rocket|xml)s?")
"""Schemes whose address has a host where others have a token."""

_PLAIN = re.compile(
    r"""
    (?P<scheme>[a-z0-9]{2,20})://
    (?:[^@/?\#]*@)?                          # who logs in, and the password
    (?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])
    (?P<port>:[0-9]{1,5})?
    (?P<rest>[/?].*)?
    """,
    re.VERBOSE,
)
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_PEOPLE = frozenset(("to", "from", "cc", "bcc", "reply", "name"))
_SCHEME = re.compile(r"([a-z0-9]{2,20})://")


def shown(address: str) -> str:
    """Return an address without its secrets, as `mailtos://mail.example.org (to officer@example.org)`.

    What is left out is an ellipsis. An address that reads in more than one way is all left out but its scheme.
    """
    address = address.strip()
    found = _PLAIN.fullmatch(address)
    if found is None or not HOSTED.fullmatch(found["scheme"]) or _doubtful(found["rest"] or ""):
        scheme = _SCHEME.match(address)
        return f"{scheme[1]}://…" if scheme else "…"
    text = f"{found['scheme']}://{found['host']}{found['port'] or ''}"
    if found["scheme"] in ("mailto", "mailtos"):
        to = dict(parse_qsl(urlsplit(address).query)).get("to", "")
        return f"{text} (to {to})" if _MAIL.fullmatch(to) else text
    return text + ("/…" if (found["rest"] or "").strip("/") else "")


def _doubtful(rest: str) -> bool:
    """Whether an @ stands where the host may only begin: then a password has a / or ? in it."""
    path, _, query = rest.partition("?")
    pairs = [pair.partition("=") for pair in re.split("[&;]", query)]
    return "@" in path or any("@" in name + value and name not in _PEOPLE for name, _, value in pairs)


def fingerprint(address: str) -> str:
    """Return 12 hex digits that tell an address from others, and from which its password cannot be tried out soon."""
    made = hashlib.scrypt(address.strip().encode(), salt=b"auditscan address", n=2**13, r=8, p=1, dklen=6)
    return made.hex()


def without_secrets(text: str, address: str) -> str:
    """Return what a service said about an address, without any part of the address that `shown` leaves out."""
    known = shown(address)
    parts = {part for form in (address, unquote(address)) for part in re.split(r"[\s:/@?&=#,;+]+", form)}
    # All that stands before the host, too: a password may hold the very marks at which parts are cut.
    parts.update(part for form in (address, unquote(address)) for part in form.partition("://")[2].split("@")[:-1])
    parts.update(part.partition(":")[2] for part in tuple(parts))
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= 3 and part not in known:
            text = text.replace(part, "…")
    return text
