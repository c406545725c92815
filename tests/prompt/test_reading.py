"""Where a statement ends, and what is a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditscan.prompt.reading import Reader, has_ended, inputs, lines_of


def read(text):
    return [(found.text.strip(), found.line, found.command) for found in inputs(lines_of(text))]


@pytest.mark.parametrize(
    "text",
    [
        "select 1;",
        "select 1 ; -- done",
        "select ';'; ",
        "select 1; /* done */",
        "select 'it''s';",
        'select 1 as "a;b";',
        r"select e'it\'s; not yet';",
        "select $$;'$$;",
        "select $tag$ $$ ; $tag$;",
        "select /* ; /* nested */ ; */ 1;",
        "select 1 -- ; not the end\n;",
        "select 1;\nselect 2;",
        ".tables",
        "  .tables",
        "select 1;\n.tables",
        ";",
        "quit",
        "Exit;",
        "help",
    ],
)
def test_what_has_ended(text):
    assert has_ended(text)


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "select 1 -- ;",
        "select ';",
        "select ''';",
        'select "a;',
        r"select e'\';",
        "select $$ ;",
        "select $tag$ ; $$;",
        "select /* ;",
        "select /* /* */ ;",
        "select 1; select 2",
        ".tables\nselect 1",
        "select\n.5",
        "quit now",
    ],
)
def test_what_has_not_ended(text):
    assert not has_ended(text)


def test_statements_and_commands_are_cut_where_they_end():
    text = "\n-- first\n.tables ;\nselect 1; select 2;\nselect\n  '\n.not a command';\n.quit\nselect 3"
    assert read(text) == [
        (".tables ;", 3, True),
        ("select 1; select 2;", 4, False),
        ("select\n  '\n.not a command';", 5, False),
        (".quit", 8, True),
        ("select 3", 9, False),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "-- only this", "/* and this */", ";;\n;"])
def test_nothing_is_no_input(text):
    assert read(text) == []


def test_what_is_open_at_the_end_is_run_and_so_complained_about():
    assert read("select 'a\n.tables\n") == [("select 'a\n.tables", 1, False)]
    assert read("/* never closed\n.tables\n") == [("/* never closed\n.tables", 1, False)]


def test_a_reader_says_what_is_open_and_since_where():
    reader = Reader()
    reader.feed("select 1,\n")
    reader.feed("  'ab")
    assert (reader.inside, reader.opened) == ("'", 12)


@given(st.text(alphabet="'\"$;*e \n.a", max_size=40))
def test_nothing_falls_between_two_inputs(text):
    # Without comments in it, what the inputs hold is the text, but for blanks and lone semicolons.
    def bare(text):
        return "".join(text.split()).replace(";", "")

    assert "".join(bare(found.text) for found in inputs(lines_of(text))) == bare(text)


def test_a_long_statement_is_read_once():
    # Looking at everything again with every line would take minutes.
    text = "select '" + "a long line\n" * 200_000 + "';"
    assert [found.line for found in inputs(lines_of(text))] == [1]
