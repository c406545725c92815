"""A mapping says which column is what, and is followed to the letter."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditscan.errors import NoInputError, UsageError
from auditscan.policy import Policy
from auditscan.registers.beside import mapping_beside
from auditscan.registers.mapping import MappedColumn, Mapping, MappingError, TableMapping, read_mapping, written
from auditscan.registers.propose import delimited_head, propose_table, proposed
from auditscan.registers.proposing import propose
from auditscan.registers.values import Evidence

REGISTER = """Accounting of disclosures

Tracking No,Date of Disclosure,Disclosed To,Description of Information,States,Frobs
NDT-7,01/17/2026,"ICE, Enforcement and Removal Operations",Name; DOB,"CA, IL",x\x1b[31m
NDT-8,01/07/2026,DHS,(b)(6),All,
"""
GOOD = """version = 1
kind = "register"
[[tables]]
header_row = 3
dates = "european"
[[tables.columns]]
column = "Date"
field = "occurred_at"
[[tables.columns]]
column = "To"
field = "recipient"
[tables.constants]
sender = "CMS"
programs = ["medicaid"]
"""


@pytest.fixture
def problems(tmp_path):
    def found(text):
        path = tmp_path / "m.toml"
        path.write_text(text)
        with pytest.raises(MappingError) as caught:
            read_mapping(path)
        return [(problem.line, problem.message) for problem in caught.value.problems]

    return found


def test_a_mapping_is_proposed_written_and_read_again(tmp_path):
    delimiter, rows = delimited_head(REGISTER)
    table = propose_table(rows, Evidence.of(Policy.load()))
    mapping, unmapped = proposed([table])
    text = written(mapping, "register.csv", unmapped)
    path = tmp_path / "register.csv.mapping.toml"
    path.write_text(text)
    assert (delimiter, mapping_beside(tmp_path / "register.csv")) == (",", path)
    (read,) = read_mapping(path).tables
    assert read.places(table.header.cells) == {
        "transfer_id": [0], "occurred_at": [1], "recipient": [2], "elements": [3], "states": [4],
    }  # fmt: skip
    assert (read.header_row, read.dates) == (3, "us")
    assert "# days: 1 of the days can only be month/day" in text
    assert "\x1b" not in text
    assert '# column = "Frobs"' in text


def test_what_a_mapping_says_is_what_is_read(tmp_path):
    (tmp_path / "m.toml").write_text(GOOD)
    (table,) = read_mapping(tmp_path / "m.toml").tables
    assert (table.header_row, table.dates) == (3, "european")
    assert table.constants == {"sender": ("CMS",), "programs": ("medicaid",)}
    assert table.places(["To", "DATE "]) == {"occurred_at": [1], "recipient": [0]}


def test_a_column_that_the_register_does_not_have_is_a_fault(tmp_path):
    (tmp_path / "m.toml").write_text(GOOD)
    (table,) = read_mapping(tmp_path / "m.toml").tables
    with pytest.raises(ValueError, match="no column is called `To` in row 3"):
        table.places(["Date", "Recipient"])
    with pytest.raises(ValueError, match="2 columns are called `Date`: give its `place`"):
        table.places(["Date", "To", "Date"])
    placed = TableMapping(1, (MappedColumn("Date", "occurred_at", 3),))
    assert placed.places(["Date", "To", "Date"]) == {"occurred_at": [2]}


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("version = 1", "version = 2"), 1, "`version` must be 1"),
        (('"recipient"', '"recipent"'), 11, "`field` must be one of"),
        (('field = "recipient"', 'field = "occurred_at"'), 11, "`occurred_at` is held by another column already"),
        (('"european"', '"eu"'), 5, "`dates` must be one of us, european, iso, mixed"),
        (("header_row = 3", "header_row = 0"), 4, "`header_row` must be the row"),
        (("header_row = 3", "header = 3"), 4, "unknown key `header`"),
        (('sender = "CMS"', "sender = 3"), 13, "`sender` must be a text"),
        (('sender = "CMS"', 'recipient = "ICE"'), 13, "`recipient` is held by a column already"),
        (('sender = "CMS"', 'record_count = "5"'), 13, "`record_count` is no field that every record can share"),
        (('column = "To"\n', ""), 9, "`column` is missing"),
        (('column = "To"', 'column = "To'), 10, "this is not TOML"),
        (
            ('field = "recipient"', 'field = "recipient"\nelement = "SSN"'),
            12,
            "`element` is for a column whose field is",
        ),
        (('dates = "european"', "header_row = 4"), 5, "`header_row` is set twice, first on line 4"),
    ],
)
def test_faults_are_told_with_their_line(problems, change, line, message):
    (found,) = problems(GOOD.replace(*change))
    assert found[0] == line
    assert message in found[1]


def test_every_fault_is_told_at_once(problems):
    assert len(problems('version = 3\nfoo = 1\nkind = "x"\n')) == 4


def test_a_mapping_that_is_not_there_or_no_text(tmp_path, problems):
    with pytest.raises(UsageError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "m.toml").write_bytes(b"version = 1\n# \xff\n")
    with pytest.raises(MappingError, match="not UTF-8"):
        read_mapping(tmp_path / "m.toml")


@given(st.text(max_size=80), st.text(max_size=120), st.text(max_size=30))
def test_whatever_a_header_or_a_cell_holds_the_file_is_toml_and_keeps_it(header, example, constant):
    header = header.encode("utf-8", "replace").decode()
    column = MappedColumn(header, "recipient", None, "why " + example, (example,))
    table = TableMapping(
        1, (column,), sheet=header, constants={"sender": (constant.encode("utf-8", "replace").decode(),)}
    )
    values = tomllib.loads(written(Mapping((table,)), example, [[column]]))["tables"][0]
    assert (values["sheet"], values["columns"][0]["column"]) == (header, header)


def test_what_a_reader_would_not_see_is_written_by_its_number():
    column = MappedColumn("a\u202eb\x9b\U000e0041c", "note", why="d\u2066e\x1b[2J", examples=("f\u200fg",))
    text = written(Mapping((TableMapping(1, (column,)),)), "r\u202e.csv")
    assert not set(text) & set("\u202e\x9b\u2066\x1b\u200f")
    (read,) = tomllib.loads(text)["tables"][0]["columns"]
    assert read["column"] == column.column


def test_a_table_in_text_is_found_whatever_parts_its_cells():
    for delimiter in "\t;|":
        text = (
            REGISTER.split("\n", 2)[2]
            .replace('"ICE, Enforcement and Removal Operations"', "ICE")
            .replace(",", delimiter)
        )
        assert delimited_head(text)[0] == delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_mapping_is_proposed_for_a_file_however_it_is_written(tmp_path, encoding):
    path = tmp_path / "register.csv"
    path.write_bytes(REGISTER.replace("Frobs", "Frobs ’").encode(encoding))
    (table,) = propose(path, Evidence.of(Policy.load()))
    assert table.fields == {"transfer_id", "occurred_at", "recipient", "elements", "states"}
    assert [column.column for column in table.unmapped] == ["Frobs ’"]


def test_no_register_and_no_file_are_told(tmp_path):
    evidence = Evidence.of(Policy.load())
    with pytest.raises(NoInputError):
        propose(tmp_path / "none.csv", evidence)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="no table was found"):
        propose(tmp_path / "other.csv", evidence)
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 xl/workbook.xml")
    with pytest.raises(UsageError, match="cannot be read"):
        propose(tmp_path / "cut.xlsx", evidence)


def test_quotes_of_word_processors_are_named(problems):
    ((line, message),) = problems(GOOD.replace('"recipient"', "\u201crecipient\u201d"))
    assert line == 11
    assert message.startswith("this is not TOML")
    assert "the quotes are curly ones" in message


def test_the_place_of_a_column_may_be_its_letters(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(GOOD.replace('column = "To"', 'column = "To"\nplace = "AB"'))
    (table,) = read_mapping(path).tables
    assert table.columns[1].place == 28


def test_a_sheet_that_is_left_out_has_to_be_named(problems):
    (problem,) = problems("version = 1\n[[tables]]\nskip = true\n")
    assert problem == (2, "`skip` leaves out a sheet: name it with `sheet`")
