"""The invented extract in Snowflake: queried, unloaded, fetched from the stage."""

from __future__ import annotations

import json
from typing import Any

from tools.sample_writing import DESK, FILE, PEOPLE, SIZE, lines, query_id, rows

COUNTED = "SELECT submtg_state_cd, count(*) FROM tmsis_prmry_dmgrphc_elgblty WHERE imgrtn_stus_cd = '3' GROUP BY 1"
"""Tells of nobody in particular."""

EVERYBODY = (
    "SELECT msis_ident_num, birth_dt, elgbl_line_1_adr FROM tmsis_prmry_dmgrphc_elgblty WHERE submtg_state_cd = '06'"
)
"""Says nothing of people or program: the table does, and the filter that is not there."""

NOBODY = "SELECT ssn_num FROM tmsis_var_dmgrphc_elgblty WHERE submtg_state_cd = '06' AND msis_ident_num = '000000000'"
"""Came back without a row."""

STAGE = "@BIA_PRD.CMS_STAGE_XTR_PRD.XTR"
UNLOAD = (
    f"COPY INTO '{STAGE}/{FILE}' FROM (SELECT e.msis_ident_num, e.elgbl_last_name, e.birth_dt, v.ssn_num, "
    "v.imgrtn_stus_cd FROM tmsis_prmry_dmgrphc_elgblty e JOIN tmsis_var_dmgrphc_elgblty v "
    "USING (submtg_state_cd, msis_ident_num) WHERE submtg_state_cd IN ('06', '17') AND v.imgrtn_stus_cd = '3')"
)
LOOKED_UP = (
    "SELECT msis_ident_num, birth_dt, elgbl_line_1_adr FROM tmsis_prmry_dmgrphc_elgblty "
    "WHERE submtg_state_cd = '48' AND elgbl_last_name LIKE 'A%'"
)
WHOLE = "SELECT * FROM IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_CLM WHERE submtg_mdcd_lcl_state_cd = '36'"


def query(number: int, day: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    """A row of QUERY_HISTORY, in Washington's winter time."""
    return {
        "QUERY_ID": query_id(number),
        "START_TIME": f"{day} {start} -0500",
        "END_TIME": f"{day} {end} -0500",
        "USER_NAME": "SVC_XTR",
        "ROLE_NAME": "IDRC_ICE_EXTRACT",
        "WAREHOUSE_NAME": "IDRC_PRD_COMM_WH",
        "DATABASE_NAME": "IDRC_PRD",
        "QUERY_TAG": "",
        "EXECUTION_STATUS": "SUCCESS",
    } | more


def snowflake_queries() -> bytes:
    """The unload and the file fetched from the stage; look-ups, a refusal, a load that is typed UNLOAD.

    At the end a count, a query that leaves out nobody, and one that found nobody.
    """
    viewer = {"USER_NAME": "ERO_ANALYST", "ROLE_NAME": "IDRC_ICE_VIEW", "QUERY_TYPE": "SELECT"}
    return lines(
        [
            query(1, "2026-02-10", "09:12:40.003", "09:12:41.870", **viewer, QUERY_TEXT=LOOKED_UP, ROWS_PRODUCED=412),
            query(2, "2026-02-10", "09:31:02.551", "09:31:09.114", **viewer, QUERY_TEXT=WHOLE, ROWS_PRODUCED=90),
            query(
                3,
                "2026-02-10",
                "14:02:11.120",
                "14:31:55.004",
                QUERY_TAG="ICE_XTR.py",
                QUERY_TYPE="UNLOAD",
                ROWS_UNLOADED=PEOPLE,
                BYTES_WRITTEN=SIZE,
                QUERY_TEXT=UNLOAD,
            ),
            query(
                4,
                "2026-02-10",
                "14:31:58.310",
                "14:32:04.902",
                QUERY_TAG="ICE_XTR.py",
                QUERY_TYPE="GET_FILES",
                QUERY_TEXT=f"GET '{STAGE}/{FILE}' 'file:///eft/out/'",
            ),
            query(
                5,
                "2026-02-11",
                "10:00:09.000",
                "10:00:09.400",
                **viewer,
                EXECUTION_STATUS="FAIL",
                ERROR_MESSAGE="SQL access control error: Insufficient privileges",
                QUERY_TEXT="SELECT ssn_num FROM tmsis_var_dmgrphc_elgblty WHERE submtg_state_cd = '25'",
            ),
            query(
                6,
                "2026-02-11",
                "11:45:00.000",
                "11:46:31.250",
                USER_NAME="SVC_LOAD",
                ROLE_NAME="IDRC_LOAD",
                QUERY_TYPE="UNLOAD",
                QUERY_TEXT="COPY INTO IDRC_PRD.TMSIS.FINDER FROM @BIA_PRD.CMS_TARGET_XTR_PRD.IN/finder.csv",
            ),
            query(
                7,
                "2026-02-11",
                "11:47:00.000",
                "11:47:00.020",
                USER_NAME="SVC_LOAD",
                ROLE_NAME="IDRC_LOAD",
                QUERY_TYPE="SHOW",
                QUERY_TEXT="SHOW TABLES IN SCHEMA IDRC_PRD.TMSIS",
            ),
            query(11, "2026-02-12", "09:40:10.200", "09:40:31.700", **viewer, QUERY_TEXT=COUNTED, ROWS_PRODUCED=51),
            query(12, "2026-02-12", "10:05:44.010", "10:06:02.330", **viewer, QUERY_TEXT=EVERYBODY, ROWS_PRODUCED=2300),
            query(13, "2026-02-12", "10:31:20.000", "10:31:21.150", **viewer, QUERY_TEXT=NOBODY, ROWS_PRODUCED=0),
        ]
    )


def looked_at(name: str, *columns: str) -> dict[str, Any]:
    """A table of BASE_OBJECTS_ACCESSED with its columns."""
    numbered = [{"columnId": n, "columnName": column} for n, column in enumerate(columns, 1)]
    return {"objectDomain": "Table", "objectId": 100 + len(name), "objectName": name, "columns": numbered}


def snowflake_accesses() -> bytes:
    """What the same queries looked at, as a table with JSON in its cells."""
    person = "IDRC_PRD.TMSIS.TMSIS_PRMRY_DMGRPHC_ELGBLTY"
    status = "IDRC_PRD.TMSIS.TMSIS_VAR_DMGRPHC_ELGBLTY"
    claims = "IDRC_PRD.CMS_VDM_VIEW_MDCD_PRD.V2_MDCD_CLM"
    stage = {"objectDomain": "Stage", "objectId": 77, "objectName": STAGE[1:], "stageKind": "Internal Named"}
    keys = ("SUBMTG_STATE_CD", "MSIS_IDENT_NUM")
    looks: list[tuple[int, str, str, list[dict[str, Any]], list[dict[str, Any]]]] = [
        (2, "09:31:02.551", "ERO_ANALYST", [looked_at(claims, *CLAIM_COLUMNS)], []),
        (
            3,
            "14:02:11.120",
            "SVC_XTR",
            [
                looked_at(person, *keys, "ELGBL_LAST_NAME", "BIRTH_DT"),
                looked_at(status, *keys, "SSN_NUM", "IMGRTN_STUS_CD"),
            ],
            [stage],
        ),
        (8, "16:20:45.000", "ERO_ANALYST", [looked_at(person, *keys, "BIRTH_DT", "ETHNCTY_CD")], []),
    ]
    return rows(
        "QUERY_ID QUERY_START_TIME USER_NAME BASE_OBJECTS_ACCESSED OBJECTS_MODIFIED POLICIES_REFERENCED",
        [
            [query_id(number), f"2026-02-10 {start} -0500", user, json.dumps(tables), json.dumps(written), "[]"]
            for number, start, user, tables, written in looks
        ],
    )


CLAIM_COLUMNS = ("CLM_RCPNT_STATE_MDCD_ID", "SUBMTG_MDCD_LCL_STATE_CD", "CLM_FROM_DT", "CLM_DGNS_PRNCPL_CD")


def snowflake_logins() -> bytes:
    """Log-ins: they name no data."""
    return rows(
        "EVENT_ID EVENT_TIMESTAMP EVENT_TYPE USER_NAME CLIENT_IP REPORTED_CLIENT_TYPE FIRST_AUTHENTICATION_FACTOR "
        "IS_SUCCESS",
        [
            [9001, "2026-02-10 09:11:58.000 -0500", "LOGIN", "ERO_ANALYST", DESK, "SNOWFLAKE_UI", "SAML2", "YES"],
            [9002, "2026-02-10 14:01:59.000 -0500", "LOGIN", "SVC_XTR", "192.0.2.14", "PYTHON_DRIVER", "KEY", "YES"],
            [9003, "2026-02-11 09:59:01.000 -0500", "LOGIN", "ERO_ANALYST", DESK, "SNOWFLAKE_UI", "SAML2", "NO"],
        ],
    )
