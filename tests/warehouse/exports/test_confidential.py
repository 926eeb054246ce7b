"""Confidential issues in exports and evidence: no texts, no people."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import builder, rows
from tests.support.rows.trackers import FEB, MAR, TrackerRows
from warehouse.build.comments import columns_of_all
from warehouse.build.model import read_models
from warehouse.context import Context
from warehouse.exports.confidential import rows_without_text
from warehouse.exports.layout import layouts, partitions

SECRET = "by-empty-cookie"
MODELS = read_models()
TABLES = ("facts.issues", "facts.item_events", "facts.item_attributes", "facts.comments")


def secret(name):
    return f"{SECRET}-{name}"


def tracker(*, is_confidential):
    made = TrackerRows()
    made.issue(
        1,
        ("labeled", FEB, {"label": secret("one"), "actor_login": secret("mallory")}),
        ("labeled", FEB, {"label": secret("two")}),
        ("renamed", FEB, {"old_value": secret("old"), "new_value": secret("new")}),
        ("milestoned", FEB, {"milestone_title": secret("milestone")}),
        ("assigned", FEB, {"subject_login": secret("eve")}),
        ("closed", MAR, {"actor_login": secret("eve")}),
        title=secret("title"),
        author_login=secret("mallory"),
        labels=[secret("one"), secret("two")],
        assignees=[secret("eve")],
        milestone_title=secret("milestone"),
        state="closed",
        closed_at=MAR,
        closed_by_login=secret("eve"),
        is_confidential=is_confidential,
    )
    made.comment(1, secret("carol"), FEB)
    made.issue(3, title="Open", labels=["open"])
    return made


def exported(connection, table):
    """Read a table as it is exported."""
    (layout,) = layouts(connection, [model for model in MODELS if model.table == table])
    assert partitions(connection, layout)
    return rows(connection, f"select * from {layout.rows} order by all")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("confidential")
    tracker(is_confidential=True).found(store)
    with builder(*TABLES, "intermediate.kpi_closings")(store) as connection:
        yield connection


@pytest.mark.parametrize("table", TABLES)
def test_no_text_and_nobody_of_a_confidential_issue_is_exported(built, table):
    assert SECRET in str(rows(built, f"select * from {table}"))

    found = exported(built, table)

    assert SECRET not in str(found)
    assert len(found) == len(rows(built, f"select * from {table}"))


def test_rows_of_one_issue_are_distinguishable(built):
    table = "facts.item_attributes"
    columns = columns_of_all(built)[table]
    shown = rows_without_text(table, columns, ("item_number", "attribute", "attribute_value"))

    query = f"select attribute, attribute_value from {shown} where item_number = 1 order by all"
    assert rows(built, query) == [
        ("assignee", "confidential 1"),
        ("label", "confidential 1"),
        ("label", "confidential 2"),
        ("milestone", "confidential 1"),
    ]
    assert "Open" in str(exported(built, "facts.issues"))


def test_evidence_names_nobody(built):
    assert rows(built, "select issue_number, person from intermediate.kpi_closings") == [(1, None)]


def test_the_settings_may_show_them(tmp_path):
    tracker(is_confidential=True).found(tmp_path)
    context = Context(is_confidential_shown=True)

    with builder("facts.issues", "intermediate.kpi_closings")(tmp_path, context) as connection:
        assert secret("title") in str(exported(connection, "facts.issues"))
        assert rows(connection, "select person from intermediate.kpi_closings") == [
            (secret("eve"),)
        ]


def test_a_change_of_what_is_shown_is_written_again(built):
    """The hash of a file is that of the rows in it: a file with texts is never linked on."""
    (layout,) = layouts(built, [m for m in MODELS if m.table == "facts.issues"])
    hidden = [part.content_hash for part in partitions(built, layout)]
    built.execute("update settings.exports set is_confidential_shown = true")
    (layout,) = layouts(built, [m for m in MODELS if m.table == "facts.issues"])
    shown = [part.content_hash for part in partitions(built, layout)]
    built.execute("update settings.exports set is_confidential_shown = false")

    assert hidden != shown


def test_a_table_without_texts_of_issues_is_read_as_it_is():
    assert rows_without_text("facts.accounts", ("login", "title"), ("login",)) is None
    assert rows_without_text("facts.x", ("tracker_source", "issue_number"), ()) is None
    assert rows_without_text("facts.x", ("tracker_source", "title", "milestone_id"), ()) is None
