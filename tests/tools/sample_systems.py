"""Logs of warehouses, health servers and shared drives, beside the invented extract."""

from __future__ import annotations

import json
from typing import Any

from tools.sample_servers import ROSTER
from tools.sample_writing import ANALYST, BUCKET, DESK, VENDOR, epoch, lines, query_id, rows


def redshift_unloads() -> bytes:
    """Unloads from Redshift: one done, one stopped."""
    place = f"s3://{BUCKET}/tmsis/"
    return rows(
        "user_id query_id database_name status start_time end_time file_format unloaded_location unloaded_rows "
        "unloaded_files_count unloaded_files_size",
        [
            [
                117,
                527067,
                "tmsis",
                "completed",
                "2025-06-24 18:05:18.844452",
                "2025-06-24 18:31:02.000000",
                "Text",
                place,
                620000,
                2,
                214748364,
            ],
            [
                117,
                527090,
                "tmsis",
                "aborted",
                "2025-06-24 19:00:00.000000",
                "2025-06-24 19:00:04.000000",
                "Text",
                place,
                0,
                0,
                0,
            ],
        ],
    )


def redshift_files() -> bytes:
    """The files of another unload: the two tables number their queries apart."""
    return rows(
        "userid query slice pid path start_time end_time line_count transfer_size file_format",
        [
            [
                117,
                1204417,
                part,
                2320,
                f"s3://{BUCKET}/tmsis/b/{part:04}_part_00",
                "2025-06-26 18:05:18.844452",
                "2025-06-26 18:30:59.000000",
                310000,
                107374182,
                "Text",
            ]
            for part in range(2)
        ],
    )


def s3_parsed() -> bytes:
    """The server access log of S3 as Athena gives it: one of the unloaded files read, and looks at others."""
    told = {"bucketowner": "79a59df900b949e5", "bucket_name": BUCKET, "remoteip": DESK, "httpstatus": "200"}
    told["requester"] = "arn:aws:iam::444455556666:user/ice_ero"
    return lines(
        [
            told | {"requestdatetime": f"26/Jun/2025:18:4{n}:02 +0000", "requestid": f"7A1EXA{n}", "operation": what}
            | {"key": key, "bytessent": size, "objectsize": size}
            for n, (what, key, size) in enumerate(
                [
                    ("REST.GET.BUCKET", "-", "811"),
                    ("REST.GET.OBJECT", "tmsis/b/0000_part_00", "107374182"),
                    ("REST.HEAD.OBJECT", "tmsis/b/0001_part_00", "-"),
                ]
            )
        ]
    )  # fmt: skip


def ocsf() -> bytes:
    """A query of Snowflake as the collector of another house keeps it, and a file opened."""
    who = {"actor": {"user": {"name": "ERO_ANALYST", "email_addr": ANALYST}}, "src_endpoint": {"ip": DESK}}
    return lines(
        [
            {"class_uid": 6005, "class_name": "Datastore Activity", "activity_id": 4, "type_uid": 600504, **who}
            | {"time": epoch("2026-02-10T14:12:40"), "metadata": {"version": "1.6.0", "uid": "oc-1"}}
            | {"database": {"name": "IDRC_PRD", "type_id": 1}, "table": {"name": "TMSIS_PRMRY_DMGRPHC_ELGBLTY"}}
            | {"query_info": {"uid": query_id(1), "bytes": 20480}, "status_id": 1},
            {"class_uid": 6005, "class_name": "Datastore Activity", "activity_id": 3, "type_uid": 600503, **who}
            | {"time": epoch("2026-02-10T14:11:58"), "metadata": {"version": "1.6.0", "uid": "oc-2"}}
            | {"database": {"name": "IDRC_PRD", "type_id": 1}, "status_id": 1},
        ]
    )


BENEFITS = "SELECT msis_ident_num, birth_dt, ssn_num FROM taf.mon_bsf WHERE submtg_state_cd = '53'"


def databricks_audit() -> bytes:
    """Results of a query downloaded, a login, and a notebook run."""

    def event(number: int, at: str, service: str, action: str, **request: Any) -> dict[str, Any]:
        return {
            "version": "2.0",
            "timestamp": epoch(at),
            "workspaceId": "1234567890123456",
            "sourceIPAddress": DESK,
            "userIdentity": {"email": ANALYST},
            "serviceName": service,
            "actionName": action,
            "requestId": f"r-{number}",
            "requestParams": request,
            "response": {"statusCode": 200},
        }

    return lines(
        [
            event(1, "2026-03-10T14:00:01", "accounts", "login"),
            event(
                2, "2026-03-10T14:08:30", "databrickssql", "commandSubmit", commandText=BENEFITS, commandId="01f1-aa"
            ),
            event(3, "2026-03-10T14:12:02", "sql", "downloadPreviewResults", commandText=BENEFITS),
        ]
    )


def databricks_history() -> bytes:
    """The query itself, and one that stayed inside."""
    told = {"account_id": "a", "workspace_id": "1234567890123456", "execution_status": "FINISHED"}
    return lines(
        [
            told | {"statement_id": "01f1-aa", "executed_by": ANALYST, "statement_text": BENEFITS}
            | {"statement_type": "SELECT", "start_time": "2026-03-10T14:08:30.120Z"}
            | {"end_time": "2026-03-10T14:08:52Z", "read_rows": 90000, "produced_rows": 1840},
            told | {"statement_id": "01f1-bb", "executed_by": "a@cms.example", "statement_type": "CREATE"}
            | {"statement_text": "CREATE TABLE taf.work AS SELECT * FROM taf.mon_bsf"}
            | {"start_time": "2026-03-10T16:00:00Z", "end_time": "2026-03-10T16:09:00Z"},
        ]
    )  # fmt: skip


def databricks_lineage() -> bytes:
    """Which columns a notebook read, and a table made of another."""
    return rows(
        "account_id entity_type entity_run_id source_table_full_name source_column_name target_table_full_name "
        "target_column_name created_by event_time",
        [
            ["a", "NOTEBOOK", 77, "taf.mon_bsf", "ssn_num", "", "", ANALYST, "2026-03-11T15:40:02Z"],
            ["a", "NOTEBOOK", 77, "taf.mon_bsf", "birth_dt", "", "", ANALYST, "2026-03-11T15:40:02Z"],
            ["a", "JOB", 79, "taf.mon_bsf", "ssn_num", "taf.work", "ssn", "a@cms.example", "2026-03-10T16:00:00Z"],
        ],
    )


def fhir() -> bytes:
    """Audit events of a health server: a disclosure as IHE describes it, an export that failed, a login."""
    dicom = "http://dicom.nema.org/resources/ontology/DCM"

    def agent(role: str, name: str, asked: bool) -> dict[str, Any]:
        return {"type": {"coding": [{"system": dicom, "code": role}]}, "who": {"display": name}, "requestor": asked}

    def event(name: str, code: str, stamp: str, outcome: str, detail: str) -> dict[str, Any]:
        return {
            "resourceType": "AuditEvent",
            "id": name,
            "type": {"system": dicom, "code": code},
            "subtype": [{"system": "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "code": "disclose"}],
            "action": "R",
            "recorded": stamp,
            "outcome": outcome,
            "purposeOfEvent": [{"coding": [{"code": "HLEGAL"}]}],
            "agent": [agent("110153", "CMS IDR", False), agent("110152", "ICE ERO", True)],
            "source": {"observer": {"display": "CMS"}},
            "entity": [
                {"what": {"reference": "Patient/1"}, "role": {"code": "1"}},
                {"what": {"reference": "Bundle/9"}, "role": {"code": "4"}}
                | {"detail": [{"type": "elements", "valueString": detail}]},
            ],
        }

    return lines(
        [
            event("ae-1", "110106", "2026-03-24T19:40:02Z", "0", "birthDate,address,telecom,identifier:MSIS"),
            event("ae-2", "110106", "2026-03-24T19:41:30Z", "8", "identifier:SSN"),
            event("ae-3", "110114", "2026-03-24T19:39:00Z", "0", "") | {"subtype": [], "entity": []},
        ]
    )


def atna() -> bytes:
    """Audit messages of a health exchange behind headers of syslog: an export, a login."""

    def message(stamp: str, code: str, *parts: str) -> str:
        return (
            f"<85>1 {stamp} hie.example app - - - <AuditMessage>"
            f'<EventIdentification EventActionCode="R" EventDateTime="{stamp}" EventOutcomeIndicator="0">'
            f'<EventID csd-code="{code}" codeSystemName="DCM"/></EventIdentification>'
            f'{"".join(parts)}<AuditSourceIdentification AuditSourceID="HIE-7"/></AuditMessage>\n'
        )

    def party(name: str, role: str, asked: str) -> str:
        return (
            f'<ActiveParticipant UserID="{name}" UserIsRequestor="{asked}" NetworkAccessPointID="{DESK}">'
            f'<RoleIDCode csd-code="{role}" codeSystemName="DCM"/></ActiveParticipant>'
        )

    patient = (
        '<ParticipantObjectIdentification ParticipantObjectID="MSIS123" ParticipantObjectTypeCode="1" '
        'ParticipantObjectTypeCodeRole="1"/>'
    )
    ends = party("CMS-IDR", "110153", "false"), party("ICE-ERO", "110152", "true")
    return (
        message("2026-03-25T14:59:00Z", "110114", party("ICE-ERO", "110150", "true"))
        + message("2026-03-25T15:00:12Z", "110106", *ends, patient)
    ).encode()


def google_drive() -> bytes:
    """A list handed on from the drive of an office, and an edit."""

    def activity(number: int, stamp: str, name: str, **told: str) -> dict[str, Any]:
        return {
            "id": {"applicationName": "drive", "time": stamp, "uniqueQualifier": f"-71844020{number}"},
            "actor": {"email": ANALYST},
            "ipAddress": "203.0.113.9",
            "kind": "admin#reports#activity",
            "name": name,
            "type": "access",
            "parameters": {"doc_title": "matches by county", "owner": ANALYST} | told,
        }

    return lines(
        [
            activity(1, "2026-03-26T13:00:00.000Z", "edit"),
            activity(2, "2026-03-26T13:04:00.000Z", "change_user_access", target_user=VENDOR, new_value="can_view"),
        ]
    )


def salesforce() -> bytes:
    """Contacts taken in bulk from a case system, and a load into it."""
    told = {"EVENT_TYPE": "BulkApiResultEventStore", "ORGANIZATION_ID": "00D5f000005uVo7", "SOURCE_IP": "203.0.113.9"}
    told |= {"USER_ID": "0055f00000HyJSw", "USER_NAME": "case.desk@uscis.dhs.gov"}
    return lines(
        [
            told | {"TIMESTAMP": "2026-03-27 15:45:30.123", "REQUEST_ID": "9xp", "JOB_ID": "7505"}
            | {"OPERATION_TYPE": "query", "ENTITY_NAME": "Contact", "RECORDS_PROCESSED": 1500},
            told | {"TIMESTAMP": "2026-03-27 16:00:00.000", "REQUEST_ID": "9xq", "JOB_ID": "7506"}
            | {"OPERATION_TYPE": "insert", "ENTITY_NAME": "Contact", "RECORDS_PROCESSED": 12},
        ]
    )  # fmt: skip


def m365_records() -> bytes:
    """What a site of another office logs, as the interface gives it: a link that anybody can open, a page seen."""
    site = {"SiteUrl": "https://cbp.example.sharepoint.com/sites/ops/", "SourceRelativeUrl": "Shared Documents"}
    told = {"RecordType": 14, "Workload": "SharePoint", "UserId": "desk@cbp.dhs.gov", **site}
    return json.dumps(
        [
            told | {"CreationTime": "2026-03-05T12:00:00", "Id": "bbbbbbbb-1", "Operation": "PageViewed"},
            told
            | {"CreationTime": "2026-03-05T12:04:00", "Id": "bbbbbbbb-2", "Operation": "AnonymousLinkCreated"}
            | {"SourceFileName": ROSTER},
        ]
    ).encode()


def accounting() -> bytes:
    """The accounting of a state, tab-separated: rows for many transfers, a redaction, totals and a note."""
    table = [
        ["Accounting of disclosures to federal agencies (45 CFR 164.528)"],
        [],
        [
            "Reference Number",
            "First Date",
            "Date of Last Disclosure",
            "No. of Disclosures",
            "Disclosing Agency",
            "Recipient",
            "Type of Data",
            "Legal Basis",
            "No. of Individuals",
        ],
        ["A-1", "7/14/2025", "9/30/2025", "12", "CMS", "DHS", "names and addresses", "552a(b)(3)", "4,120"],
        ["A-2", "Oct-25", "", "", "CMS", "ICE", "(b)(6)", "552a(b)(7)", "approx. 900"],
        ["A-3", "2/20/2026", "", "1", "CMS", "CBP", "Name; DOB; Medicaid ID", "552a(b)(7)", "77"],
        ["Total", "", "", "", "", "", "", "", "5,097"],
        ["* Source: privacy office", "", "", "", "", "", "", "", ""],
    ]
    return "".join("\t".join(row + [""] * (9 - len(row))) + "\n" for row in table).encode()
