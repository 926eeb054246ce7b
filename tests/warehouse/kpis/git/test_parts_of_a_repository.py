"""Test figures of all projects that share a repository in part."""

from __future__ import annotations

import pytest

from flows.settings.workspace import context_of, open_workspace
from tests.support.rows.row_histories import ANN, BOB, SOURCE, HistoryRows, builder, rows

KPIS = ("lines_changed", "bot_share", "contributor_absence_factor")
build = builder("marts.kpi_quarterly", kpis=KPIS)
OF_ALL = """
    select kpi, value, n, numerator, denominator from marts.kpi_quarterly
    where project = '*' and source = '*' and quarter = '2024-Q1'
    order by kpi
"""
PEOPLE = """
    select project, person, denominator, counts_in_all from figures.kpi_evidence
    where kpi = 'bot_share' order by all
"""
WHOLE = '[[projects]]\nname = "{}"\nsources = ["https://' + SOURCE + '"]\n'
PART = WHOLE + 'paths = ["{}/"]\n'


@pytest.fixture
def built(tmp_path):
    def built(*entries):
        history = HistoryRows()
        history.commit(
            "c1", at="2024-01-10T12:00", by=ANN, files=[("app/a", 10, 0), ("doc/a", 6, 0)]
        )
        history.commit("c2", "c1", at="2024-01-11T12:00", by=BOB, files=[("app/b", 3, 1)])
        history.commit("c3", "c2", at="2024-01-12T12:00", by=BOB, files=[("doc/b", 5, 0)])
        history.found(tmp_path / "store")
        file = tmp_path / "quarry.toml"
        file.write_text("".join(entries))
        return build(tmp_path / "store", context_of(open_workspace(file, None)))

    return built


@pytest.mark.parametrize("part", ["app", "zapp"])
def test_all_projects_have_the_rows_of_the_whole_repository(built, part):
    connection = built(PART.format(part, "app"), WHOLE.format("orch"))

    assert rows(connection, OF_ALL) == [
        ("active_contributors", 2.0, 2, None, None),
        ("bot_share", 0.0, 2, 0, 3),
        ("contributor_absence_factor", 1.0, 2, None, None),
        ("lines_changed", 25.0, 3, None, None),
    ]
    assert sorted(rows(connection, PEOPLE)) == sorted(
        [
            (part, "ann@example.org", 1, False),
            (part, "bob@example.org", 1, False),
            ("orch", "ann@example.org", 1, True),
            ("orch", "bob@example.org", 2, True),
        ]
    )


def test_of_parts_alone_the_whole_repository_is_a_project_too(built):
    connection = built(PART.format("app", "doc"), PART.format("other", "app"))

    assert rows(connection, OF_ALL)[-1] == ("lines_changed", 25.0, 3, None, None)


def test_parts_count_once_the_whole_project_has_ended(built):
    ended = WHOLE.format("orch") + "active_until = 2023-12-31\n"
    connection = built(ended, PART.format("app", "doc"), PART.format("other", "app"))

    assert rows(connection, OF_ALL)[-1] == ("lines_changed", 10.0 + 4 + 5, 3, None, None)
