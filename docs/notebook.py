"""A notebook to begin with: open it with `marimo edit docs/notebook.py`, or run it as a script.

It needs `pip install "auditscan[notebook]"`, and works on the sample logs until `logs` names others.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="auditscan")


@app.cell
def _():
    import warnings

    import altair as alt
    import marimo as mo
    import polars as pl

    import auditscan

    return alt, auditscan, mo, pl, warnings


@app.cell
def _(auditscan):
    # Yours: a file, a folder, a list of these, or a database that `auditscan.scan(logs, db=...)` kept.
    logs = auditscan.sample_logs()
    as_of = "2026-11-22"
    what_if = "names-permitted"
    return as_of, logs, what_if


@app.cell
def _(as_of, auditscan, logs, mo, warnings):
    with warnings.catch_warnings():
        # Shown below instead.
        warnings.simplefilter("ignore", auditscan.IncompleteWarning)
        session = auditscan.connect(logs, as_of=as_of)
    _reasons = "\n".join(f"* `{reason}`" for reason in session.incomplete_because)
    mo.md(
        "# Transfers from CMS to DHS\n\n*Outside* an order does not mean lawful: other law is not decided here.\n\n"
        + ("Everything was looked at." if session.complete else f"**Incomplete.** Not looked at:\n\n{_reasons}")
    )
    return (session,)


@app.cell
def _(mo):
    mo.md("""
    ## Verdicts then and now
    """)
    return


@app.cell
def _(pl, session):
    # Attempts disclosed nothing, and what names neither side is nobody's yet: both are counted apart.
    disclosed = session.answers().filter(
        ~pl.col("attempt"), ~pl.col("verdict_now").is_in(["out_of_scope", "unattributed"])
    )
    counts = (
        disclosed.group_by("verdict_then", "verdict_now")
        .agg(transfers=pl.len(), people_or_rows=pl.col("record_count").sum())
        .sort("transfers", descending=True)
        .collect()
    )
    counts
    return


@app.cell
def _(mo):
    mo.md("""
    ## Week by week

    Above, by the order in force on the day of each transfer; below, by the one in force now. The lines are the days
    on which an order took effect.
    """)
    return


@app.cell
def _(pl, session):
    # One row a week, time of judging and verdict. Transfers without a time have no week.
    weeks = pl.concat(
        session.query("by_week")
        .drop_nulls("week")
        .group_by("week", middle=pl.col("week").dt.offset_by("3d"), verdict=f"verdict_{time}")
        .agg(pl.col("transfers").sum(), time=pl.lit(time).first())
        for time in ("then", "now")
    ).sort("time", "week", "verdict")
    orders = (
        session.query("orders_and_agreements")
        .filter(pl.col("author") == "court", pl.col("what").str.contains("in force"))
        .select("day", "title", name=pl.col("title").str.split(",").list.first())
    )
    return orders, weeks


@app.cell
def _(alt, orders, weeks):
    _colors = {"enjoined": "#b2182b", "review": "#e08214", "permitted": "#4393c3", "outside": "#bdbdbd"}
    _bars = (
        alt.Chart(weeks)
        .mark_bar(size=7)
        .encode(
            x=alt.X("middle:T", title=None),
            y=alt.Y("transfers:Q", title="transfers"),
            color=alt.Color("verdict:N", scale=alt.Scale(domain=[*_colors], range=[*_colors.values()])),
            order="rank:Q",
            tooltip=["week:T", "verdict:N", "transfers:Q"],
        )
        .transform_calculate(rank=f"indexof({[*_colors]!r}, datum.verdict)")
    )
    _days = alt.Chart(orders).mark_rule(strokeDash=[4, 3]).encode(x="day:T", tooltip=["day:T", "title:N"])
    _names = (
        alt.Chart(orders)
        .mark_text(align="left", baseline="bottom", dx=2)
        .encode(x="day:T", y=alt.value(-3), text="name:N")
    )
    _panels = [
        (_bars.transform_filter(alt.datum.time == time) + _days + _names).properties(
            width=640, height=150, title=alt.Title(title, anchor="start", offset=16)
        )
        for time, title in (("then", "Barred then?"), ("now", "Would it be barred now?"))
    ]
    chart = alt.vconcat(*_panels).resolve_scale(x="shared", y="shared")
    chart
    return


@app.cell
def _(mo, what_if):
    mo.md(f"""## What if: {what_if}""")
    return


@app.cell
def _(mo, pl, session, what_if):
    difference = session.diff("base", what_if)
    mo.vstack(
        [
            mo.md(
                f"{difference.headline['changed_now']:,} of {difference.headline['in_scope']:,} transfers would have "
                "another verdict now."
            ),
            pl.DataFrame(difference.totals),
        ]
    )
    return


@app.cell
def _(mo):
    mo.md("""
    ## One transfer, explained
    """)
    return


@app.cell
def _(pl, session):
    # The one about the most people of those that are enjoined now.
    worst = (
        session.answers()
        .filter(pl.col("verdict_now") == "enjoined", ~pl.col("attempt"))
        .sort("record_count", descending=True, nulls_last=True, maintain_order=True)
        .head(1)
        .collect()
    )
    explained = session.explain(worst["transfer_id"].item()) if worst.height else worst
    explained
    return


if __name__ == "__main__":
    app.run()
