"""`--receipt` and `--manifest`: what proves a scan, beside what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditscan.cli import streams
from auditscan.cli.options import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditscan.policy import Policy
    from auditscan.questions.summary import Summary
    from auditscan.store import Store

Receipt = Annotated[
    Path | None,
    typer.Option(
        "--receipt",
        metavar="FILE",
        help="Write what was read, by what it was judged and what was written, all with hashes: see `verify`.",
    ),
]
Manifest = Annotated[
    Path | None,
    typer.Option("--manifest", metavar="FILE", help="Write the SHA-256 of every file read, for `sha256sum -c`."),
]


@dataclass(slots=True)
class Proof:
    """What a command is to leave that proves its scan. Made before it reads, taken while its database is open."""

    receipt: Path | None
    manifest: Path | None
    sign_key: Path | None
    configuration: Mapping[str, object]
    started_at: datetime
    _draft: dict[str, Any] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)

    @property
    def written(self) -> dict[str, Path | None]:
        """Option -> the file it names."""
        return {"--receipt": self.receipt, "--manifest": self.manifest}

    @property
    def rests_on(self) -> str:
        """The hash of what went in; call it after `take`."""
        return str(self._draft.get("rests_on", ""))

    def take(self, store: Store, policy: Policy, summary: Summary) -> None:
        """Note what the database says of itself."""
        from auditscan.ledger.receipts import alone, manifest

        self._draft = alone.draft(store, policy, summary, self.configuration, self.started_at)
        if self.manifest is not None:
            self._lines = manifest.lines_of(store, self.manifest.parent)

    def write(self, files: Sequence[Path]) -> None:
        """Write what was asked for, the receipt last: `files` are what the command wrote besides."""
        if self.manifest is None and self.receipt is None:
            return
        from auditscan.ledger.receipts import alone, manifest

        if self.manifest is not None:
            manifest.write_manifest(self.manifest, self._lines)
            streams.note(f"manifest: {streams.printable(str(self.manifest))}")
        if self.receipt is not None:
            files = [*files, self.manifest] if self.manifest is not None else files
            sha256 = alone.finish(self._draft, self.receipt, files, datetime.now(UTC), self.sign_key)
            streams.note(f"receipt: {streams.printable(str(self.receipt))}, sha256 {sha256}")


def asked_for(context: typer.Context, receipt: Path | None, manifest: Path | None, sign_key: Path | None) -> Proof:
    """Return what a command line asks for; raises UsageError for a name or a key that cannot be used."""
    proof = Proof(receipt, manifest, sign_key, in_force(context), datetime.now(UTC))
    if receipt is not None or manifest is not None:
        from auditscan.disk.wholefile import usable

        for path in filter(None, (receipt, manifest)):
            usable(path)
    if receipt is not None and sign_key is not None:
        from auditscan.ledger.receipts import signature

        # Tried now: a key that cannot be used would be told when all is written.
        signature.sign(b"", sign_key, "")
    return proof
