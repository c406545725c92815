"""Receipts and manifests without a ledger: bytes changed in logs, documents and proofs, and files taken away."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import minisign

from attacks.counted import Counted
from attacks.kinds.strangers import said
from auditscan.ledger.receipts import canonical
from ledger_evidence import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Change = Callable[[random.Random], str]

FULL = 300
STEP = 100

ARCHIVE = "logs/c.zip"
LOGS = ("logs/a.ndjson", "logs/b.ndjson", "logs/notes.pdf")
DOCUMENTS = ("out/case.md", "out/case.html")
RECEIPT, SIGNATURE, MANIFEST = "out/r.json", "out/r.json.minisig", "out/m.txt"

DIFFERS = (21,)
TOLD = (20, 21)


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Change one thing in a copy of a proven scan, and have receipt and manifest verified."""
    counted = Counted()
    drawn = random.Random(seed)
    before = Path.cwd()
    whole, mine = folder / "whole", folder / "mine"
    try:
        head = _prove(whole)
        for number in range(count):
            os.chdir(folder)
            shutil.rmtree(mine, ignore_errors=True)
            shutil.copytree(whole, mine)
            os.chdir(mine)
            name, (change, of_receipt, of_manifest) = drawn.choice(sorted(CHANGES.items()))
            what = f"{name}: {change(drawn)}"
            codes = [
                said(["verify", "--receipt", RECEIPT, "--head", head, "--public-key", "key.pub"])[0],
                said(["verify", "--manifest", MANIFEST])[0],
            ]
            expected = (of_receipt, of_manifest)
            if all(code in allowed for code, allowed in zip(codes, expected, strict=True)):
                counted.held(name)
            elif "remark" in what and codes == [0, 0]:
                counted.held("a remark that no signature covers")
            else:
                counted.broke(f"seed {seed}, number {number}: {what} ended with {codes} and not {expected}")
    finally:
        os.chdir(before)
    return counted


def _prove(folder: Path) -> str:
    """Make a scan with its proofs, and return the hash of its receipt."""
    log(folder / "logs", "a.ndjson", 1, 2, 3)
    log(folder / "logs", "b.ndjson", 4, 5)
    with zipfile.ZipFile(folder / ARCHIVE, "w") as archive:
        archive.write(log(folder / "packed", "c.ndjson", 6, 7), "inner/c.ndjson")
    (folder / "logs/notes.pdf").write_bytes(b"%PDF-1.4 nothing but a note")
    (folder / "out").mkdir()
    keys = minisign.KeyPair.generate()
    (folder / "key").write_bytes(bytes(keys.secret_key) + b"\n")
    (folder / "key.pub").write_bytes(bytes(keys.public_key) + b"\n")
    os.chdir(folder)
    outs = [word for name in DOCUMENTS for word in ("--out", name)]
    proofs = ["--receipt", RECEIPT, "--manifest", MANIFEST, "--sign-key", "key"]
    code, _, err = said(["report", "logs", "--brief", *outs, *proofs])
    if code:
        raise RuntimeError(err)
    return hashlib.sha256(Path(RECEIPT).read_bytes()).hexdigest()


def _byte(*names: str) -> Change:
    def change(drawn: random.Random) -> str:
        path = Path(drawn.choice(names))
        data = bytearray(path.read_bytes())
        place = drawn.randrange(len(data))
        data[place] ^= drawn.randrange(1, 256)
        path.write_bytes(bytes(data))
        remark = path.suffix == ".minisig" and place < data.index(b"\n")
        return f"byte {place} of {path}{', in its remark' if remark else ''}"

    return change


def _gone(*names: str) -> Change:
    def change(drawn: random.Random) -> str:
        name = drawn.choice(names)
        Path(name).unlink()
        return name

    return change


def _grown(drawn: random.Random) -> str:
    path = Path(drawn.choice(LOGS[:2]))
    with path.open("a", encoding="utf-8") as file:
        file.write(path.read_text("utf-8").split("\n", maxsplit=1)[0].replace("T-", "T-9") + "\n")
    return str(path)


def _exchanged(_: random.Random) -> str:
    one, other = (Path(name) for name in LOGS[:2])
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return "two logs"


def _said_otherwise(drawn: random.Random) -> str:
    """Change a value of the receipt, and spell the whole as a receipt is spelled."""
    told = canonical.read(Path(RECEIPT).read_bytes(), of_ledger=False)
    places = list(_values(told))
    holder, key, named = drawn.choice(places)
    value = holder[key]
    if isinstance(value, bool) or value is None:
        holder[key] = "otherwise"
    elif isinstance(value, int):
        holder[key] = value + drawn.choice((1, -1, 1000))
    else:
        place = drawn.randrange(len(value) + 1)
        holder[key] = f"{value[:place]}x{value[place + 1 :]}" if value[place : place + 1] != "x" else value + "y"
    Path(RECEIPT).write_text(canonical.write(told), encoding="utf-8", newline="")
    return named


def _values(told: Any, named: str = "") -> list[tuple[Any, Any, str]]:
    items = told.items() if isinstance(told, dict) else enumerate(told)
    found = []
    for key, value in items:
        name = f"{named}.{key}"
        found += _values(value, name) if isinstance(value, dict | list) else [(told, key, name)]
    return found


CHANGES: dict[str, tuple[Change, tuple[int, ...], tuple[int, ...]]] = {
    "a byte of a log": (_byte(*LOGS), DIFFERS, DIFFERS),
    # A receipt names what is in it; the manifest names the file as well.
    "a byte of an archive": (_byte(ARCHIVE), (0, *TOLD), DIFFERS),
    "a log taken away": (_gone(*LOGS, ARCHIVE), TOLD, TOLD),
    "two logs exchanged": (_exchanged, DIFFERS, DIFFERS),
    # Its beginning is what was read.
    "a log that grew": (_grown, (0,), DIFFERS),
    "a byte of a document": (_byte(*DOCUMENTS), DIFFERS, (0,)),
    "a document taken away": (_gone(*DOCUMENTS), TOLD, (0,)),
    "a byte of the receipt": (_byte(RECEIPT), DIFFERS, (0,)),
    "a receipt that says otherwise": (_said_otherwise, DIFFERS, (0,)),
    "a byte of the signature": (_byte(SIGNATURE), DIFFERS, (0,)),
    "a signature taken away": (_gone(SIGNATURE), TOLD, (0,)),
    "a byte of the manifest": (_byte(MANIFEST), DIFFERS, (0, *TOLD)),
    "a manifest taken away": (_gone(MANIFEST), TOLD, (2, 3, *TOLD)),
}
"""What is done -> by what, and the codes that `verify` may end with of the receipt and of the manifest."""
