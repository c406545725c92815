"""A session on a small database, and a screen that remembers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

import asking
from auditscan.library import Library
from auditscan.prompt.commands import run
from auditscan.prompt.conversation import Conversation, Look
from auditscan.session.locked import Limits, open_session


@dataclass
class Remembering:
    """A screen that keeps what it was given, in order, as (what, ...)."""

    seen: list = field(default_factory=list)

    def result(self, result, look):
        self.seen.append(("rows", result.columns, result.frame().rows(), look.form, look.out))
        return time.perf_counter()

    def queries(self, queries):
        self.seen.append(("queries", [query.name for query in queries]))

    def query(self, query):
        self.seen.append(("query", query.name))

    def explanations(self, explanations, case):
        self.seen.append(("explained", [found.now.verdict for found in explanations]))

    def text(self, text):
        self.seen.append(("text", text))

    def note(self, text):
        self.seen.append(("note", text))

    def fail(self, error):
        self.seen.append(("failed", error.message, error.where, error.hint))

    def fault(self, error):
        self.seen.append(("fault", error))


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    return asking.kept_in(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def session(database):
    with open_session(database, Library.shipped(), limits=Limits(seconds=30)) as session:
        yield session


@pytest.fixture
def talk(session):
    return Conversation(session, Remembering(), Look(), run)


@pytest.fixture
def answer(talk):
    """Say something and return what came of it."""

    def answer(typed):
        talk.screen.seen.clear()
        talk.answer(typed)
        return list(talk.screen.seen)

    return answer
