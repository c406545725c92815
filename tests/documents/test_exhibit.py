"""The exhibit: what a court takes, what a judge reads, and what the other side may check."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from contextlib import chdir
from datetime import UTC, datetime

import pikepdf
import pypdf
import pytest

from auditscan.cli import run
from auditscan.documents.content import Content, Made
from auditscan.documents.exhibit import parts
from auditscan.documents.filing import Filing
from auditscan.library import Library
from auditscan.questions.report import Selection, collect
from auditscan.store import open_store
from reporting import AS_OF, flat

AT = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
MADE = Made("auditscan report logs --out case.pdf", AT)
MARGIN = 72
WIDTH = 612

HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "\x1b[31mred\x1b]8;;http://x\x07",
    "\u202egnp.exe\u2066",
    "=1+1|cmd",
    "a" * 10_000,
    "b😀c 日本語",
    "nul\x00nul",
    "u\u2028v",
    "#set page(fill:red) $x$ @ref *b* `raw` // c",
    "עברית العربية हिन्दी ไทย",
    "e\u0301 ﬁ \ufdfd \u0336x",
    "日" * 60,
    "C:\\" + "d/" * 400,
]


def exhibit(database, filing=None, made=MADE, name="case.pdf"):
    """Return the files of an exhibit on a database, by name."""
    library = Library.shipped()
    with open_store(database, library, read_only=True) as store:
        content = Content(store, collect(store, Selection(), logs="logs"), made, filing or Filing())
        return {path.name: data for path, data in parts(content, database.with_name(name))}


def text_of(path):
    """The text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def whole_text(path):
    return flat("\n".join(text_of(path)))


@pytest.fixture(scope="module")
def filed(case_folder):
    """An exhibit with everything, as the command writes it."""
    with chdir(case_folder):
        arguments = "report --db case.duckdb --brief --no-pager --out filed.pdf --record --bates AUD --bates-start 41"
        assert run([*arguments.split(), "--bates-suffix", "CONF", "--exhibit", "Ex. A", "--as-of", AS_OF]) == 0
    return case_folder / "filed.pdf"


@pytest.fixture(scope="module")
def pages(filed):
    return text_of(filed)


@pytest.fixture(scope="module")
def pdf(filed):
    with pikepdf.open(filed) as opened:
        yield opened


def test_it_is_to_be_kept_and_to_be_read_aloud(pdf):
    with pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:title"].startswith("Ex. A: Transfers of health data")
    assert str(pdf.Root.Lang) == "en-US"
    assert bool(pdf.Root.MarkInfo.Marked) is True
    assert {tuple(map(float, page.MediaBox)) for page in pdf.pages} == {(0, 0, 612, 792)}


def test_nothing_in_it_runs_or_hides(pdf):
    assert not list(pdf.attachments)
    assert not pdf.is_encrypted
    assert "/AA" not in pdf.Root
    assert "/AcroForm" not in pdf.Root
    kinds = {str(found.get("/S")) for found in pdf.objects if isinstance(found, pikepdf.Dictionary)}
    assert not kinds & {"/JavaScript", "/Launch", "/URI", "/SubmitForm", "/GoToR"}
    assert b"/JavaScript" not in b"".join(found.unparse() for found in pdf.objects)


def test_its_fonts_are_in_it(pdf):
    described = [
        found
        for found in pdf.objects
        if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor"
    ]
    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(found.keys()) for found in described)


def test_its_outline_names_its_chapters(pdf):
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert [title[:2] for title in titles] == [f"{number}." for number in range(1, 10)]
    assert titles[3] == "4. Each barred transfer"


def test_qpdf_finds_no_fault(filed):
    if not shutil.which("qpdf"):
        pytest.skip("NOT CHECKED: qpdf is not installed (apt-get install qpdf)")
    assert "No syntax" in subprocess.run(["qpdf", "--check", filed], check=True, capture_output=True, text=True).stdout


def test_each_page_has_its_number_and_its_mark(pages):
    for place, page in enumerate(pages):
        assert f"AUD{41 + place:06}-CONF" in page
        assert f"Page {place + 1} of {len(pages)}" in flat(page)
        assert "Ex. A" in page


def test_it_says_what_the_first_screen_says(case_folder, filed, pages, capsys, monkeypatch):
    monkeypatch.chdir(case_folder)
    assert run(["report", "--db", "case.duckdb", "--brief", "--no-pager", "--width", "200", "--as-of", AS_OF]) == 0
    screen = capsys.readouterr().out.split("\nNext: ")[0]
    text = flat("\n".join(pages))
    for line in re.split(r"\n(?=\S|  +\d)", screen):
        assert flat(line).replace("`", "") in text
    # A judge reads it in two pages.
    assert "1. Summary" in pages[2]
    assert "2. Findings by order and category" in pages[4]


def test_it_says_what_no_figure_says(pages):
    text = flat("\n".join(pages))
    assert "No order was read in full" in pages[0]
    assert "Outside an order’s reach is not the same as lawful" in flat(pages[0])
    assert "reported, not applied" in text
    assert "Not applied: " in text
    assert "B: quoted by others from the text" in text
    assert "T-1: not JSON" not in text
    assert "a.ndjson, line 14" in text  # the record that could not be read
    assert "records = " in text


def test_orders_add_up_to_the_headline(case_folder):
    with open_store(case_folder / "case.duckdb", Library.shipped(), read_only=True) as store:
        (headline,) = store.table("headline")
        orders, groups = store.table("by_order"), store.table("barred_groups")
    assert sum(row["transfers"] for row in orders) == headline["judged"]
    assert sum(row["barred_then"] for row in orders) == headline["barred_then"]
    assert sum(row["barred_now"] for row in orders) == headline["barred_now"]
    passed = [row for row in groups if not row["attempt"]]
    assert sum(row["transfers"] for row in passed if row["verdict_now"] == "enjoined") == headline["barred_now"]
    assert sum(row["transfers"] for row in passed if row["verdict_then"] == "enjoined") == headline["barred_then"]
    assert sum(row["transfers"] for row in groups) == groups[0]["in_all"]


def test_each_barred_transfer_is_there_with_its_place_and_its_record(case_folder, pages):
    with open_store(case_folder / "case.duckdb", Library.shipped(), read_only=True) as store:
        rows = store.rows("select transfer_id, place from answer_rows where 'enjoined' in (verdict_now, verdict_then)")
    text = "\n".join(pages)
    assert rows
    for transfer_id, place in rows:
        shown = re.escape(transfer_id.encode("unicode_escape").decode())
        # In its record the id stands once more.
        assert re.search(rf"\d\. {shown}.*?\bRecord: \S*a\.ndjson, {place}\b.*?transfer_id", text, re.DOTALL)


def test_it_names_files_and_hashes_and_is_left_unsigned(case_folder, pages):
    with open_store(case_folder / "case.duckdb", Library.shipped(), read_only=True) as store:
        files = store.table("files_accounted")
        ((policy, queries),) = store.rows("select policy_sha256, queries_sha256 from settings")
    text = flat("\n".join(pages))
    for file in files:
        if file["sha256"]:
            assert file["sha256"] in text
    last = flat(pages[-1])
    assert "902(13) and (14)" in last
    assert policy in last
    assert queries in last
    assert "Signature (left blank)" in last


def test_the_same_moment_gives_the_same_bytes(case_folder):
    one, other = (exhibit(case_folder / "case.duckdb", Filing(record=True)) for _ in range(2))
    assert one == other
    later = exhibit(case_folder / "case.duckdb", Filing(record=True), Made(MADE.command, AT.replace(year=2027)))
    assert later != one


def test_without_links_it_has_none(case_folder, tmp_path, pdf):
    assert any("/Annots" in page for page in pdf.pages)
    (data,) = exhibit(case_folder / "case.duckdb", Filing(links=False)).values()
    (tmp_path / "x.pdf").write_bytes(data)
    with pikepdf.open(tmp_path / "x.pdf") as opened:
        assert not any("/Annots" in page for page in opened.pages)
    contents = text_of(tmp_path / "x.pdf")[1]
    assert "4. Each barred transfer" in contents


def test_the_path_is_that_of_the_record_elsewhere_too(case_folder, monkeypatch, capsys):
    monkeypatch.chdir(case_folder)
    assert run(["report", "logs", "--brief", "--no-pager", "--out", "direct.pdf", "--as-of", AS_OF]) == 0
    assert "written: direct.pdf" in capsys.readouterr().err
    assert "auditscan report" not in text_of("direct.pdf")[1]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The exhibit of a log whose every field is hostile in turn, and how many transfers of it are barred."""
    folder = tmp_path_factory.mktemp("hostile")
    base = {
        "occurred_at": "2026-02-10T18:00:00Z",
        "sender": "CMS",
        "recipient": "ICE",
        "action": "push",
        "programs": ["medicaid"],
        "states": ["CA"],
        "elements": ["ssn"],
        "populations": ["not_lawfully_residing"],
        "purpose": "immigration enforcement",
        "outcome": "success",
    }
    records = []
    for place, text in enumerate(HOSTILE):
        records += [
            {**base, "transfer_id": f"{place} {text}"},
            {**base, "transfer_id": f"E{place}", "elements": ["ssn", text], "actor": text, "outcome": text},
            {**base, "transfer_id": f"P{place}", "sender": text, "action": text},
            {**base, "transfer_id": f"Q{place}", "states": ["CA", text], "populations": [text], text: text},
        ]
    (folder / "logs").mkdir()
    log = folder / "logs" / "h<b>日\u202e.ndjson"
    log.write_text("\n".join([*map(json.dumps, records), *(text.replace("\n", " ") for text in HOSTILE)]))
    with chdir(folder):
        assert run(["report", "logs", "--brief", "--no-pager", "--out", "h.pdf", "--record", "--as-of", AS_OF]) == 0
    return folder / "h.pdf"


def test_hostile_text_is_shown_and_does_nothing(hostile):
    text = "\n".join(text_of(hostile))
    joined = re.sub(r"[\s\u200b]", "", text)
    assert "<script>alert(1)</script>" in joined
    assert "\\x1b[31mred" in joined
    assert "\\u202egnp.exe" in joined
    assert "nul\\x00nul" in joined
    assert "#setpage(fill:red)$x$@ref*b*" in joined
    # What no font has stands as its code, and what one has stands as it is.
    assert "b\\u{1f600}c" in joined
    assert "\\u{65e5}" * 20 in joined
    assert "日" not in text
    assert "\u202e" not in text
    with pikepdf.open(hostile) as opened, opened.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"


@pytest.mark.parametrize("which", ["hostile", "filed"])
def test_no_text_runs_off_the_page(which, request):
    if not shutil.which("pdftotext"):
        pytest.skip("NOT CHECKED: pdftotext is not installed (apt-get install poppler-utils)")
    path = request.getfixturevalue(which)
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True).stdout
    ends = [float(end) for end in re.findall(r'<word .*?xMax="([\d.]+)"', boxes)]
    begins = [float(begin) for begin in re.findall(r'<word xMin="([\d.]+)"', boxes)]
    assert max(ends) <= WIDTH - MARGIN + 1
    assert min(begins) >= MARGIN - 1


def test_parts_are_whole_and_numbered_on(case_folder, tmp_path):
    database = case_folder / "case.duckdb"
    (whole,) = exhibit(database, Filing(record=True)).values()
    limit = len(whole) * 0.85 / 1_000_000
    files = exhibit(database, Filing(record=True, bates="AUD", max_mb=limit))
    assert list(files) == [f"case-{place}.pdf" for place in range(1, len(files) + 1)]
    assert len(files) > 1
    pages = []
    for name, data in files.items():
        assert len(data) <= limit * 1_000_000
        (tmp_path / name).write_bytes(data)
        with pikepdf.open(tmp_path / name) as opened, opened.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
        pages += text_of(tmp_path / name)
    for place, page in enumerate(pages, 1):
        assert f"Page {place} of {len(pages)}" in flat(page)
        assert f"AUD{place:06}" in page
    text = flat("\n".join(pages))
    numbers = [int(number) for number in re.findall(r"(\d+)\. \S+ (?:enjoined|review|permitted|outside) ", text)]
    assert numbers == sorted(set(numbers))
    assert "9. What a person would have to certify" in pages[-1]


def test_parts_that_cannot_be_as_small_are_refused(case_folder, monkeypatch, capsys):
    monkeypatch.chdir(case_folder)
    assert run(["report", "--db", "case.duckdb", "--out", "small.pdf", "--max-mb", "0.1"]) == 2
    assert "cannot be cut into parts" in capsys.readouterr().err
    assert not list(case_folder.glob("small*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--exhibit", "Ex. A"], "--exhibit"),
        (["--bates", "AUD", "--out", "x.md"], "--bates"),
        (["--record"], "--record"),
        (["--max-mb", "10"], "--max-mb"),
        (["--no-links"], "--no-links"),
        (["--bates-start", "3", "--out", "x.pdf"], "add `--bates PREFIX`"),
        (["--bates", "A/B", "--out", "x.pdf"], "does not fit"),
        (["--exhibit", "日", "--out", "x.pdf"], "does not fit"),
        (["--bates", "AUD", "--out", "x.pdf", "--out", "y.pdf"], "the same numbers"),
        (["--max-mb", "9", "--out", "x.pdf", "--out", "x-1.pdf"], "of the same names"),
        (["--out", "x.pdf", "--bates", "A", "--bates-start", "0"], "--bates-start"),
    ],
)
def test_what_is_about_an_exhibit_is_refused_elsewhere(arguments, said, case_folder, monkeypatch, capsys):
    monkeypatch.chdir(case_folder)
    assert run(["report", "--db", "case.duckdb", *arguments]) == 2
    assert said in flat(capsys.readouterr().err)
    assert not list(case_folder.glob("[xy].*"))


def test_without_typst_it_says_what_to_install(case_folder):
    code = "import sys; sys.modules['typst'] = None; from auditscan.cli import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "report", "--db", "case.duckdb", "--out", "z.pdf"]
    ended = subprocess.run(command, cwd=case_folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "pip install 'auditscan[pdf]'" in ended.stderr
    assert "typst" in ended.stderr
    assert not (case_folder / "z.pdf").exists()


def test_without_a_pdf_typst_is_not_loaded(case_folder):
    code = (
        "import sys; from auditscan.cli import run; code = run(sys.argv[1:]); sys.exit(code or 'typst' in sys.modules)"
    )
    command = [sys.executable, "-c", code, "report", "--db", "case.duckdb", "--out", "z.md"]
    assert subprocess.run(command, cwd=case_folder, capture_output=True, check=False).returncode == 0


def test_a_record_whose_file_changed_is_not_shown(case_folder, tmp_path):
    log, database = case_folder / "logs" / "a.ndjson", case_folder / "case.duckdb"
    before = log.read_bytes()
    try:
        log.write_bytes(before.replace(b"diagnosis", b"diagnosys"))
        with chdir(case_folder):
            (data,) = exhibit(database, Filing(record=True)).values()
    finally:
        log.write_bytes(before)
    (tmp_path / "x.pdf").write_bytes(data)
    text = whole_text(tmp_path / "x.pdf")
    assert "NOT WHAT WAS SCANNED" in text
    assert "diagnosys" not in text


def test_more_than_are_listed_are_counted(case_folder, monkeypatch, tmp_path):
    monkeypatch.setattr("auditscan.documents.exhibit.barred.MOST", 2)
    (data,) = exhibit(case_folder / "case.duckdb").values()
    (tmp_path / "x.pdf").write_bytes(data)
    text = whole_text(tmp_path / "x.pdf")
    assert re.search(r"The first 2 of \d+ transfers", text)
    assert "listed_barred=true" in text
    assert "\n3. T-" not in "\n".join(text_of(tmp_path / "x.pdf"))


def test_a_bates_number_of_a_register_is_cited(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register.csv").write_text(
        "Bates,Date of Disclosure,Disclosed By,Disclosed To,Data Elements,State,Program\n"
        "HHS-0001234,2026-02-10,CMS,ICE,SSN; diagnosis codes,CA,Medicaid\n"
        "HHS-0001235,2026-02-11,CMS,ICE,SSN,NY,Medicaid\n"
    )
    assert run(["report", "register.csv", "--brief", "--no-pager", "--out", "r.pdf", "--as-of", AS_OF]) == 0
    assert "the log notes: HHS-0001234" in whole_text(tmp_path / "r.pdf")


def test_a_database_without_transfers_has_an_exhibit_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ndjson").write_text("")
    assert run(["report", "a.ndjson", "--brief", "--no-pager", "--out", "e.pdf", "--as-of", AS_OF]) == 0
    assert "No transfer is barred now" in whole_text(tmp_path / "e.pdf")


def test_a_large_one_is_warned_of(case_folder, monkeypatch, recwarn):
    monkeypatch.setattr("auditscan.documents.exhibit.typeset.WARNED_MB", 0.1)
    exhibit(case_folder / "case.duckdb")
    assert any("--max-mb" in str(told.message) for told in recwarn)
