"""What completion offers, and in which order."""

from __future__ import annotations

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from auditscan.prompt.commands import COMMANDS
from auditscan.prompt.completer import WORDS, SqlCompleter, names_of


@pytest.fixture(scope="module")
def names(session):
    return names_of(session)


@pytest.fixture
def offered(names):
    """Return what is offered where the text has a bar."""
    completer = SqlCompleter(names)

    def offered(text, asked=False):
        before, _, after = text.partition("¦")
        document = Document(before + after, len(before))
        return [found.text for found in completer.get_completions(document, CompleteEvent(completion_requested=asked))]

    return offered


def test_nothing_is_offered_unasked_before_a_letter(offered):
    assert offered("¦") == []
    assert offered("select ¦") == []
    assert offered("select * from ¦", asked=True)[0] == "answers"


def test_keywords_tables_and_columns(offered):
    assert offered("sel¦")[0] == "select"
    assert offered("SEL¦")[0] == "SELECT"
    assert offered("select * from ans¦") == ["answers", "answers_wide", "answer_rows"]
    assert offered("describe acc¦") == ["accounting"]
    assert "verdict_now" in offered("select verdict¦")


def test_columns_of_the_tables_that_are_named_come_first(offered):
    found = offered("select s¦ from sources")
    assert found[0] == "source_id"
    assert "states" not in found[: found.index("select")]
    assert offered("select sta¦ from answers")[0] == "states"


def test_columns_of_a_table_or_its_alias(offered):
    assert offered("select d.sender_a¦ from answers a join disclosures d on true") == ["sender_agency"]
    assert offered("select disclosures.sender_a¦") == ["sender_agency"]
    assert offered("select nobody.x¦") == []
    assert "answers" in offered("from auditscan.ans¦")


def test_values_of_the_column_in_front_and_the_closing_mark(offered):
    assert offered("select * from answers where verdict_now = 'e¦") == ["enjoined'"]
    assert offered("where regime_now in ('R1', 'R¦") == ["R0'", "R1'", "R2'", "R3'"]
    assert offered("where list_contains(states, 'C¦") == ["CA'", "CO'", "CT'"]
    assert offered("where recipient_agency = 'IC¦") == ["ICE'"]
    # No column says what it is for: every word that fits.
    assert {"CA'", "CBP'", "CMS'"} <= set(offered("where 'C¦"))
    assert offered("where source_file = 'x¦") == []


def test_nothing_within_comments_and_names_in_quotes(offered):
    assert offered("select 1 -- sel¦") == []
    assert offered("select /* sel¦") == []
    assert offered('select "sel¦') == []


def test_commands_and_what_stands_behind_them(offered):
    assert offered(".¦") == list(COMMANDS)
    assert offered(".ta¦") == ["tables"]
    assert offered("select 1;\n.ta¦") == ["tables"]
    assert offered(".run head¦") == ["headline"]
    assert "judge" not in offered(".run j¦")
    assert offered(".show judg¦") == ["judge"]
    assert offered(".schema answe¦") == ["answers", "answers_wide", "answer_rows"]
    assert offered(".format c¦") == ["csv"]
    assert offered(".timer ¦", asked=True) == ["on", "off"]
    assert offered(".run by_state select_st¦") == ["select_states="]
    assert offered(".run by_state select_states=CA,N¦")[:2] == ["NC", "ND"]
    assert offered(".tables x¦") == []


def test_every_column_that_has_words_is_a_column_or_parameter(names):
    known = {column for columns in names.columns.values() for column in columns}
    known |= {parameter for query in names.library.queries for parameter in query.params}
    assert set(WORDS) - known == set()
    assert {kind for kind in WORDS.values() if not names.words.get(kind)} == set()


def test_any_text_before_the_cursor_is_borne(offered):
    for text in (
        "'",
        "''",
        "a.b.c.¦",
        ".run ''' x¦",
        "\x00¦",
        ". ¦",
        "select 'it''s ¦",
        "é¦",
        "$$ ¦",
        ".run nobody x¦",
    ):
        offered(text, asked=True)
