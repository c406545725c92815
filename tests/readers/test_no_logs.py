"""Files that are no logs: told by kind, and never missing from a scan; what might be a log stays so."""

import io
import json
import zipfile
from contextlib import redirect_stdout

import pytest

from auditscan.cli import run
from auditscan.readers.files import Found
from auditscan.readers.members import opened


def zipped(*names, mimetype=None):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def ole(*names):
    """A compound file of one sector, which is its directory."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[76:] = b"\xff" * (512 - 76)
    directory = b""
    for name in names:
        text = name.encode("utf-16-le") + b"\0\0"
        directory += text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes(62)
    return bytes(header) + directory.ljust(512, b"\0")


CSV = b"transfer_id,occurred_at,sender,recipient\n1,2025-08-01,CMS,ICE\n"
MAIL = b"Received: from x\r\nFrom: a@b\r\nTo: c@d\r\nSubject: ICE\r\nDate: Mon\r\n\r\nHi\r\n"
DIGEST = json.dumps({"awsAccountId": "1", "digestStartTime": "x", "digestS3Bucket": "b", "logFiles": []}).encode()

KINDS = {
    "a.pdf": (b"%PDF-1.7\nxx", "PDF"),
    "scan": (b"II*\0" + bytes(40), "image"),
    "a.eml": (MAIL, "mail message"),
    "mail.txt": (MAIL, "mail message"),
    "a.mbox": (b"From a@b Mon Jul 1 10:00:00 2025\n" + MAIL, "mail message"),
    "a.msg": (ole("Root Entry", "__nameid_version1.0", "__properties_version1.0"), "mail message"),
    "old.doc": (ole("Root Entry", "WordDocument"), "Word document"),
    "pictures": (ole("Root Entry", "Catalog"), "preview pictures"),
    "a.docx": (zipped("[Content_Types].xml", "word/document.xml"), "Word document"),
    "a.odt": (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "text document"),
    "a.rtf": (b"{\\rtf1 x}", "text document"),
    "a.dat": (b"\xfeBEGDOC\xfe\x14\xfeENDDOC\xfe\r\n", "load file"),
    "utf8.dat": ("\ufeffþBEGDOCþ\x14þENDDOCþ\n".encode(), "load file"),
    "utf16.dat": ("þBEGDOCþ\x14þENDDOCþ\n".encode("utf-16"), "load file"),
    "a.opt": (b"X-1,VOL1,IMG\\0001.tif,Y,,,3\n", "load file"),
    "a.html": (b"<!doctype html>\n<html>", "web page"),
    "a.woff2": (b"wOF2" + bytes(20), "font"),
    "a.mp4": (b"\0\0\0\x18ftypisom", "video"),
    "digest.json": (DIGEST, "CloudTrail digest: no events"),
    "empty.json": (b'{"Records": []}\n', "empty CloudTrail file"),
    "values.json": (b'{"@odata.context":"https://x","value":[]}', "empty list of records"),
    "~$book.xlsx": (b"\x05abcde" + b" " * 49, "lock file"),
    "night.lock": (b"pid 5", "lock file"),
    ".DS_Store": (b"\0\0\0\x01Bud1", "Finder file"),
    "desktop.ini": (b"[.ShellClassInfo]\n", "folder settings"),
    "vsftpd.conf": (b"xferlog_enable=YES\n", "configuration"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("production")
    for name, (content, _) in KINDS.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "in.zip", "w") as archive:
        archive.writestr("d/~$a.xlsx", b"\x05abcde   ")
        archive.writestr("d/a.pdf", "%PDF-1")
    return folder


def scanned(capsys, *paths):
    code = run(["scan", "--json", *map(str, paths)])
    told = json.loads(capsys.readouterr().out)
    return code, {file["path"].rpartition("/")[2]: file for file in told["files"]}, told


def test_each_kind_is_named_in_plain_words_and_the_scan_is_complete(files, capsys):
    code, found, told = scanned(capsys, files)
    assert {name: (found[name]["status"], found[name]["note"]) for name in KINDS} == {
        name: ("no_log", kind) for name, (_, kind) in KINDS.items()
    }
    assert (found["~$a.xlsx"]["note"], found["in.zip/d/a.pdf".rpartition("/")[2]]["status"]) == ("lock file", "no_log")
    assert (code, told["complete"]) == (0, True)


def test_detect_says_the_same_and_ends_well(files, capsys):
    assert run(["sources", "detect", "--json", str(files)]) == 0
    found = {row["path"].rpartition("/")[2]: row["why"] for row in json.loads(capsys.readouterr().out)}
    assert all(found[name] == kind for name, (_, kind) in KINDS.items())


LOGS_ALL_THE_SAME = {
    "a.pdf": (CSV, "read"),
    "~$log.csv": (CSV, "read"),
    "settings.conf": (CSV, "read"),
    "page.csv": (b"<html><table>", "unrecognized"),
    "book.xls": (ole("Root Entry", "Workbook"), "unreadable"),
    "secret.xls": (ole("Root Entry", "EncryptedPackage"), "unreadable"),
    "letter.txt": (b"Dear all,\nfind the log attached.\n", "unrecognized"),
    "other.json": (b'{"Records": [{"a": 1}]}', "unrecognized"),
    "events.xml": (MAIL, "unrecognized"),
    "listing.txt": (b"%PDF-1.7\nxx\n", "unrecognized"),
}


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """What one scan says of all of them: of each by its name, and why something may be missing."""
    folder = tmp_path_factory.mktemp("decided")
    for number, (name, (content, _)) in enumerate(LOGS_ALL_THE_SAME.items()):
        # Each its own content, or some would be copies.
        (folder / name).write_bytes(content.replace(b"\n1,", b"\n%d," % number))
    with redirect_stdout(io.StringIO()) as out:
        run(["scan", "--json", str(folder)])
    told = json.loads(out.getvalue())
    return {file["path"].rpartition("/")[2]: file for file in told["files"]}, told["incomplete_because"]


@pytest.mark.parametrize("name", LOGS_ALL_THE_SAME)
def test_content_decides_before_the_name_and_what_might_be_a_log_counts(name, decided):
    found, because = decided
    status = LOGS_ALL_THE_SAME[name][1]
    assert found[name]["status"] == status
    assert sum(name in said for said in because) == (status != "read")


def test_a_privilege_log_is_no_register(tmp_path, capsys):
    header = "Bates Begin,Date,Author,Recipient(s),Description,Privilege Basis\n"
    (tmp_path / "log.csv").write_text(header + 'X-1,8/13/2025,J. Roe,ICE OPLA,"names and addresses",AC\n')
    code, found, _ = scanned(capsys, tmp_path / "log.csv")
    assert (code, found["log.csv"]["status"], found["log.csv"]["records"]) == (20, "unrecognized", 0)
    assert "looks like a privilege log" in found["log.csv"]["note"]


def test_a_large_directory_is_followed_through_its_sectors(tmp_path):
    first, second = ole("Root Entry", "__attach"), ole("__properties_version1.0")
    header, table = bytearray(first[:512]), bytearray(b"\xff" * 512)
    header[48:52] = (1).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    table[4:8] = (2).to_bytes(4, "little")
    table[8:12] = (0xFFFFFFFE).to_bytes(4, "little")
    (tmp_path / "big.msg").write_bytes(bytes(header) + bytes(table) + first[512:] + second[512:])
    with opened(Found(tmp_path / "big.msg", "big.msg")) as found:
        assert [(one.status, one.fault) for one in found] == [("no_log", "mail message")]
