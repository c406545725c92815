"""The settings: which there are, and what each takes.

`SETTINGS` is the one table. The options of the commands, the reading and checking of `auditscan.toml`,
`auditscan config`, and the page in docs/ all follow from it, so a setting is the same thing wherever it is said.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from auditscan.text import did_you_mean

FILE_NAME = "auditscan.toml"

PREFIX = "AUDITSCAN_"

OTHER_VARIABLES = ("AUDITSCAN_CONFIG", "AUDITSCAN_DEBUG")
"""Variables that are read and are no settings: which file to read, and whether to show where a fault was."""


@dataclass(frozen=True)
class Setting:
    """One setting, and everything that is said of it anywhere."""

    name: str
    """As it stands in the file; the option and the variable are made from it."""
    kind: str
    """folders, paths, words, folder, file, day, clock, zone, number, memory, choice, switch or text."""
    about: str
    """What it does, in one sentence."""
    example: str
    """A value as TOML, for the file that `config new` writes."""
    default: object = None
    """What holds where nobody says; None where that is found out when a command runs."""
    shown: str = "none"
    """The default in words, where `default` is None."""
    low: int = 0
    """The least a number may be."""
    high: int | None = None
    """The most a number may be."""
    choices: tuple[str, ...] = ()
    """The words a choice may be."""
    harmless: bool = False
    """Whether a stranger's value can turn no answer, leave nothing out, and write nowhere."""
    brings: bool = False
    """Whether what it names is read as instructions, and so is part of what somebody says yes to."""

    @property
    def flag(self) -> str:
        """The option of the same meaning, as `--as-of`."""
        return f"--{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable of the same meaning, as `AUDITSCAN_AS_OF`."""
        return PREFIX + self.name.upper().replace("-", "_")

    @property
    def default_words(self) -> str:
        """The default as a person reads it: `today`, `500`."""
        if isinstance(self.default, bool):
            return "yes" if self.default else "no"
        return self.shown if self.default is None else str(self.default)

    @property
    def takes(self) -> str:
        """What a value must be, in words that end a sentence."""
        if self.kind == "number":
            return f"a whole number from {self.low:,} " + (f"to {self.high:,}" if self.high else "up")
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        return _TAKES[self.kind]

    def check(self, text: str) -> str:
        """Return a zone, a clock, a size of memory or a choice as it is used; raises ValueError for what is none."""
        if self.kind == "zone":
            from auditscan.settings.zones import zone_exists

            if not zone_exists(text):
                raise ValueError(f"no time zone is named {text!r}: write it as in America/New_York, or UTC")
        elif self.kind == "memory":
            found = _SIZE.fullmatch(text.strip())
            if found is None or float(found[1]) * _UNITS[found[2].upper()] < LEAST_MEMORY:
                raise ValueError(f"{text!r} is not {self.takes}")
        elif self.kind == "clock":
            if not _CLOCK.fullmatch(text.strip()):
                raise ValueError(f"{text!r} is not {self.takes}")
        elif self.kind == "text":
            if not text.strip():
                raise ValueError("an empty text says nothing")
        elif text not in self.choices:
            meant = did_you_mean(text, self.choices, most=2)
            raise ValueError(f"{text!r} is not {self.takes}" + (meant and f"; {meant}"))
        return text.strip()


_TAKES = {
    "folders": "a folder, or a list of folders",
    "paths": "a file or folder, or a list of them",
    "words": "a text, or a list of texts",
    "folder": "the name of a folder",
    "file": "the name of a file",
    "day": "a day, written as 2025-06-01 and without quotation marks",
    "clock": "a time of day, as 02:15",
    "zone": "the name of a time zone, such as America/New_York",
    "memory": "a size such as 2GB or 500MB, and at least 64MB",
    "switch": "true or false",
    "text": "a text",
}

_UNITS = {"MB": 1000**2, "GB": 1000**3, "TB": 1000**4, "MIB": 1024**2, "GIB": 1024**3, "TIB": 1024**4}
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([MGT]i?B)", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
LEAST_MEMORY = 64_000_000
"""Bytes. With less the engine cannot even open a database, and says so in words nobody understands."""

FORMATS = ("table", "ndjson", "csv", "parquet", "xlsx", "md")

SETTINGS = (
    Setting(
        "policy",
        "folders",
        "Lay the tables of this folder over the policy that ships (an overlay).",
        '["mine"]',
        brings=True,
    ),
    Setting(
        "queries", "folders", "Also use the queries of this folder, and run its rules.", '["our-rules"]', brings=True
    ),
    Setting(
        "db",
        "file",
        "The database of the case, a DuckDB file: what a scan into it has read is not read again.",
        '"case.duckdb"',
    ),
    Setting("as-of", "day", "Judge `now` by the order in force on this day.", "2026-01-01", shown="today"),
    Setting("since", "day", "Transfers before this day are out of scope.", "2025-06-01", shown="2025-06-01"),
    Setting(
        "source-zone",
        "zone",
        "The clock of times that name none, as America/New_York.",
        '"America/New_York"',
        default="UTC",
    ),
    Setting(
        "log-format",
        "text",
        "Read every log in this format, whatever it looks like: `auditscan sources` lists them.",
        '"xferlog"',
        shown="as each file shows",
    ),
    Setting(
        "mapping",
        "file",
        "Which columns of a register mean what, as `auditscan sources map` writes it.",
        '"register.mapping.toml"',
        shown="the one beside the file",
        brings=True,
    ),
    Setting(
        "held-by",
        "text",
        "Whose systems wrote the logs: the sender of what a log tells of without naming one.",
        '"CMS"',
        shown="unknown",
    ),
    Setting(
        "exclude",
        "words",
        "Leave out files that this pattern fits, as `*.pdf` or `06_Documents/*`.",
        '["06_Documents/*"]',
    ),
    Setting("link", "switch", "Count the traces that one transfer left in several logs once.", "true", default=True),
    Setting(
        "keep-bytes",
        "switch",
        "Keep the bytes of records that cannot be read in the database; without, only their places.",
        "true",
        default=False,
    ),
    Setting(
        "threads",
        "number",
        "Work on this many cores.",
        "4",
        shown="all, one for few records",
        low=1,
        high=256,
        harmless=True,
    ),
    Setting(
        "width",
        "number",
        "Characters a line.",
        "120",
        shown="those of the terminal, $COLUMNS or 80",
        low=60,
        high=1000,
        harmless=True,
    ),
    Setting("memory", "memory", "Memory that a question may take.", '"4GB"', default="2GB", harmless=True),
    Setting(
        "timeout",
        "number",
        "Seconds that a question may take; 0 is no limit.",
        "600",
        default=300,
        high=1_000_000,
        harmless=True,
    ),
    Setting("rows", "number", "Rows shown of a result; 0 is all of them.", "1000", default=500, high=1_000_000_000),
    Setting(
        "format",
        "choice",
        "How a result is written: table, ndjson, csv, parquet, xlsx or md.",
        '"csv"',
        shown="table",
        choices=FORMATS,
        harmless=True,
    ),
    Setting("limit", "number", "List this many of the most serious transfers.", "25", default=10),
    Setting(
        "allow-quarantined",
        "number",
        "Up to this many records that cannot be read leave a scan complete.",
        "0",
        default=0,
    ),
    Setting(
        "exit-zero",
        "switch",
        "Let a scan end with 0 instead of 10, 11 or 12; never instead of 20.",
        "true",
        default=False,
    ),
    Setting("logs", "paths", "Log files and folders that the nightly scan reads.", '["/var/log/transfers"]'),
    Setting("ledger", "folder", "Folder of the ledger that the nightly scan keeps.", '"ledger"'),
    Setting(
        "suppressions",
        "file",
        "Findings that somebody has looked at, each with reason, owner and last day.",
        '"suppressions.toml"',
        brings=True,
    ),
    Setting("at", "clock", "When the nightly scan starts, by the clock of its machine.", '"02:15"', default="02:15"),
    Setting(
        "every",
        "number",
        "Hours from one nightly scan to the next; a longer pause is a missed night.",
        "24",
        default=24,
        low=1,
        high=744,
    ),
    Setting(
        "rehash-days",
        "number",
        "Days after which a log that looks untouched is hashed again all the same; 0 is every night.",
        "7",
        default=7,
        high=366,
    ),
    Setting(
        "notify",
        "words",
        "Whom the nightly scan tells when it matters, as Apprise addresses.",
        '["mailtos://user:password@mail.example.org?to=officer@example.org"]',
        shown="nobody",
    ),
    Setting(
        "metrics",
        "file",
        "Write the figures of the nightly scan here, for the textfile collector of Prometheus.",
        '"/var/lib/node_exporter/auditscan.prom"',
    ),
    Setting(
        "run-log",
        "file",
        "Append one line of JSON a nightly scan here, for a collector of logs.",
        '"/var/log/auditscan/runs.ndjson"',
    ),
    Setting(
        "sign-key",
        "file",
        "Sign every receipt with this minisign secret key, which has no password.",
        '"auditscan.key"',
    ),
)
"""Every setting, in the order people are shown them."""

_BY_NAME = {entry.name: entry for entry in SETTINGS}


def setting(name: str) -> Setting:
    """Return a setting by its name."""
    return _BY_NAME[name]


def strangers() -> list[str]:
    """Return a sentence for each variable that looks like a setting of ours and is none."""
    # Compared without what they all begin with, which would make any two of them alike.
    known = {name.removeprefix(PREFIX): name for name in (*OTHER_VARIABLES, *(entry.variable for entry in SETTINGS))}
    sentences = []
    for name in sorted(os.environ):
        own = name.removeprefix(PREFIX)
        if own != name and own not in known:
            meant = did_you_mean(own, known, PREFIX, most=2)
            sentences.append(f"{name} is set and is no setting" + (meant and f": {meant}"))
    return sentences


def template() -> str:
    """Return a settings file that sets nothing: every setting, what it does, and a value behind a `#`."""
    lines = [
        "# Settings of auditscan. Each stands for the option of the same name; the option itself and its",
        "# AUDITSCAN_ variable win over this file. Paths are relative to this file.",
        "# To set one, take away the # in front of its name.",
    ]
    for entry in SETTINGS:
        lines += ["", f"# {entry.about}", f"# Default: {entry.default_words}.", f"#{entry.name} = {entry.example}"]
    return "\n".join(lines) + "\n"
