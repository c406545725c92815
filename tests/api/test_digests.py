"""Logs of CloudTrail held against the digests that lie beside them."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = ["--as-of", "2026-03-01"]


def record(number: int) -> dict[str, object]:
    return {
        "eventTime": f"2026-01-07T19:4{number}:02Z", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances",
        "userIdentity": {"type": "AWSAccount", "accountId": "444455556666"}, "eventID": f"e-{number}",
    }  # fmt: skip


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    """Three logs, packed, unpacked, and without an event, and the digest that lists them and one more."""
    contents = {f"1_CloudTrail_us-east-1_2026010{n}T0000Z_a.json": {"Records": [record(n)]} for n in range(3)}
    contents["1_CloudTrail_us-east-1_20260107T0000Z_a.json"] = {"Records": []}
    listed = []
    for place, (name, content) in enumerate(contents.items()):
        raw = json.dumps(content).encode()
        listed.append(
            {
                "s3Object": f"AWSLogs/1/{name}.gz",
                "hashValue": hashlib.sha256(raw).hexdigest(),
                "hashAlgorithm": "SHA-256",
            }
        )
        if place == 0:
            (tmp_path / name).write_bytes(raw)
        elif place != 2:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(raw))
    digest = {"awsAccountId": "1", "digestS3Bucket": "b", "digestS3Object": "d", "logFiles": listed}
    with gzip.open(tmp_path / "1_CloudTrail-Digest_us-east-1_t_us-east-1_20260107T010000Z.json.gz", "w") as file:
        file.write(json.dumps(digest).encode())
    return tmp_path


def test_logs_as_aws_delivered_them_are_said_to_be(bucket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(bucket), *AS_OF]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "By the CloudTrail digests: 3 logs as AWS delivered them, 1 log not among the files." in told


def test_a_log_that_was_changed_since_makes_the_run_incomplete(
    bucket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "1_CloudTrail_us-east-1_20260101T0000Z_a.json.gz"
    with gzip.open(bucket / name, "w") as file:
        file.write(json.dumps({"Records": [record(3)]}).encode())
    assert run(["scan", str(bucket), *AS_OF]) == 20
    captured = capsys.readouterr()
    assert f"{name} is not as the CloudTrail digest lists it" in " ".join((captured.out + captured.err).split())
