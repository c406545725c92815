"""Make up a production of documents: `python -m tools.make_production FOLDER [--files 400] [--seed N]`, run in tests/.

Such a folder comes from the other side: logs lie between mail, papers, pictures and load files, registers are partly
blacked out, and most files of CloudTrail are empty. All of it is invented, and the same for a seed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from tools.sample_draw import OTHERS, SUED, Draw
from tools.sample_writing import BUCKET, DESK, OWNER, VISITOR, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Made = tuple[str, bytes]
"""A path below the folder, and its content."""

FIRST, LAST = date(2025, 7, 1), date(2026, 10, 30)
STATES = {"CA": "06", "NY": "36", "WA": "53", "IL": "17", "TX": "48", "FL": "12", "OR": "41", "GA": "13"}
SHARES = {
    "01_Correspondence": 0.1,
    "02_Registers": 0.02,
    "03_Query_History": 0.03,
    "05_EFT": 0.04,
    "06_Documents": 0.08,
}
"""Which part of the files lies in a folder; CloudTrail, with a file every few minutes, has all others."""

QUERIES = (
    "SELECT msis_ident_num, birth_dt, elgbl_line_1_adr FROM tmsis_prmry_dmgrphc_elgblty WHERE submtg_state_cd = '{}'",
    "SELECT ssn_num, imgrtn_stus_cd FROM tmsis_var_dmgrphc_elgblty WHERE submtg_state_cd = '{}' AND imgrtn_stus_cd = 3",
    "SELECT * FROM IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_CLM WHERE submtg_mdcd_lcl_state_cd = '{}'",
    "SELECT submtg_state_cd, count(*) FROM tmsis_prmry_dmgrphc_elgblty WHERE submtg_state_cd = '{}' GROUP BY 1",
    "SELECT elgbl_last_name, elgbl_line_1_adr\nFROM tmsis_prmry_dmgrphc_elgblty\nWHERE submtg_state_cd = '{}'",
)
REGISTER = (
    "Tracking No",
    "Date of Disclosure",
    "Disclosed By",
    "Disclosed To",
    "Description of Information",
    "Program",
    "Population",
    "States",
    "No. of Individuals",
    "Purpose / Authority",
)
WHAT = (
    "Medicaid ID; address; date of birth",
    "SSN; name;\nimmigration status",
    "claims data (dx codes)",
    "address; phone number",
    "name, phone number",
)


class Maker:
    """Draws everything; each thing has a number of its own, so that it can be found again."""

    def __init__(self, seed: int) -> None:
        self.draw = Draw(f"production-{seed}")
        self.number = 0

    def next(self) -> int:
        """A number that nothing else has."""
        self.number += 1
        return self.number

    def moment(self) -> datetime:
        """Some second of the working hours of some day."""
        day = FIRST + timedelta(days=self.draw.below((LAST - FIRST).days))
        return self.draw.at(day).astimezone(UTC)

    def state(self) -> str:
        """A state, one of those that sued more often than not."""
        return self.draw.pick(SUED if self.draw.chance(0.6) else OTHERS)

    # --- what is no log ----------------------------------------------------------------------------

    def correspondence(self) -> Iterator[Made]:
        """Mail, and letters as PDF."""
        while True:
            number, at = self.next(), self.moment()
            yield (
                f"RE_ data request {number:04}.eml",
                f"From: a.requester@cms.example\r\nTo: desk@ice.example\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
                f"Subject: RE: data request {number}\r\nMessage-ID: <{number}@cms.example>\r\n\r\nSee attached.\r\n"
                "".encode(),
            )
            yield f"PROD-{self.next():06}.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"

    def documents(self) -> Iterator[Made]:
        """What an office leaves in its folders."""
        while True:
            number = self.next()
            yield f"Memo {number}.docx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
            yield f"scan_{number}.png", b"\x89PNG\r\n\x1a\n" + bytes(24)
            yield f"~$Memo {number}.docx", b"\x0aA Requester" + b" " * 42
            yield f"copies {number}/Thumbs.db", previews()
            yield f"notes {number}.txt", b"Call back about the template of May.\nAsk for the second disk.\n"

    # --- registers ---------------------------------------------------------------------------------

    def entry(self, redacted: bool) -> list[Any]:
        """A row of a register."""
        number, at, draw = self.next(), self.moment(), self.draw
        states = "; ".join(dict.fromkeys((self.state(), self.state())))
        row = [f"DR-{number:05}", f"{at:%m/%d/%Y}", "CMS", draw.pick(("ICE", "ICE ERO", "CBP", "USCIS", "SSA"))]
        if redacted:
            row[2:] = ["(b)(6)", draw.pick(("[REDACTED]", "(b)(6), (b)(7)(C)", "ICE"))]
        purpose = draw.pick(("8 U.S.C. 1360(b)", "", "program integrity"))
        whose = draw.pick(("not lawfully residing", "not lawfully residing", "undocumented", "LPR", ""))
        return [*row, draw.pick(WHAT), "Medicaid", whose, states, draw.people(1, 90_000), purpose]

    def registers(self) -> Iterator[Made]:
        """Accountings of disclosures as workbook and CSV, some of them redacted, and a privilege log."""
        yield "CMS accounting.xlsx", self.workbook()
        yield "accounting_redacted.csv", rows_of(REGISTER, [self.entry(True) for _ in range(12)])
        listed = [[f"PRIV-{self.next():05}", "7/9/2025", "A. Requester", "B. Counsel", "AC", "Memo"] for _ in range(8)]
        yield "Privilege_Log.csv", rows_of(("Bates", "Date", "Author", "Recipient", "Privilege", "Description"), listed)
        while True:
            name = f"accounting_{self.next():04}"
            yield f"{name}.csv", rows_of(REGISTER, [self.entry(False) for _ in range(9)])
            yield f"{name}.xlsx", self.workbook()

    def workbook(self) -> bytes:
        """Two sheets with a title above the header and a sum below the rows."""
        packed = io.BytesIO()
        with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
            # The file would say when it was made, and never be the same twice.
            book.set_properties({"created": datetime(2026, 11, 1, tzinfo=UTC)})
            for name, redacted in {"CY2025": False, "CY2026": True}.items():
                sheet = book.add_worksheet(name)
                sheet.write(0, 0, f"Accounting of disclosures, {name}")
                sheet.write_row(2, 0, REGISTER)
                for place in range(3, 9):
                    sheet.write_row(place, 0, self.entry(redacted))
                sheet.write_row(9, 0, ("Total", *[""] * 7, 6))
        return packed.getvalue()

    # --- what systems write ------------------------------------------------------------------------

    def query(self) -> dict[str, Any]:
        """A row of QUERY_HISTORY: the same few questions again and again."""
        at, draw = self.moment(), self.draw
        text = draw.pick(QUERIES)
        ended = draw.pick(("SUCCESS",) * 9 + ("FAIL",))
        return {
            "QUERY_ID": f"01d0-{self.next():08}",
            "QUERY_TEXT": text.format(draw.pick(list(STATES.values()))),
            "USER_NAME": draw.pick(("ERO_ANALYST", "SVC_XTR", "JDOE")),
            "DATABASE_NAME": "IDRC_PRD",
            "ROLE_NAME": draw.pick(("IDRC_ICE_VIEW", "IDRC_ICE_VIEW", "SYSADMIN")),
            "QUERY_TYPE": "SELECT",
            "EXECUTION_STATUS": ended,
            "START_TIME": f"{at:%Y-%m-%d %H:%M:%S}.000 +0000",
            "END_TIME": f"{at + timedelta(seconds=9):%Y-%m-%d %H:%M:%S}.000 +0000",
            "ROWS_PRODUCED": 0 if ended == "FAIL" or draw.chance(0.1) else draw.people(1, 9000),
        }

    def histories(self) -> Iterator[Made]:
        """Histories of Snowflake as CSV, whose texts have line breaks in their cells, and as JSON."""
        while True:
            found = [self.query() for _ in range(14)]
            yield f"QUERY_HISTORY_{self.next():03}.csv", rows_of(found[0], [list(row.values()) for row in found])
            yield f"query_history_{self.next():03}.json", lines([self.query() for _ in range(14)])

    def sent_name(self) -> str:
        """The name of a file that lies on a server: what is in it, or nothing at all."""
        number, at = self.next(), self.moment()
        kind = self.draw.pick(("CLAIMS", "ELG", "CI"))
        return self.draw.pick(
            (
                f"P#EFT.ON.ICE.{self.state()}.{kind}.D{at:%y%m%d}.T{number:07}",
                f"ssn_match_{self.state().lower()}_{number:07}.csv",
                f"batch_{number:07}.dat",
            )
        )

    def servers(self) -> Iterator[Made]:
        """Logs of file servers, which name accounts and files and no agencies."""
        while True:
            text, day = "", self.moment()
            for step in range(10):
                at = day + timedelta(minutes=7 * step)
                way = self.draw.pick(("o", "o", "o", "i"))
                text += (
                    f"{at:%a %b} {at.day:2} {at:%H:%M:%S %Y} 12 {DESK} {self.draw.people(900, 9_000_000)} "
                    f"/out/{self.sent_name()} b _ {way} r pull{self.next() % 9} sftp 0 * c\n"
                )
            yield f"xferlog-{day:%Y%m%d}-{self.next():03}", text.encode()
            text, day, process = "", self.moment(), 4000 + self.next()
            for step in range(4):
                at, name = day + timedelta(minutes=9 * step), self.sent_name()
                head, user = f" eft1 internal-sftp[{process + step}]: ", f"pull3 from [{DESK}]"
                stamps = [f"{at + timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}+00:00" for second in range(4)]
                text += f"{stamps[0]}{head}session opened for local user {user}\n"
                text += f'{stamps[1]}{head}open "/out/{name}" flags READ mode 0666\n'
                text += f'{stamps[2]}{head}close "/out/{name}" bytes read {9000 + step} written 0\n'
                text += f"{stamps[3]}{head}session closed for local user {user}\n"
            yield f"sftp-{day:%Y%m%d}-{self.next():03}.log", text.encode()

    def call(self, at: datetime) -> dict[str, Any]:
        """A call that CloudTrail saw."""
        who, name = self.draw.pick(("ICE-ERO-Read", "xtr")), self.draw.pick(("GetObject", "GetObject", "ListObjects"))
        number = self.next()
        asked = {"bucketName": BUCKET} | ({"key": f"xtr/{self.sent_name()}"} if name == "GetObject" else {})
        return {
            "eventVersion": "1.11",
            "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": "s3.amazonaws.com",
            "eventName": name,
            "sourceIPAddress": DESK,
            "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::{VISITOR}:assumed-role/{who}/run"},
            "eventID": f"00000000-0000-4000-8000-{number:012}",
            "requestID": f"REQ{number:013}",
            "requestParameters": asked,
            "additionalEventData": {"bytesTransferredOut": self.draw.people(900, 9_000_000)},
            "recipientAccountId": OWNER,
        }

    def trails(self) -> Iterator[Made]:
        """Files of CloudTrail, four of five of them empty, and a digest now and then."""
        while True:
            at = self.moment()
            folder = f"{at:%Y/%m/%d}/{OWNER}_CloudTrail"
            held = [self.call(at + timedelta(seconds=n)) for n in range(3)] if self.draw.chance(0.2) else []
            yield (
                f"CloudTrail/us-east-1/{folder.replace('CloudTrail', 'CloudTrail_us-east-1')}_{self.next():06}.json.gz",
                packed({"Records": held}),
            )
            if self.draw.chance(0.1):
                told = {"awsAccountId": OWNER, "digestStartTime": f"{at:%Y-%m-%dT%H:00:00Z}", "digestS3Bucket": BUCKET}
                yield (
                    f"CloudTrail-Digest/us-east-1/{folder}-Digest_{self.next():06}.json.gz",
                    packed(told | {"logFiles": []}),
                )

    def load_files(self) -> Iterator[Made]:
        """What a review platform takes the rest in with."""
        yield "PROD001.dat", "þBEGDOCþ\x14þENDDOCþ\nþPROD-000001þ\x14þPROD-000002þ\n".encode()
        yield "PROD001.opt", b"PROD-000001,VOL1,IMAGES\\0001.tif,Y,,,2\n"


def previews() -> bytes:
    """The preview pictures of a folder: a compound file of one sector, which is its directory."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(68) + b"\xff" * 436)
    header[30:32] = (9).to_bytes(2, "little")
    held = ""
    for name in ("Root Entry", "Catalog"):
        held += name.ljust(32, "\0") + chr(2 * len(name) + 2) + "\0" * 31
    return bytes(header) + held.encode("utf-16-le").ljust(512, b"\0")


def packed(content: object) -> bytes:
    """JSON in gzip, without a time of its own; not compressed, so that every zlib gives the same bytes."""
    return gzip.compress(json.dumps(content).encode(), compresslevel=0, mtime=0)


def zipped(members: dict[str, str]) -> bytes:
    """A ZIP archive with fixed dates."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        for name, text in members.items():
            box.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), text)
    return made.getvalue()


def rows_of(header: Iterable[str], records: list[list[Any]]) -> bytes:
    """CSV whose column names hold blanks."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *records])
    return text.getvalue().encode()


def make(files: int, seed: int) -> dict[str, bytes]:
    """Every file of a production, by its path; at least one of each kind, whatever `files` says."""
    maker = Maker(seed)
    kinds: dict[str, Callable[[], Iterator[Made]]] = {
        "01_Correspondence": maker.correspondence,
        "02_Registers": maker.registers,
        "03_Query_History": maker.histories,
        "05_EFT": maker.servers,
        "06_Documents": maker.documents,
    }
    made: dict[str, bytes] = {f"07_Load_File/{name}": content for name, content in maker.load_files()}
    least = {"01_Correspondence": 2, "02_Registers": 3, "03_Query_History": 2, "05_EFT": 2, "06_Documents": 4}
    for folder, kind in kinds.items():
        few = max(least[folder], round(files * SHARES[folder]))
        made |= {f"{folder}/{name}": content for (name, content), _ in zip(kind(), range(few), strict=False)}
    trails = maker.trails()
    while len(made) < files:
        name, content = next(trails)
        made[f"04_AWS/AWSLogs/{OWNER}/{name}"] = content
    return made


def main() -> None:
    """Write a production into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name, content in make(given.files, given.seed).items():
        path = given.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
