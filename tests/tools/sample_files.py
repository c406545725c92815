"""The invented extract as a file: listed, pushed, fetched from a gateway and from S3.

Every log knows it by the same name and size, which is how they are linked. Beside it each holds records of its own:
what came in, what failed, what moved no file.
"""

from __future__ import annotations

import json
from typing import Any

from tools.sample_writing import ANALYST, BUCKET, DESK, FILE, OWNER, PEOPLE, SIZE, VISITOR, epoch, lines


def manifest(method: str, names: list[str], request: str, comments: str) -> dict[str, Any]:
    """What lies beside the files of an extract."""
    return {
        "method": method,
        "deleteReason": "" if method == "add" else "expired",
        "fileInformation": [{"fileName": name, "fileLocation": f"s3://{BUCKET}/xtr/"} for name in names],
        "shareDetails": {
            "dataRequestID": request,
            "shareDuration": "30",
            "dataRecipientEmails": ANALYST,
            "totalNumberOfFiles": len(names),
            "jiraTicket": f"XTR-{request[-2:]}",
        },
        "requestorContactInfo": {"fullName": "A. Requester", "phoneNumber": "555-0100", "email": "a@cms.example"},
        "comments": comments,
    }


def manifests() -> bytes:
    """The extract shared, and an older share taken back."""
    declared = "Elements: MSIS ID, last name, date of birth, SSN, immigration status"
    return lines(
        [
            manifest("add", [FILE], "DR-0031", declared),
            manifest("delete", ["P#EFT.ON.ICE.ELG.D260113.T0903020"], "DR-0024", ""),
        ]
    )


def eft_names() -> bytes:
    """A list of datasets: the extract, and what states sent in."""
    listed = [
        f"{FILE} {SIZE}",
        "P#EFT.ON.TMSIS.CA.CI.M12Y25.D260209.T0412330 88080384",
        "P#EFT.ON.TMSIS.WI.EL.M12Y25.D260209.T0630010 20971520",
    ]
    return "".join(f"{line}\n" for line in listed).encode()


def copy(number: int, start: str, end: str, **more: Any) -> str:
    """A line of Connect:Direct's statistics."""
    told = {
        "STAR": f"20260210 {end}",
        "PNAM": "ICEPUSH",
        "PNUM": number,
        "STRT": f"20260210 {start}",
        "STOP": f"20260210 {end}",
        "SBID": "eftsvc",
        "PNOD": "CMS.EFT",
        "SNOD": "DHS.ICE",
        "CCOD": 0,
        "RECI": "CTRC",
        "RECC": "CAPR",
        "TZDI": -18000,
        "MSGI": "SCPA000I",
        "FROM": "P",
    } | more
    return "|".join(f"{key}={value}" for key, value in told.items()) + "\n"


def connect_direct() -> bytes:
    """The extract pushed, after an attempt that failed; the start of the session and a state's own file."""
    sent = {"SFIL": f"/eft/out/{FILE}", "DFIL": "/in/cms/elg.dat"}
    return "".join(
        [
            "STAR=20260210 14:32:06|PNAM=ICEPUSH|PNUM=811|RECI=PSTR|PNOD=CMS.EFT|SNOD=DHS.ICE\n",
            copy(809, "13:20:00", "13:20:31", CCOD=8, MSGI="SCPA046I", SFIL="/eft/out/elg_test.dat", SBYR=0),
            copy(812, "14:32:10", "14:40:02", **sent, SBYR=SIZE, SRCR=PEOPLE, DBYW=SIZE, DRCW=PEOPLE),
            copy(
                640,
                "03:12:00",
                "03:12:33",
                PNOD="CA.MMIS",
                SNOD="CMS.TMSIS",
                SFIL="P#EFT.ON.TMSIS.CA.CI.M12Y25.D260209.T0412330",
                SBYR=88080384,
            ),
        ]
    ).encode()


def xferlog() -> bytes:
    """The extract fetched from the gateway; a state's upload, a deletion, a list that came only half."""
    return (
        f"Tue Feb 10 20:55:02 2026 472 {DESK} {SIZE} /out/ice/{FILE} b _ o r ice-ero sftp 0 * c\n"
        "Wed Feb 11 04:12:33 2026 61 192.0.2.31 88080384 /in/ca/claims_202512.dat b _ i r camedi sftp 0 * c\n"
        f"Wed Feb 11 15:02:10 2026 12 {DESK} 1048576 /out/ice/finder matches 0211.csv b _ o r icepull sftp 0 * i\n"
        "Thu Feb 12 01:00:00 2026 0 192.0.2.2 88080384 /in/ca/claims_202512.dat b _ d r janitor sftp 0 * c\n"
    ).encode()


def s3_line(stamp: str, requester: str, request: str, what: str, key: str, status: str, sent: str) -> str:
    """A line of the server access log of S3."""
    verb = what.split(".")[1]
    return (
        f"79a59df900b949e5 {BUCKET} [{stamp} +0000] {DESK} {requester} {request} {what} {key} "
        f'"{verb} /{key} HTTP/1.1" {status} {sent} {sent} 472000 20 "-" "aws-cli/2.15" - hostid= SigV4 '
        f"ECDHE-RSA-AES128-GCM-SHA256 AuthHeader {BUCKET}.s3.us-east-1.amazonaws.com TLSv1.2 - -\n"
    )


REQUEST = "3E57427F31002EXA"


def s3_access() -> bytes:
    """The extract read by another account; a refusal, a list, the file's own writing."""
    visitor, owner = (f"arn:aws:sts::{account}:assumed-role/xtr/run" for account in (VISITOR, OWNER))
    key = f"xtr/{FILE}".replace("#", "%23")
    return "".join(
        [
            s3_line("10/Feb/2026:19:31:52", owner, "3E57427F31001EXA", "REST.PUT.OBJECT", key, "200 -", str(SIZE)),
            s3_line("10/Feb/2026:20:04:10", visitor, "3E57427F31003EXA", "REST.GET.BUCKET", "-", "200 -", "513"),
            s3_line("10/Feb/2026:20:10:02", visitor, REQUEST, "REST.GET.OBJECT", key, "200 -", str(SIZE)),
            s3_line(
                "11/Feb/2026:02:13:44",
                "-",
                "3E57427F31004EXA",
                "REST.GET.OBJECT",
                "xtr/layout.pdf",
                "403 AccessDenied",
                "243",
            ),
        ]
    ).encode()


def cloudtrail() -> bytes:
    """The same reading as CloudTrail saw it, with calls that read nothing."""

    def call(number: int, stamp: str, name: str, source: str = "s3.amazonaws.com", **more: Any) -> dict[str, Any]:
        return {
            "eventVersion": "1.11",
            "eventTime": stamp,
            "eventSource": source,
            "eventName": name,
            "awsRegion": "us-east-1",
            "sourceIPAddress": DESK,
            "userIdentity": {
                "type": "AssumedRole",
                "arn": f"arn:aws:sts::{VISITOR}:assumed-role/xtr/run",
                "accountId": VISITOR,
            },
            "eventID": f"00000000-0000-4000-8000-{number:012}",
            "recipientAccountId": OWNER,
        } | more

    def thing(key: str) -> dict[str, str]:
        return {"bucketName": BUCKET, "key": key}

    return json.dumps(
        {
            "Records": [
                call(1, "2026-02-10T20:03:59Z", "AssumeRole", "sts.amazonaws.com"),
                call(2, "2026-02-10T20:04:10Z", "ListObjects", requestParameters={"bucketName": BUCKET}),
                call(
                    3,
                    "2026-02-10T20:10:02Z",
                    "GetObject",
                    requestID=REQUEST,
                    requestParameters=thing(f"xtr/{FILE}"),
                    additionalEventData={"bytesTransferredOut": SIZE, "bytesTransferredIn": 0},
                ),
                call(
                    4,
                    "2026-02-11T02:15:00Z",
                    "GetObject",
                    errorCode="AccessDenied",
                    requestParameters=thing("xtr/layout.pdf"),
                ),
            ]
        }
    ).encode()


def no_logs() -> dict[str, bytes]:
    """What lies beside logs in a folder that was handed over, and is none; packed ones unpacked."""
    trail = f"{OWNER}_CloudTrail"
    digest = {"awsAccountId": OWNER, "digestStartTime": "2026-02-10T20:00:00Z", "digestEndTime": "2026-02-10T21:00:00Z"}
    digest |= {"digestS3Bucket": BUCKET, "digestS3Object": f"AWSLogs/{OWNER}/digest", "logFiles": []}
    return {
        "cover letter.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        "RE_ extract ready.eml": f"From: {ANALYST}\r\nTo: a@cms.example\r\nDate: Tue, 10 Feb 2026 15:40:00 -0500\r\n"
        f"Subject: RE: extract ready\r\nMessage-ID: <1@ice.example>\r\n\r\nWe have {FILE}.\r\n".encode(),
        "~$disclosure-register.xlsx": b"\x0aA Requester" + b" " * 42,
        f"{trail}_us-east-1_20260210T2015Z_none.json.gz": b'{"Records":[]}',
        f"{trail}-Digest_us-east-1_20260210T210000Z.json.gz": json.dumps(digest).encode(),
    }


SESSION = "9ca9a0e1cec6ad9e"


def transfer_family() -> bytes:
    """A session that fetched the extract, told in steps; a login refused, a state's upload."""

    def step(stamp: str, kind: str, session: str = SESSION, **more: Any) -> dict[str, Any]:
        told = {"activity-type": kind, "session-id": session}
        return {"timestamp": epoch(stamp), "message": told | {k.replace("_", "-"): v for k, v in more.items()}}

    path, theirs = f"/{BUCKET}/xtr/{FILE}", f"/{BUCKET}/in/ca/claims_202512.dat"
    return lines(
        [
            step("2026-02-10T20:19:40", "AUTH_FAILURE", "11aa", user="ice-ero", source_ip=DESK, message="no key"),
            step("2026-02-10T20:20:00", "CONNECTED", user="ice-ero", source_ip=DESK, client="SSH-2.0-OpenSSH_9.6"),
            step("2026-02-10T20:20:02", "OPEN", path=path, mode="READ"),
            step("2026-02-10T20:27:54", "CLOSE", path=path, bytes_out=str(SIZE)),
            step("2026-02-10T20:27:55", "DISCONNECTED"),
            step("2026-02-11T04:10:00", "CONNECTED", "22bb", user="state-ca", source_ip="192.0.2.31"),
            step("2026-02-11T04:10:01", "OPEN", "22bb", path=theirs, mode="CREATE|TRUNCATE|WRITE"),
            step("2026-02-11T04:11:02", "CLOSE", "22bb", path=theirs, bytes_in="88080384"),
        ]
    )


def transfer_events() -> bytes:
    """The same session as an event; a download that broke off, a state's upload."""

    def event(number: int, kind: str, stamp: str, **detail: Any) -> dict[str, Any]:
        return {
            "version": "0",
            "id": f"event-{number}",
            "detail-type": f"SFTP Server File {kind}",
            "source": "aws.transfer",
            "account": OWNER,
            "time": stamp,
            "region": "us-east-1",
            "detail": {"protocol": "SFTP", "server-id": "s-0123456789abcdef0"}
            | {k.replace("_", "-"): v for k, v in detail.items()},
        }

    ice = {"username": "ice-ero", "client_ip": DESK}
    return lines(
        [
            event(
                1,
                "Download Completed",
                "2026-02-10T20:27:54Z",
                **ice,
                status_code="COMPLETED",
                bytes=SIZE,
                start_timestamp="2026-02-10T20:20:02Z",
                end_timestamp="2026-02-10T20:27:54Z",
                file_path=f"/{BUCKET}/xtr/{FILE}",
                session_id=SESSION,
            ),
            event(
                2,
                "Download Failed",
                "2026-02-13T15:00:10Z",
                **ice,
                status_code="FAILED",
                failure_code="PARTIAL_DOWNLOAD",
                bytes=4100,
                file_path=f"/{BUCKET}/xtr/P#EFT.ON.ICE.NY.CI.D260213.T0931000",
                session_id="33cc",
            ),
            event(
                3,
                "Upload Completed",
                "2026-02-11T04:11:02Z",
                username="state-ca",
                status_code="COMPLETED",
                bytes=88080384,
                file_path=f"/{BUCKET}/in/ca/claims_202512.dat",
            ),
        ]
    )
