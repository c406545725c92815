"""Logs of several systems that tell of the same extracts, made for the tests of linking."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 1, 7, 19, 0, tzinfo=UTC)
SIZE = 402653184


class Logs:
    """Logs that grow line by line: their names, and what stands in them."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self._number = 0

    def write(self, folder: Path, *names: str) -> list[Path]:
        """Write the logs with these names, all of them without names; return their paths."""
        folder.mkdir(exist_ok=True)
        paths = []
        for name in names or self.texts:
            paths.append(folder / name)
            paths[-1].write_text("".join(f"{line}\n" for line in self.texts[name]), encoding="utf-8")
        return paths

    def lines(self, name: str, text: str) -> None:
        """Lines as they stand."""
        for line in text.strip().split("\n"):
            self._add(name, line.strip())

    def _add(self, name: str, line: str) -> None:
        self._number += 1
        self.texts.setdefault(name, []).append(line)

    def query(self, query_id: str, text: str, hours: float = 0, **fields: object) -> None:
        """A statement in Snowflake."""
        record = {
            "QUERY_ID": query_id,
            "QUERY_TEXT": text,
            "START_TIME": when(hours).strftime("%Y-%m-%d %H:%M:%S +0000"),
            "USER_NAME": "SVC_XTR",
            "ROLE_NAME": "IDRC_ICE_EXTRACT",
            "EXECUTION_STATUS": "SUCCESS",
            "DATABASE_NAME": "IDRC_PRD",
        }
        self._add("queries.ndjson", json.dumps(record | fields))

    def unload(self, file: str, hours: float = 0, size: int | None = SIZE, **fields: object) -> None:
        """A query that writes a file to a stage."""
        text = (
            f"copy into @IDRC_PRD.XTR.OUT/{file} from (select ssn_num from tmsis_elgblty where submtg_state_cd = '06')"
        )
        self.query(f"unload-{file}-{hours}", text, hours, BYTES_WRITTEN=size, **fields)

    def access(self, query_id: str, table: str, columns: str, hours: float = 0) -> None:
        """What a statement looked at."""
        objects = [
            {
                "objectDomain": "Table",
                "objectName": table,
                "columns": [{"columnName": column} for column in columns.split()],
            }
        ]
        record = {
            "QUERY_ID": query_id,
            "QUERY_START_TIME": when(hours).strftime("%Y-%m-%d %H:%M:%S +0000"),
            "USER_NAME": "SVC_XTR",
            "BASE_OBJECTS_ACCESSED": objects,
            "OBJECTS_MODIFIED": [],
        }
        self._add("accesses.ndjson", json.dumps(record))

    def push(self, file: str, hours: float = 0, size: int = SIZE, *, to: str = "DHS.ICE", **fields: object) -> None:
        """A copy by Connect:Direct."""
        told = {
            "STAR": when(hours).strftime("%Y%m%d %H:%M:%S"),
            "PNAM": "PUSH",
            "PNUM": self._number,
            "PNOD": "CMS.EFT",
            "SNOD": to,
            "CCOD": 0,
            "RECI": "CTRC",
            "TZDI": 0,
            "FROM": "P",
            "SFIL": f"/eft/out/{file}",
            "SBYR": size,
        } | fields
        self._add("pushes.txt", "|".join(f"{key}={value}" for key, value in told.items()))

    def download(self, file: str, hours: float = 0, size: int = SIZE) -> None:
        """A file fetched from an FTP server."""
        time = when(hours).strftime("%a %b %d %H:%M:%S %Y")
        self._add("xferlog", f"{time} 60 198.51.100.20 {size} /out/{file} b _ o r icepull sftp 0 * c")

    def object(self, file: str, hours: float = 0, size: int = SIZE) -> None:
        """An object read from a bucket."""
        time = when(hours).strftime("%d/%b/%Y:%H:%M:%S +0000")
        request = f"R{self._number:08}"
        self._add(
            "objects.log",
            f"o bucket [{time}] 198.51.100.20 arn:aws:iam::444455556666:user/x {request} REST.GET.OBJECT out/{file} "
            f'"GET /out/{file} HTTP/1.1" 200 - {size} {size} 7 5 "-" "S3Console/0.4" -',
        )

    def fetched(self, file: str, hours: float = 0, size: int = SIZE) -> None:
        """A download from MOVEit."""
        name = "moveit.csv"
        if name not in self.texts:
            self._add(name, "ID,LogTime,Action,Username,FileName,FolderPath,Error,XferSize")
        time = when(hours).strftime("%Y-%m-%d %H:%M:%S")
        self._add(name, f"{self._number},{time},file_download,pull,{file},/Home/X,0,{size}")


def when(hours: float) -> datetime:
    """So many hours after the beginning."""
    return BEGIN + timedelta(hours=hours)
