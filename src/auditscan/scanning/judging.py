"""The steps from records to verdicts, on all that a database holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.scanning.bar import UNSEEN
from auditscan.scanning.rules import judge

if TYPE_CHECKING:
    from auditscan.scanning.bar import Bar
    from auditscan.store import Store


def is_linked(store: Store) -> bool:
    """Whether traces of one transfer are counted once."""
    return bool(store.one("select coalesce(bool_and(linked), true) from link_settings"))


def judge_all(store: Store, *, link: bool, new_views: bool, same_logs: bool = False, bar: Bar = UNSEEN) -> None:
    """Judge all that there is anew; may be begun again where it failed. `bar` is told what is being done.

    With `same_logs` no log was looked at since it was judged, and the clock of the court is the same: what records
    repeat, which span days and where they have gaps hangs on nothing else, and stays.
    """
    _run(store, "unlink", bar)
    if not same_logs:
        _run(store, "repeats", bar)
        if store.has_rows("repeated_hashes"):
            _run(store, "settle", bar)
            store.connection.execute("drop table repeated_records")
    judge_words(store, link=link, same_logs=same_logs, bar=bar)
    bar.say("judging: the rules")
    judge(store, anew=True, new_views=new_views, same_logs=same_logs)


def judge_words(store: Store, *, link: bool, same_logs: bool = False, bar: Bar = UNSEEN) -> None:
    """Look up what was logged, link the traces of one transfer, and judge under every regime.

    Which traces belong together hangs on their parties, and what they say together has to be looked up in turn.
    `same_logs` is as for `judge_all`.
    """
    for step in ("find_parties", "look_up"):
        _run(store, step, bar)
    if link and store.run("may_link")[0][0]:
        for step in ("pair_traces", "find_links", "merge_links"):
            _run(store, step, bar)
        merged = store.one("select count(*) from new_merges")
        _run(store, "install_links", bar)
        if merged:
            # Parties are found by text, and traces together name none that one of them did not.
            _run(store, "look_up", bar)
    store.connection.execute("delete from link_settings")
    store.connection.execute("insert into link_settings values ($1)", [link])
    _run(store, "judge", bar)
    if not same_logs:
        if store.has_rows("traces"):
            _run(store, "spans", bar)
        else:
            store.connection.execute("delete from spans")
    _run(store, "date", bar)


def _run(store: Store, step: str, bar: Bar) -> None:
    title = store.library.get(step).title
    bar.say(f"judging: {title[:1].lower()}{title[1:]}")
    store.run(step)
