"""Hostile text in every field of a log, through every form of the report and of one transfer, read by real parsers."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html  # pikepdf brings it
import pikepdf
import pypdf
from markdown_it import MarkdownIt

from attacks.counted import Counted
from attacks.kinds.hostile_text import PIECES
from attacks.kinds.strangers import said
from auditscan.documents.forms import ENDINGS, OF_A_TRANSFER
from auditscan.documents.page.fill import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = 90
STEP = 30

CANARY = "xyqv"
"""Stands in every name that hostile text would give to an element, an attribute, a script or a link."""

MARKUP = (
    "<{0}>", "</td><td {0}=1>", "</script><script>{0}()</script>", "</title><{0}/>", "</style><{0}>", "--><{0}>",
    "]]><{0}>", '" {0}="', "' on{0}='{0}()", "`{0}=`", "<svg><{0}/></svg>", "<a href=javascript:{0}()>", "<b {0}>",
    "&lt;{0}&gt;<{0}", "<!--{0}", "<![CDATA[<{0}>", "<{0}\n>", "</svg></desc></p><{0}>", "\\u003c{0}>", "{{{{{0}}}}}",
    "[{0}](javascript:{0})", "![{0}](http://{0}.example)", "<http://{0}.example>", "[{0}]: http://{0}.example",
    "\n# {0}\n", "=HYPERLINK(\"http://{0}.example\")", "=cmd|'/C {0}'!A0", "@{0}", "+{0}", "-{0}", "\t={0}",
    "#set page(fill: red) {0}", "$ {0} $ @{0} *{0}*", "#link(\"http://{0}.example\")", "\"}}\n{{\"{0}\":1}}", "\\",
    "\0{0}",
)  # fmt: skip

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LIVE = ("html_inline", "html_block", "link_open", "image")


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Put sets of hostile logs into every form, and read each back: one attack a form."""
    counted = Counted()
    drawn = random.Random(seed)
    forms = {f"report{ending}": _READ[ending] for ending in ENDINGS}
    forms |= {f"transfer{ending}": _READ[ending] for ending in OF_A_TRANSFER}
    number = 0
    before = Path.cwd()
    while counted.tried < count:
        root = folder / str(number)
        root.mkdir()
        os.chdir(root)
        try:
            chosen = _logs(root, drawn)
            outs = [
                [word for name in forms if name.startswith(kind) for word in ("--out", name)] for kind in ("r", "t")
            ]
            asked = (["report", "logs", "--brief", *outs[0]], ["explain", chosen, "logs", *outs[1]])
            ended = [said(command) for command in asked]
            for name, read in list(forms.items())[: count - counted.tried]:
                code, _, err = ended[name.startswith("t")]
                wrong = f"ended with {code}: {err[-300:]}" if code else _wrong(read, root / name)
                if wrong:
                    counted.broke(f"seed {seed}, logs {number}, {name}: {wrong}")
                else:
                    counted.held(f"text in {name.partition('.')[2]}")
        finally:
            os.chdir(before)
        number += 1
    return counted


def _wrong(read: Callable[[Path], str], path: Path) -> str:
    try:
        return read(path)
    except Exception as error:  # noqa: BLE001 -- what cannot be read back is a finding
        return f"cannot be read back: {type(error).__name__} {error}"[:400]


def _logs(root: Path, drawn: random.Random) -> str:
    """Write logs of several kinds, and return the id of a transfer in one or in two of them."""

    def text(word: str) -> str:
        pieces = [drawn.choice(MARKUP).format(CANARY) if drawn.random() < 0.7 else drawn.choice(PIECES) for _ in "ab"]
        return pieces[0] + word + pieces[1]

    logs = root / "logs"
    logs.mkdir()
    lines = []
    for number in range(12):
        record: dict[str, Any] = {
            "transfer_id": text(f"T{number}"), "occurred_at": "2026-01-15T10:00:00Z", "sender": "CMS",
            "recipient": "ICE", "programs": ["medicaid"], "states": ["CA"], "elements": ["ssn", text("word")],
            "record_count": number,
            "populations": ["not_lawfully_residing"], "actor": text("a"), "system": text("s"), "purpose": text("p"),
            "action": text("c"), "authority": text("u"), "outcome": "success", text("unknown"): text("y"),
        }  # fmt: skip
        for key in drawn.sample(("sender", "recipient", "outcome", "states", "programs", "populations"), 2):
            record[key] = [text("x")] if isinstance(record[key], list) else text(str(record[key]))
        lines.append(json.dumps(record) + "\n")

    def name() -> str:
        return re.sub("[/\0\n\r]", "", text("log"))[:60]

    (logs / f"{name()}.ndjson").write_text("".join([*lines, '{"transfer_id": "<' + CANARY + ">cut\n"]))
    cells = [
        [f"R-{number}", "02/01/2026", "CMS", "ICE", text("SSN"), "CA", text("p"), text("B")] for number in range(4)
    ]
    # Twice, so that several records tell of a transfer and a picture is drawn.
    for order, file_name in ((1, name()), (-1, name())):
        with (logs / f"{file_name} register.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["Tracking No.", "Date of Disclosure", "Disclosing Agency", "Disclosed To", "Data Elements",
                           "State", "Purpose", "Bates"])  # fmt: skip
            rows.writerows([[cell.replace("\0", "") for cell in row] for row in cells[::order]])
    (logs / "xferlog").write_text(
        "".join(
            f"Wed Jan  7 14:40:0{number} 2026 480 host.example 4026 /out/{re.sub(r'[^!-~]', '', text('f'))} b _ o r "
            f"{re.sub(r'[^!-~]', '', text('u'))} ftp 0 * c\n"
            for number in range(3)
        )
    )
    return drawn.choice(("R-0", json.loads(lines[0])["transfer_id"].replace("\0", "")))


def _shown_raw(text: str) -> str:
    """What of a text a reader must not be shown."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Zl", "Zp") and letter not in "\n\t":
            return f"raw {letter!r} beside {text[max(0, text.index(letter) - 40) :][:60]!r}"
    return f"a mark of direction: {text[:60]!r}" if _BIDI.search(text) else ""


def _html(path: Path) -> str:
    text = path.read_text("utf-8")
    root = lxml.html.document_fromstring(text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    scripts, styles = [], []
    for element in root.iter():
        if not isinstance(element.tag, str):
            return f"a comment: {str(element)[:80]}"
        if CANARY in element.tag or any(
            CANARY in name or name.startswith("on") or name == "style" for name in element.attrib
        ):
            return f"an element of the text: {lxml.html.tostring(element)[:120]!r}"
        for name in ("href", "src", "action", "formaction", "srcdoc", "xlink:href"):
            if not element.attrib.get(name, "#").startswith("#"):
                return f"a link that leads out: {element.attrib[name][:80]}"
        {"script": scripts, "style": styles}.get(element.tag, []).append(element)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    for element in (*styles, *(one for one in scripts if one.get("type") is None)):
        if hash_of(element.text) not in policy:
            return f"a {element.tag} that the page's policy does not name"
    for element in scripts:
        if element.get("type") is not None:
            json.loads(element.text)
    return _shown_raw("".join(root.find("body").itertext()))


def _pdf(path: Path) -> str:
    with pikepdf.open(path) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary):
                kind = str(found.get("/S"))
                if kind in ("/JavaScript", "/Launch", "/URI", "/SubmitForm", "/GoToR") or "/JS" in found:
                    return f"an action: {kind}"
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return _shown_raw(text) or ("" if CANARY in text.replace("\u200b", "") else "the text is not in it")


def _xlsx(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            if name.endswith((".xml", ".rels", ".vml")):
                root = ET.fromstring(content)
                for element in root.iter():
                    if CANARY in element.tag or any(CANARY in key for key in element.attrib):
                        return f"an element of the text in {name}"
                    if element.tag.endswith(("}f", "}hyperlink", "}oleObject", "}externalLink")):
                        return f"{element.tag} in {name}"
            if b'TargetMode="External"' in content:
                return f"a link that leads out in {name}"
    return ""


def _markdown(path: Path) -> str:
    text = path.read_text("utf-8")
    before = ""
    for block in MarkdownIt("commonmark").enable("table").parse(text):
        for token in (block, *(block.children or ())):
            if token.type in _LIVE:
                return f"{token.type} {token.content[:80]!r}"
        if before == "heading_open" and block.content.strip() == CANARY:
            return "a heading of the text"
        before = block.type
    return _shown_raw(text)


def _events(path: Path) -> str:
    for line in path.read_text("utf-8").split("\n")[:-1]:
        if not isinstance(json.loads(line), dict) or "class_uid" not in json.loads(line):
            return f"a line that is no event: {line[:80]}"
    return ""


def _sarif(path: Path) -> str:
    told = json.loads(path.read_text("utf-8"))
    for result in told["runs"][0]["results"]:
        # Brackets make links there, unless they are escaped.
        if re.search(r"(?<!\\)(?:\\\\)*\[", result["message"]["text"]):
            return f"a link in {result['message']['text'][:80]!r}"
    return ""


_READ: dict[str, Callable[[Path], str]] = {
    ".html": _html, ".md": _markdown, ".ocsf.ndjson": _events, ".pdf": _pdf, ".sarif": _sarif, ".xlsx": _xlsx,
}  # fmt: skip
