"""Accounts, labels and milestones that were renamed keep their history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.rows.row_histories import build, builder, rows
from tests.support.rows.trackers import FEB, MAR, REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

FACTS = builder("facts.issues", "facts.accounts", "facts.reviews", "facts.item_attributes")
LATER = datetime(2024, 9, 1, tzinfo=UTC)
ANSWERED_AFTER = 60 * 24 * 3600


def answers(connection):
    query = "select issue_number, author_login, first_response_login, response_seconds from "
    return rows(connection, f"{query}facts.issues order by 1")


def look(*, by, login, name="ann-new", opener="1", known=True):
    """The opener comments a month later under a name, and bob another month later."""
    made = TrackerRows(looked_at=by)
    made.issue(1, author_login=login, author_id=opener if known else None)
    made.comment(1, name, FEB, author_id="1" if known else None)
    made.comment(1, "bob", MAR, author_id="2" if known else None)
    return made


def test_an_author_who_was_renamed_does_not_answer_himself(tmp_path):
    look(by=LATER, login="ann").found(tmp_path)

    connection = FACTS(tmp_path)

    assert answers(connection) == [(1, "ann-new", "bob", ANSWERED_AFTER)]
    assert rows(connection, "select login, account_id from facts.accounts order by 1") == [
        ("ann-new", "1"),
        ("bob", "2"),
    ]


def test_nightly_runs_and_a_full_one_give_the_same(tmp_path):
    """What was mined before the renaming has the old name, what came later the new one."""
    first, second = TrackerRows(), TrackerRows(looked_at=LATER)
    first.issue(1, author_login="ann", author_id="1", assignees=["ann"])
    first.found(tmp_path)
    second.comment(1, "ann-new", FEB, author_id="1")
    second.comment(1, "bob", MAR, author_id="2")
    second.write(tmp_path)
    full = TrackerRows(looked_at=LATER)
    full.issue(1, author_login="ann-new", author_id="1", assignees=["ann-new"])
    full.rows["comments"] = second.rows["comments"]
    full.found(tmp_path / "full")

    nightly, whole = FACTS(tmp_path), FACTS(tmp_path / "full")

    for query in ("facts.issues", "facts.accounts", "facts.item_attributes"):
        select = f"select * exclude (updated_at) from {query} order by all"
        if query != "facts.issues":
            select = f"select * from {query} order by all"
        assert rows(nightly, select) == rows(whole, select)


def test_an_account_that_took_the_old_name_is_somebody_else(tmp_path):
    look(by=LATER, login="ann").found(tmp_path)
    other = TrackerRows(looked_at=datetime(2024, 10, 1, tzinfo=UTC))
    other.issue(2, author_login="ann", author_id="3")
    other.comment(2, "ann-new", FEB, author_id="1")
    other.write(tmp_path)

    connection = FACTS(tmp_path)

    assert answers(connection) == [
        (1, "ann-new", "bob", ANSWERED_AFTER),
        (2, "ann", "ann-new", 31 * 24 * 3600),
    ]
    assert [a for (a,) in rows(connection, "select login from facts.accounts order by 1")] == [
        *("ann", "ann-new", "bob"),
    ]


def test_without_identifiers_names_are_all_that_is_known(tmp_path):
    look(by=LATER, login="ann", known=False).found(tmp_path)

    assert answers(FACTS(tmp_path)) == [(1, "ann", "ann-new", 31 * 24 * 3600)]


def test_old_rows_without_an_identifier_follow_the_last_holder_of_the_name(tmp_path):
    old = TrackerRows()
    old.issue(1, author_login="ann", closed_by_login="ann", assignees=["ann", "bob"])
    old.found(tmp_path)
    new = TrackerRows(looked_at=LATER)
    new.issue(2, author_login="ann", author_id="1", created_at=FEB)
    new.write(tmp_path)
    newest = TrackerRows(looked_at=datetime(2024, 10, 1, tzinfo=UTC))
    newest.comment(1, "ann-new", FEB, author_id="1")
    newest.write(tmp_path)

    connection = FACTS(tmp_path)

    query = "select author_login, assignees from facts.issues order by issue_number"
    assert rows(connection, query) == [("ann-new", '["ann-new","bob"]'), ("ann-new", "[]")]
    assert [a for (a,) in rows(connection, "select login from facts.accounts order by 1")] == [
        "ann-new"
    ]


@pytest.mark.parametrize(
    ("account", "expected"),
    [('{"user":{"id":1}}', "1"), ('{"author":{"id":7}}', "7"), ("{}", None), (None, None)],
)
def test_an_old_store_has_the_identifier_in_its_payloads(tmp_path, account, expected):
    made = TrackerRows()
    made.issue(1, payload=account)
    made.found(tmp_path)

    connection = FACTS(tmp_path, only=("facts.accounts",))

    assert rows(connection, "select author_id from raw.issues") == [(expected,)]
    assert rows(connection, "select account_id from facts.accounts") == [(expected,)]


def labelled(label, by, label_id="77"):
    made = TrackerRows(looked_at=by)
    for number in (1, 2, 3):
        made.issue(
            number,
            ("labeled", FEB, {"label": "incident"}),
            ("closed", MAR),
            labels=[label],
            state="closed",
            closed_at=MAR,
        )
    made.add("label_names", label_id=label_id, label=label)
    return made


def context(*labels):
    rules = tuple(rule("incident_labels", label) for label in labels)
    return Context(projects=(Project(name="p", title="p", sources=(REPOSITORY,), rules=rules),))


def incidents(connection):
    query = "select count(*) from figures.kpi_evidence where kpi = 'mean_time_to_recovery'"
    return rows(connection, f"{query} and is_counted")[0][0]


@pytest.mark.parametrize("name", ["incident", "sev1", "sev*"])
@pytest.mark.parametrize("is_full", [False, True])
def test_a_renamed_label_keeps_its_items_under_its_old_name_and_its_new_one(
    tmp_path, name, is_full
):
    labelled("incident", datetime(2024, 8, 1, tzinfo=UTC)).found(tmp_path)
    if is_full:
        labelled("sev1", LATER).write(tmp_path)
    else:
        night = TrackerRows(looked_at=LATER)
        night.add("label_names", label_id="77", label="sev1")
        night.write(tmp_path)

    connection = builder(
        "figures.kpi_evidence", "facts.item_attributes", kpis=("mean_time_to_recovery",)
    )(tmp_path, context(name))

    assert incidents(connection) == 3
    assert rows(
        connection,
        "select distinct attribute_value, valid_from_at::date::varchar, valid_to_at "
        "from facts.item_attributes",
    ) == [("sev1", "2024-02-10", None)]


def test_a_label_that_was_renamed_back_has_its_first_name(tmp_path):
    labelled("incident", datetime(2024, 8, 1, tzinfo=UTC)).found(tmp_path)
    for month, name in ((9, "sev1"), (10, "incident")):
        night = TrackerRows(looked_at=datetime(2024, month, 1, tzinfo=UTC))
        night.add("label_names", label_id="77", label=name)
        night.write(tmp_path)

    connection = FACTS(tmp_path, only=("facts.item_attributes",))

    query = "select distinct attribute_value from facts.item_attributes"
    assert rows(connection, query) == [("incident",)]


def test_a_new_label_of_the_old_name_keeps_that_name(tmp_path):
    labelled("incident", datetime(2024, 8, 1, tzinfo=UTC)).found(tmp_path)
    night = TrackerRows(looked_at=LATER)
    night.add("label_names", label_id="77", label="sev1")
    night.add("label_names", label_id="88", label="incident")
    night.write(tmp_path)

    connection = FACTS(tmp_path, only=("facts.item_attributes",))

    query = "select distinct attribute_value from facts.item_attributes"
    assert rows(connection, query) == [("incident",)]


def test_a_renamed_milestone_keeps_its_items(tmp_path):
    facts = {"milestone_id": "m", "state": "open"}
    first, second = TrackerRows(), TrackerRows(looked_at=LATER)
    named = {"milestone_title": "One"}
    first.issue(1, ("milestoned", FEB, named), milestone_id="m", **named)
    first.add("milestones", title="One", **facts)
    first.found(tmp_path)
    second.add("milestones", title="Eins", **facts)
    second.write(tmp_path)

    connection = FACTS(tmp_path)

    assert rows(connection, "select milestone_title from facts.issues") == [("Eins",)]
    query = "select attribute_value, valid_to_at from facts.item_attributes"
    assert rows(connection, query) == [("Eins", None)]


def test_all_is_checked_with_renamed_things_in_it(tmp_path):
    look(by=LATER, login="ann").found(tmp_path)
    labelled("sev1", LATER).write(tmp_path)

    build(tmp_path, context("incident"))
