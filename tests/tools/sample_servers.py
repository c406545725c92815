"""Logs of file servers, and of the network before them, beside the invented extract."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tools.sample_writing import BUCKET, DESK, OWNER, epoch, lines, rows

ROSTER = "roster_20260303.csv"
"""Fetched twice from one server and once from another: which is which cannot be known."""

CLAIMS = "P#EFT.ON.ICE.CA.CI.D260317.T0905140"
"""Seen by two servers: one transfer."""

LETTERS = "P#EFT.ON.ICE.TX.CL.D260318.T1010100"
"""Seen by a server and by the network: one transfer."""


def vsftpd() -> bytes:
    """The roster fetched; a login, a state's upload, a file that was not there."""
    client = f'Client "{DESK}"'
    return (
        f"Tue Mar  3 15:00:40 2026 [pid 4820] CONNECT: {client}\n"
        f"Tue Mar  3 15:00:41 2026 [pid 4819] [icepull] OK LOGIN: {client}\n"
        f'Tue Mar  3 15:01:02 2026 [pid 4821] [icepull] OK DOWNLOAD: {client}, "/out/ice/{ROSTER}", 2097152 bytes, '
        "833.10Kbyte/sec\n"
        f'Tue Mar  3 15:02:10 2026 [pid 4821] [icepull] FAIL DOWNLOAD: {client}, "/out/ice/old.csv", 0.00Kbyte/sec\n'
        'Tue Mar  3 16:11:59 2026 [pid 4902] [camedi] OK UPLOAD: Client "192.0.2.31", "/in/ca/elg_202602.dat", '
        "9437184 bytes, 1200.00Kbyte/sec\n"
    ).encode()


def moveit() -> bytes:
    """The roster fetched twice; a sign-on and a state's upload. UTF-16, as a spreadsheet exports it."""
    text = rows(
        "ID LogTime Action Username FileID FileName FolderPath IPAddress Error XferSize Duration AgentBrand",
        [
            [90210, "2026-03-03 17:39:51", "sec_signon", "ice_ero_pull", "", "", "", DESK, 0, "", "", "Web"],
            [
                90211,
                "2026-03-03 17:40:02",
                "file_download",
                "ice_ero_pull",
                55,
                ROSTER,
                "/Home/ICE",
                DESK,
                0,
                2097152,
                3,
                "Web",
            ],
            [
                90212,
                "2026-03-04 08:02:19",
                "file_download",
                "ice_ero_pull",
                55,
                ROSTER,
                "/Home/ICE",
                DESK,
                0,
                2097152,
                3,
                "Web",
            ],
            [
                90213,
                "2026-03-04 09:15:00",
                "file_upload",
                "wa_medicaid",
                56,
                "elg.dat",
                "/Home/WA",
                "192.0.2.40",
                0,
                9437184,
                8,
                "API",
            ],
        ],
    )
    return text.decode().encode("utf-16")


def sftpgo() -> bytes:
    """A claims file downloaded; an upload."""

    def line(what: str, at: str, user: str, path: str, size: int) -> dict[str, Any]:
        told = {"level": "info", "time": at, "sender": what, "remote_addr": f"{DESK}:50312", "elapsed_ms": 4720}
        return told | {"size_bytes": size, "username": user, "file_path": path, "protocol": "SFTP"}

    return lines(
        [
            line("Upload", "2026-03-17T08:00:01.100Z", "nymedi", "/srv/in/ny/elg_202602.dat", 7340032),
            line("Download", "2026-03-17T14:09:44.812Z", "icepull", f"/srv/out/{CLAIMS}", 67108864),
        ]
    )


def openssh() -> bytes:
    """The same claims file in a session of the server that it lay on first."""
    host, user = "eft1", f"local user icepull from [{DESK}]"
    return (
        f"2026-03-17T09:20:00.250-04:00 {host} sshd[4820]: Accepted publickey for icepull from {DESK} port 50312 ssh2\n"
        f"2026-03-17T09:20:01-04:00 {host} internal-sftp[4821]: session opened for {user}\n"
        f'2026-03-17T09:20:02-04:00 {host} internal-sftp[4821]: open "/out/{CLAIMS}" flags READ mode 0666\n'
        f'2026-03-17T09:21:40-04:00 {host} internal-sftp[4821]: close "/out/{CLAIMS}" bytes read 67108864 written 0\n'
        f"2026-03-17T09:21:41-04:00 {host} internal-sftp[4821]: session closed for {user}\n"
    ).encode()


def iis() -> bytes:
    """Long-term care claims sent by a server of IIS; a file that was refused."""
    return (
        "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-03-18 14:30:00\n"
        "#Fields: date time c-ip cs-username s-ip s-port cs-method cs-uri-stem sc-status sc-win32-status sc-bytes "
        "x-fullpath\n"
        f"2026-03-18 14:40:01 {DESK} icepull 192.0.2.10 21 USER icepull 331 0 0 -\n"
        f"2026-03-18 14:40:02 {DESK} icepull 192.0.2.10 21 RETR {LETTERS} 226 0 31457280 /out/ice/{LETTERS}\n"
        f"2026-03-18 14:41:02 {DESK} icepull 192.0.2.10 21 RETR old.dat 550 2 0 -\n"
    ).encode()


def zeek_ftp() -> bytes:
    """What the network saw of the same download, and of an upload."""
    ends = {"id.orig_h": DESK, "id.resp_h": "192.0.2.10", "user": "icepull"}
    return lines(
        [
            {"ts": epoch("2026-03-18T14:40:02") / 1000, "uid": "C1f2", **ends, "command": "RETR"}
            | {"arg": f"ftp://192.0.2.10/out/ice/{LETTERS}", "file_size": 31457280, "reply_code": 226, "fuid": "F7a1"},
            {"ts": epoch("2026-03-18T16:02:11") / 1000, "uid": "C1f9", **ends, "user": "camedi", "command": "STOR"}
            | {"arg": "ftp://192.0.2.10/in/ca/a.dat", "file_size": 512, "reply_code": 226},
        ]
    )


def zeek_files() -> bytes:
    """The file itself on the network, and a certificate."""
    stamp = epoch("2026-03-18T14:40:03") / 1000
    told = {"tx_hosts": ["192.0.2.10"], "rx_hosts": [DESK], "missing_bytes": 0, "timedout": False}
    return lines(
        [
            {"ts": stamp, "fuid": "F7a1", **told, "conn_uids": ["C1f2"], "source": "FTP_DATA", "seen_bytes": 31457280},
            {"ts": stamp + 60, "fuid": "F7b8", **told, "conn_uids": ["C204"], "source": "SSL", "seen_bytes": 1311},
        ]
    )


def connectors() -> bytes:
    """A connector that sent a file to a host of a partner, one that failed, one that fetched."""

    def job(number: int, what: str, name: str, status: str, **more: Any) -> dict[str, Any]:
        at = f"2026-02-24T19:4{number}:02Z"
        told = {"operation": what, "timestamp": at, "start-time": at, "end-time": f"2026-02-24T19:4{number}:54Z"}
        told |= {"connector-id": "c-0123456789abcdef0", "transfer-id": f"t-{number}", "account-id": OWNER}
        return told | {"file-transfer-id": f"t-{number}/f-1", "file-path": name, "status-code": status} | more

    host, theirs = {"url": "sftp://eft.ice.example"}, {"url": "sftp://eft.state.example"}
    out = f"/{BUCKET}/xtr/P#EFT.ON.ICE.NY.CR.D260224.T1330000"
    return lines(
        [
            job(0, "SEND", out, "FAILED", **host, **{"failure-code": "CONNECT_ERROR"}),
            job(1, "SEND", out, "COMPLETED", **host, bytes=20971520),
            job(2, "RETRIEVE", "/out/elg_202601.dat", "COMPLETED", **theirs, bytes=9437184),
        ]
    )


def as2() -> bytes:
    """A message of AS2 sent, and one that came in."""
    told = {"status-code": "COMPLETED", "transfer-size": 8192}
    return lines(
        [
            {"as2-from": "CMS_EFT", "as2-to": "ICE_ERO", "connector-id": "c-0fedcba9876543210", **told}
            | {"transfer-id": "t-9", "file-path": f"/{BUCKET}/as2/matches.dat", "as2-message-id": "m-9@CMS_EFT_ICE_ERO"}
            | {"timestamp": "2026-03-20T13:00:02.791274Z"},
            {"as2-from": "STATE_CA", "as2-to": "CMS_EFT", "agreement-id": "a-f5c5cbea5f7741988", **told}
            | {"file-path": "processed/a.dat", "as2-message-id": "m-4@STATE_CA_CMS_EFT", "client-ip": "192.0.2.31"}
            | {"timestamp": "2026-03-20T15:12:40Z"},
        ]
    )


def archive() -> bytes:
    """Two logs in one ZIP archive, with fixed dates."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in {"sftpgo.json": sftpgo(), "openssh-sftp.log": openssh()}.items():
            box.writestr(zipfile.ZipInfo(f"gateway-2026-03/{name}", (2026, 4, 1, 0, 0, 0)), content)
    return packed.getvalue()
