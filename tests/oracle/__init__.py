"""A second reading of the verdicts, in plain Python, to hold against the SQL engine.

It shares no code with the package: it reads the policy files itself and judges one transfer at a
time with loops, so a mistake would have to be made twice, in two languages, to go unseen. It is
slow on purpose and knows nothing of disclosures, databases or files.

Where the meaning of the answers leaves a choice, this is the one taken:

* Blank text (white space only, as in `BLANKS`) is missing, in every field. Field names are
  compared as normalized words; fields that are not canonical are ignored.
* Texts are kept as logged, blanks at their ends included; only list items, times and counts
  lose them.
* A time is `YYYY-MM-DD`, or that with `T` or one blank, `HH:MM[:SS[.fffffffff]]` and a zone
  (`Z`, `+HH`, `+HHMM`, `+HH:MM`, blanks before it allowed); nanoseconds are cut to microseconds.
  Everything else is unreadable, numbers too. An hour that the zone's clock shows twice is the
  later one; an hour it skips is read with the offset that was in force before the change. An instant beyond the years
  1 to 9999, or on the first day of year 1, is unreadable: its day in the court's zone may lie beyond them. Bare days of
  all these years are days.
* Objects and lists inside a list field are one unknown entry each, and have no text to show; an
  object in place of a list is an unknown list. In a text field they are unreadable. Numbers and
  booleans are their JSON text.
* An empty and a missing list are the same content; an unreadable raw value is part of it.
* A regime that names no severity for a key, and no default, says `review`.
* A category is implied by another only where that one is `permitted` by itself.
* A purpose that is unreadable is none; one without a letter or digit (`--`) is a word that no table knows.
* Of several recipients the one that stands for all of them says which part of DHS it is.
* A vendor's side is unknown: two of them, or one and a stranger, are not attributed.
* A count of 0 says nothing of the outcome: only the word `empty` does.
* `attempt` is true of a failed or empty transfer whatever its scope; classes that win over it come by the verdict.
* Of a record that spans days, `court_day` and `regime_then` are of the day of its time. A last day before that day
  spans them all the same, a day that no regime covers counts as `outside`, and any day on a boundary is one.
* A regime that is switched off and has no first day has no days, so no note tells of it.
"""

from __future__ import annotations

from oracle.judging import SINCE, Answer, evaluate
from oracle.reading import BLANKS, Record, csv_records
from oracle.reasons import NAMED, Reasons, evaluate_with_reasons
from oracle.tables import POLICY_FOLDER, Policy, Regime, load_policy, normalize

__all__ = [
    "BLANKS",
    "NAMED",
    "POLICY_FOLDER",
    "SINCE",
    "Answer",
    "Policy",
    "Reasons",
    "Record",
    "Regime",
    "csv_records",
    "evaluate",
    "evaluate_with_reasons",
    "load_policy",
    "normalize",
]
