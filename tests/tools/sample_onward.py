"""The invented extract on paper and beyond: in the register of who disclosed it, and passed on by who got it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from tools.sample_writing import ANALYST, FILE, PEOPLE, SIZE, VENDOR, lines, rows

REGISTER_HEADER = (
    "Tracking No",
    "Date of Disclosure",
    "Disclosed To",
    "Description of Information",
    "Purpose / Authority",
    "States",
    "No. of Individuals",
    "Method",
    "File Name",
    "Released By",
)


def register_workbook() -> bytes:
    """The register of the one who disclosed: titles, two sheets, a sum at the foot."""
    told: dict[str, list[tuple[Any, ...]]] = {
        "CY2026": [
            (
                "NDT-2026-0031", "02/10/2026", "ICE, Enforcement and Removal Operations",
                "Medicaid ID; last name; DOB; SSN; immigration status", "8 U.S.C. 1360(b)", "CA, IL", PEOPLE, "EFT",
                FILE, "CMS",
            ),
            (
                "NDT-2026-0032", "02/19/2026", "ICE", "Names, addresses and phone numbers", "8 U.S.C. 1360(b)", "TX",
                18250, "EFT", "", "CMS",
            ),
            (
                "NDT-2026-0033", "3/4/2026", "SSA", "SSN, date of birth",
                "Computer matching", "All", 512000, "Connect:Direct", "", "CMS",
            ),
        ],
        "CY2025": [
            ("NDT-2025-0107", "Jul-25", "DHS", "claims data (dx codes)", "(b)(5)", "[REDACTED]", 940, "CD", "", "CMS"),
        ],
    }  # fmt: skip
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        # The file would say when it was made, and never be the same twice.
        book.set_properties({"created": datetime(2026, 4, 1, tzinfo=UTC)})
        for name, records in told.items():
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, f"Accounting of disclosures, {name}")
            sheet.write_row(2, 0, REGISTER_HEADER)
            for number, record in enumerate(records, 3):
                sheet.write_row(number, 0, record)
            sheet.write_row(3 + len(records), 0, ("Total", "", "", "", "", "", sum(record[6] for record in records)))
    return packed.getvalue()


def redacted_register() -> bytes:
    """A register as it was handed over: who sent is seldom said, and some of the recipients are blacked out."""
    authority = "8 U.S.C. 1360(b)"
    return rows(
        "Tracking_No Date_of_Disclosure Disclosed_To Description_of_Information Purpose Program States "
        "No_of_Individuals Released_By",
        [
            [
                *("RR-1", "8/11/2025 - 8/14/2025", "ICE", "Medicaid ID;\naddress", authority),
                *("Medicaid", "WA", 480, "CMS"),
            ],
            ["RR-2", "1/14/2026", "[REDACTED]", "SSN; diagnosis codes", "[REDACTED]", "Medicaid", "CA", 640, "(b)(6)"],
            ["RR-3", "1/20/2026", "(b)(6), (b)(7)(C)", "phone number", "", "Medicaid", "NY; TX", 31, "(b)(6)"],
            ["RR-4", "2/3/2026", "ICE", "Medicaid ID; address; DOB", authority, "Medicaid", "OR", 212, "(b)(6)"],
        ],
    )


def m365_export() -> bytes:
    """The extract handed on: downloaded by a vendor from a site of ICE, a guest let in, a message in a chat."""
    site = "https://ice.example.sharepoint.com/sites/ERO/"

    def row(number: int, stamp: str, kind: str, operation: str, user: str, **more: Any) -> list[Any]:
        told = {"CreationTime": stamp, "Id": f"aaaaaaaa-0000-4000-8000-{number:012}", "Operation": operation}
        told |= {"RecordType": 6, "UserId": user, "ClientIP": "203.0.113.9", "Workload": "SharePoint"} | more
        return [kind, f"{stamp}.0000000Z", user, operation, json.dumps(told)]

    held = {"SiteUrl": site, "SourceRelativeUrl": "Shared Documents", "SourceFileName": FILE, "FileSizeBytes": SIZE}
    held["ObjectId"] = f"{site}Shared Documents/{FILE}"
    files, shares = "SharePointFileOperation", "SharePointSharingOperation"
    return rows(
        "RecordType CreationDate UserIds Operations AuditData",
        [
            row(1, "2026-02-11T14:01:10", files, "UserLoggedIn", ANALYST),
            row(2, "2026-02-11T14:02:31", files, "FileUploaded", ANALYST, **held),
            row(3, "2026-02-11T14:20:00", shares, "SharingSet", ANALYST, **held, TargetUserOrGroupName=VENDOR),
            row(4, "2026-02-12T16:05:40", files, "FileDownloaded", VENDOR, **held),
            row(5, "2026-02-12T16:31:00", "MicrosoftTeams", "MessageSent", ANALYST, Workload="MicrosoftTeams"),
        ],
    )


def box_events() -> bytes:
    """The same file in a folder that a vendor was let into."""

    def event(number: int, stamp: str, kind: str, who: str, **more: Any) -> dict[str, Any]:
        return {
            "type": "event",
            "event_id": f"b-{number:04}",
            "created_at": f"2026-02-{stamp}-05:00",
            "event_type": kind,
            "created_by": {"type": "user", "id": str(number), "login": who},
            "ip_address": "203.0.113.9",
        } | more

    held = {
        "type": "file",
        "item_id": "99",
        "item_name": FILE,
        "parent": {"name": "ERO"},
        "owned_by": {"type": "user", "login": ANALYST},
    }
    return lines(
        [
            event(1, "13T09:00:01", "LOGIN", ANALYST),
            event(2, "13T09:04:10", "UPLOAD", ANALYST, source=held, additional_details={"size": SIZE}),
            event(
                3,
                "13T09:10:00",
                "COLLABORATION_INVITE",
                ANALYST,
                accessible_by={"type": "user", "login": VENDOR},
                source={"folder_name": "ERO", "owned_by": {"login": ANALYST}},
            ),
            event(4, "13T10:42:19", "DOWNLOAD", VENDOR, source=held, additional_details={"size": SIZE}),
        ]
    )
