"""Each form of the report read back into figures, by what reads such files."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pypdf
from markdown_it import MarkdownIt

import pages
from reporting import first_screen, flat, section

SAMPLES = Path(__file__).parents[1] / "sample_logs"
VERDICTS = ("enjoined", "review", "permitted", "outside")
TITLES = {
    "Then and now": "matrix",
    "Plaintiff states": "states",
    "Data, people and programs the order bars": "content",
    "Recipients, by verdict now": "recipients",
    "Every file, every record": "files",
}
"""Title of a section -> what its table is called here."""

_RULE = re.compile(r"([\d,]+) (?:[█▓·] )?[A-Z][^().]*\((?:grave|review|note), (\w+)\)")
_SUMS = re.compile(r"([\d,]+) records? = ([\d,]+) transfers \+ ([\d,]+) others \+ ([\d,]+) duplicates \+ ([\d,]+) quar")
CHAPTERS = (
    "Summary", "Findings by order and category", "Findings by source, with citations", "Each barred transfer",
    "How this was made", "Limits", "Sources of law", "Files read, with SHA-256", "What a person would have to certify",
)  # fmt: skip
"""Of an exhibit."""

_COUNTS = ("records", "transfers", "others", "duplicates", "quarantined")


@dataclass
class Said:
    """What a form of the report says."""

    first: str = ""
    """The first screen, on one line."""
    tables: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    """Table -> name of a row -> its counts; shares and words are left out."""
    hashes: dict[str, str] = field(default_factory=dict)
    """File -> its SHA-256."""
    rules: dict[str, int] = field(default_factory=dict)
    """Rule -> how many findings it has."""
    barred: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Verdict then and now -> how many such transfers are told one by one, attempts left out."""
    deduced: int = 0
    """How many of those that are barred now are so only by what was deduced."""
    noted: set[tuple[int, str]] = field(default_factory=set)
    """Of transfers told one by one, the line of its log and what the log notes there."""

    def take(self, table, cells):
        """Take a row of a table."""
        names = 2 if table == "content" else 1
        name = " ".join(cells[:names]).split("; ")[0]
        counts = [int(cell.replace(",", "")) for cell in cells[names:] if re.fullmatch(r"[\d,]+", cell)]
        # Files that are no logs have rows of nothing in some forms, and rows among what was not read in others.
        if counts and (table != "files" or any(counts)):
            self.tables[table][name] = counts

    def take_file(self, path, sha256, counts):
        """Take a file, by its name as the report shows it."""
        name = path.removeprefix(f"{SAMPLES}/").removeprefix("production/")
        self.take("files", [name, *map(str, counts)])
        if sha256:
            self.hashes[name] = sha256

    def take_rules(self, text):
        """Take what the section on rules says of each that was met."""
        self.rules = {name: int(hits.replace(",", "")) for hits, name in _RULE.findall(flat(text))}

    def take_transfer(self, then, now, basis, line=None, noted=None):
        """Take one that was not only attempted."""
        if "enjoined" in (then, now):
            self.barred[then, now] += 1
            self.deduced += (now, basis) == ("enjoined", "deduced")
        if noted:
            self.noted.add((line, noted))

    def sum_up(self, files):
        """Add up the files, where a form leaves that to others."""
        rows = self.tables["files"].values()
        self.take("files", [f"{files} files", *(str(sum(row[place] for row in rows)) for place in range(5))])


def terminal(text):
    """Read what stands in a terminal of 300 columns."""
    said = Said(flat(" ".join(first_screen(text))))
    for title, table in TITLES.items():
        for line in section(text, title).splitlines():
            cells = re.split(r"\s{2,}", line.strip())
            if table != "states":
                said.take(table, cells)
            elif len(cells) % 4 == 0:
                for begin in range(0, len(cells), 4):
                    said.take(table, cells[begin : begin + 4])
            if table == "files" and re.fullmatch(r"[0-9a-f]{64}", cells[-1]):
                said.hashes[cells[0]] = cells[-1]
    said.take_rules(section(text, "The rules that ran"))
    for then in VERDICTS:
        for now, count in zip(VERDICTS, said.tables["matrix"][then], strict=False):
            if "enjoined" in (then, now) and count:
                said.barred[then, now] = count
    only = re.search(r"([\d,]+) of them only by what was deduced", said.first)
    said.deduced = int(only[1].replace(",", "")) if only else 0
    return said


def markdown(path):
    """Read a report as Markdown, as it is drawn."""
    said, texts, title, row, before = Said(), defaultdict(list), None, [], None
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8")):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and title in TITLES:
            said.take(TITLES[title], row)
            if title.startswith("Every file") and len(row[-1]) == 64:
                said.hashes[row[0].split("; ")[0]] = row[-1]
        elif token.type == "tr_close" and title.startswith("Every transfer") and row[0] != "transfer":
            now, then = (cell.split()[1] for cell in row[4:6])
            found = re.search(r", line ([\d,]+)(?: \((.*)\))?$", row[-1])
            said.take_transfer(then, now, row[6], *((int(found[1].replace(",", "")), found[2]) if found else ()))
        elif token.type == "inline":
            parts = [f"`{part.content}`" if part.type == "code_inline" else part.content for part in token.children]
            text = "".join(parts)
            if before.type == "heading_open":
                title = text
            texts[title].append(text)
            row.append(text)
        before = token
    said.first = flat(" ".join(line for line in texts[None] if not line.startswith("Files are named")))
    said.take_rules(" ".join(texts["The rules that ran"]))
    return said


def workbook(path):
    """Read a report as a workbook."""
    book = openpyxl.load_workbook(path)
    lines = [row[0] for row in book["How to read this"].iter_rows(values_only=True)]
    said = Said(flat(" ".join(filter(None, lines[: lines.index("What the sheets hold")]))))
    texts, title = defaultdict(list), ""
    for row in book["Figures"].iter_rows():
        cells = [str(cell.value) for cell in row if cell.value is not None]
        if cells and row[0].font.sz == 13:
            title = cells[0]
        elif title in TITLES:
            said.take(TITLES[title], cells)
        texts[title] += cells
    said.take_rules(" ".join(texts["The rules that ran"]))
    read = list(_rows(book["Files read"]))
    for row in read:
        said.take_file(row["file"], row["SHA-256"], [row[name] for name in _COUNTS])
    unread = [row for row in _rows(book["Not read"]) if row["what"] not in ("record", "field", "skipped")]
    for row in unread:
        said.take_file(row["file"], row["SHA-256"], [])
    said.sum_up(len({row["file"] for row in (*read, *unread)}))
    for row in _rows(book["All transfers"]):
        line = re.fullmatch(r"line ([\d,]+)", row["place in the file"])
        if row["attempt"] == "no":
            said.take_transfer(
                row["verdict then"], row["verdict now"], row["verdict known by"],
                int(line[1].replace(",", "")) if line else None, row["noted in the log"],
            )  # fmt: skip
    return said


def _rows(sheet):
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def page(path):
    """Read a report as a page: what stands in its tables, and what its script sees."""
    root = pages.read(path)
    (head,) = root.all("header")
    lines = [one for one in head.children if one.name in ("h1", "p") and one.attributes.get("class") != "legend"]
    said = Said(flat(" ".join(map(_as_typed, lines))))
    for name, label in {"matrix": "Verdicts then and now", "recipients": "Recipients"}.items():
        for row in _table(root, label):
            said.take(name, row)
    for row in _table(root, "States")[1:]:
        if row[1] == "a plaintiff" and row[2] != "0":
            said.take("states", [row[0], row[2], row[3], row[-1]])
    (barred,) = (
        one for one in root.all("details") if one.children[0].text == "Data, people and programs the order bars"
    )
    for row in _cells(barred):
        said.take("content", row)
    for row in _table(root, "Files")[1:]:
        said.take_file(row[0], row[-1], row[2:7])
    (accounting,) = root.all("section", id="accounting")
    for row in _cells(accounting):
        if re.fullmatch(r"[\d,]+ files", row[0]):
            said.take("files", row)
    (rules,) = (one for one in root.all("details") if one.children[0].text == "The rules that ran")
    said.take_rules(rules.text)
    for row, _ in pages.data_of(root):
        line = re.fullmatch(r"line ([\d,]+)", row["Place"])
        if row["Attempt"] is None:
            said.take_transfer(
                row["Then"], row["Now"], row["Rests on"], int(line[1].replace(",", "")) if line else None, row["Noted"]
            )
    return said


def _as_typed(element):
    return "".join(part if isinstance(part, str) else f"`{part.text}`" for part in element.parts)


def _table(root, label):
    return _cells(next(one for one in root.everything() if one.attributes.get("aria-label") == label))


def _cells(element):
    """The cells of all rows, each up to the share or the picture that stands behind its figure."""
    return [[flat(_begin(cell)) for cell in row.children] for row in element.all("tr")]


def _begin(cell):
    first = next(iter(cell.parts), "")
    return first if isinstance(first, str) else cell.text


def exhibit(path):
    """Read a report as an exhibit, by the text that its pages hold."""
    lines = [line for page in pypdf.PdfReader(path).pages for line in page.extract_text().split("\n")[1:-1]]
    text = "\n".join(lines).replace("\u200b", "")
    begins = [text.index(f"\n{number}. {title}\n") for number, title in enumerate(CHAPTERS, start=1)]
    chapter = {number: text[begin:end] for number, (begin, end) in enumerate(pairwise(begins), start=1)}
    said = Said()
    for word in (*VERDICTS, "total"):
        found = re.search(rf"^{word} ((?:[\d,]+ ){{4}}[\d,]+)", chapter[1], re.MULTILINE)
        said.take("matrix", [word, *found[1].split()])
    recipients = chapter[2][chapter[2].index("Recipients, by verdict now") :]
    for found in re.finditer(r"^(\S+) ((?:[\d,]+ ){4}[\d,]+)", recipients, re.MULTILINE):
        said.take("recipients", [found[1], *found[2].split()])
    said.take_rules(chapter[5][chapter[5].index("The rules that ran") :])
    # What stands before a place is the head of its transfer, and what stands behind it its findings.
    before, *behind = chapter[4].split("\nRecord: ")
    for told in behind:
        head, before = before, told
        verdicts = re.findall(r"(\w+) now and then|(\w+) then, (\w+) now", flat(head))[-1]
        then, now = (verdicts[0], verdicts[0]) if verdicts[0] else verdicts[1:]
        found = re.match(r"[^;]*, line ([\d,]+)(?:; the log notes: ([\w; -]+))?\n", told)
        if "an attempt: nothing passed" not in head:
            basis = "deduced" if "Barred now only by what was deduced." in told else "logged"
            said.take_transfer(then, now, basis, *((int(found[1].replace(",", "")), found[2]) if found else ()))
    files = flat(chapter[8])
    parts = re.split(r"\b([0-9a-f]{64})\b", files)
    for before, sha256, behind in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        said.hashes[before] = sha256
        said.tables["files"][sha256] = [int(count.replace(",", "")) for count in _SUMS.search(behind).groups()]
    said.tables["files"]["all"] = [int(count.replace(",", "")) for count in _SUMS.search(parts[0]).groups()]
    return said


def events(path):
    """Read a report as events."""
    *found, scan = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    said, rules = Said(flat(" ".join(scan["unmapped"]["said"]))), Counter()
    assert scan["num_detections"] == len(found)
    for event in found:
        told = event["unmapped"]
        rules.update([told["rule"]] if "rule" in told else [one["rule"] for one in told["findings"]])
        line = re.search(r", line ([\d,]+)$", event["finding_info"]["data_sources"][0])
        if not told.get("attempt", True):
            said.take_transfer(
                told["verdict_then"], told["verdict_now"], told["verdict_basis"],
                int(line[1].replace(",", "")) if line else None, told.get("noted"),
            )  # fmt: skip
    said.rules = dict(rules)
    for file in scan["unmapped"]["files"]:
        said.take_file(file["path"], file.get("sha256"), [file[name] for name in _COUNTS])
    said.sum_up(len(scan["unmapped"]["files"]))
    return said


def sarif(path):
    """Read findings by line, and how many are said to have none."""
    (told,) = json.loads(path.read_text("utf-8"))["runs"]
    said, rules = Said(flat(" ".join(told["properties"]["said"]))), Counter()
    for result in told["results"]:
        rules[result["ruleId"]] += 1
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        if result["properties"].get("noted"):
            said.noted.add((line, result["properties"]["noted"]))
    texts = [one["message"]["text"] for one in told["invocations"][0]["toolExecutionNotifications"]]
    rules["left out"] = sum(
        int(found[1]) for text in texts if (found := re.match(r"(\d+) findings (?:are|stand)", text))
    )
    said.rules = dict(rules)
    for file in told["artifacts"]:
        name = unquote(file["location"]["uri"]).removeprefix("file://")
        said.take_file(name, file.get("hashes", {}).get("sha-256"), [file["properties"][name] for name in _COUNTS])
    said.sum_up(len(told["artifacts"]))
    return said


READERS = {
    ".md": markdown, ".xlsx": workbook, ".html": page, ".pdf": exhibit, ".ocsf.ndjson": events, ".sarif": sarif,
}  # fmt: skip
"""Ending of a form -> what reads it back."""
