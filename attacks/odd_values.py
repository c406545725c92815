"""Values that no sound log has in a field: some 130, most of them always the same, the others drawn by a seed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from attacks.fields import Value

if TYPE_CHECKING:
    import random

NUMBERS = [
    "0",
    "-1",
    "-0",
    "0.0",
    "1e22",
    "1e308",
    "1e400",
    "-1e400",
    "1e-400",
    "NaN",
    "-NaN",
    "Infinity",
    "-Infinity",
    "inf",
    "2147483647",
    "2147483648",
    "-2147483649",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "170141183460469231731687303715884105727",
    "170141183460469231731687303715884105728",
    "1111111111111111111111",
    "99999999999999999999999999",
    "0.1e-5",
    "1_000",
    "1,000",
    "+5",
    "0x1F",
    "1e9",
    "5.",
    ".5",
    "00012",
    "-62135596800",
    "-62167219201",
    "253402300799",
    "253402300800",
    "9224318015999",
    "9224318016000",
    "9999999999999999",
    "-9999999999999",
    "1772445600",
    "1772445600000",
    "1772445600000000",
    "1772445600000000000",
    "99999999999",
    "100000000000",
]
"""Bare in JSON where JSON has such a number, or nearly."""

TIMES = [
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "294247-01-10T04:00:54Z",
    "294248-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "2016-12-31T23:59:60Z",
    "2026-02-30",
    "2026-02-30T10:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-03-08T02:30:00",
    "infinity",
    "-infinity",
    "epoch",
    "now",
    "today",
    "0044-03-15 (BC)",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-03-02T10:00:00+99:99",
    "2026-03-02T10:00:00.9999999999999Z",
    "2026-03-02T24:00:00Z",
    "2026-W10-1",
    "03/04/2026",
    "13/13/2026",
    "Thu Jan  1 00:00:00 1970",
    "Mon Feb 30 10:00:00 2026",
    "1 year",
    "P9999Y",
    "2026-03-02T10:00:00 Nowhere/Land",
    "2026-03-02 10:00:00 Etc/GMT+99",
    "12:00",
    "1899-12-30",
    "1970-01-01",
]

TEXTS = (
    "",
    " ",
    "\t",
    "\u00a0",
    "\u2028",
    "\u200b",
    "\ufeff",
    "-",
    "--",
    "null",
    "NULL",
    "\\N",
    "true",
    "a\nb",
    "a\r\nb",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\ud800",
    "\udfff",
    "\ufffd",
    "\U0010ffff",
    "\u202egnp.exe",
    "\uff15\uff15",
    "\u0665",
    "İCE",
    "ſsn",
    "ICE\u0301",
    '"',
    '""',
    "'",
    "''",
    "`",
    "\\",
    "\\\\",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "{}",
    "[]",
    '{"',
    '{"a":',
    '{"a":NaN}',
    '{"a":"\\ud800"}',
    '["\\ud800"]',
    '[1e400, "x"]',
    '{"a":1,"a":2}',
    "<a/>",
    "&amp;&#0;&x;",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "]]>",
    "'; drop table records; --",
    "x' or '1'='1",
    "$1",
    "%s%n%d",
    "{0}",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%",
    "%zz",
    "%ff%fe",
    "%00",
    "=1+1",
    "+1",
    "@SUM(A1)",
    "../../../etc/passwd",
    "/",
    "C:\\",
    "*",
    "?",
    "[a-z]*",
    "(?:",
    "(a+)+$",
    "\\9",
    ",",
    ";",
    "|",
    "=",
    ":",
    "::ffff:1",
    "::1%eth0",
    "999.999.999.999",
    "1.2.3.4:99999",
    "a@@b",
    "@",
    "https://",
    "arn:aws:s3:::",
    "s3://",
    "gs:///",
    "P#EFT.ON.",
    "====",
    "AAA=",
    "//79",
    "U" * 300,
)

KINDS = (
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "[null]",
    "[[]]",
    "[{}]",
    '{"a": 1}',
    '{"": ""}',
    '["ssn", 1, null, {}, []]',
    '"\\ud800"',
    '"\\u0000"',
    '"a\\u0000b"',
    "[" * 60 + "]" * 60,
    '{"a":' * 60 + "1" + "}" * 60,
    '{"a": 1, "a": 2}',
    "[1e400, -1e400, 1e22]",
    '{"value": 1e400, "code": [[]], "display": {}}',
)
"""JSON of other types than the field has."""


def values(drawn: random.Random, most: int) -> list[Value]:
    """So many values: those above in an order that the seed gives, each tenth one made by the seed."""
    found = [Value(text, text) for text in NUMBERS]
    found += [Value(text, json.dumps(text)) for text in (*NUMBERS, *TIMES, *TEXTS)]
    found += [Value(text, text) for text in KINDS]
    drawn.shuffle(found)
    made = [_made(drawn) for _ in range(most // 10)]
    return [*made, *found[: most - len(made)]]


def _made(drawn: random.Random) -> Value:
    kind = drawn.randrange(7)
    if kind == 0:
        text = str(drawn.choice((1, -1)) * drawn.getrandbits(drawn.randrange(1, 140)))
        return Value(text, text)
    if kind == 1:
        text = f"{drawn.uniform(-10, 10)}e{drawn.randrange(-330, 330)}"
        return Value(text, drawn.choice((text, json.dumps(text))))
    if kind == 2:
        text = (
            f"{drawn.randrange(12000):04}-{drawn.randrange(15):02}-{drawn.randrange(34):02}"
            f"{drawn.choice('T ')}{drawn.randrange(26):02}:{drawn.randrange(62):02}:{drawn.randrange(62):02}"
            f"{drawn.choice(('', 'Z', '+25:00', '-23:59', ' EST', '.5', ' Asia/Tokyo'))}"
        )
        return Value(text, json.dumps(text))
    if kind == 3:
        text = "".join(chr(drawn.randrange(1, 0x2FF)) for _ in range(drawn.randrange(1, 30)))
        return Value(text, json.dumps(text))
    if kind == 4:
        text = "".join(drawn.choice("[]{}()\"'\\/,;:|=<>&%$#@!?*+-. \t") for _ in range(drawn.randrange(1, 12)))
        return Value(text, json.dumps(text))
    if kind == 5:
        text = drawn.choice("xé[{9 ") * drawn.choice((300, 5_000, 10_000))
        return Value(text, json.dumps(text))
    text = json.dumps([{drawn.choice("abc"): [drawn.randrange(9)] * drawn.randrange(3)} for _ in range(3)])
    return Value(text, drawn.choice((text, json.dumps(text))))
