"""Data and bytes of the page to explore figures."""

from __future__ import annotations

import json
import re

import duckdb
import pytest

from tests.support.rows.row_histories import rows
from warehouse.explore.page import page, write_page
from warehouse.explore.snapshot_data import _recent, page_data, quarter_evidence

COUNTED = """
    select count(*) from read_parquet('{}/kpi_evidence/*/*.parquet')
    where kpi = 'commits' and quarter_label = '2024-Q1'
"""


@pytest.fixture(scope="module")
def snapshot(explored):
    return (explored.workspace.exports / "current").resolve()


def test_each_figure_of_the_marts_is_in_the_page(explored, snapshot):
    data = page_data(snapshot)
    figures = [
        (data["kpis"][kpi]["kpi"], data["projects"][project][0], data["sources"][source][0],
         data["quarters"][quarter][0], value, n)
        for kpi, project, source, quarter, value, _, n, *_ in data["figures"]
    ]  # fmt: skip

    with duckdb.connect(str(explored.warehouse), read_only=True) as warehouse:
        assert figures == rows(
            warehouse,
            "select kpi, project, source, quarter, round(value, 6), n from marts.kpi_quarterly "
            "where kpi in (select kpi from marts.kpi_quarterly where value is not null) "
            "order by all",
        )
    assert len(figures) > 50


def test_a_quarter_in_the_page_is_as_its_own_evidence(snapshot):
    in_page = page_data(snapshot)["evidence"]["2024-Q1"]

    assert in_page == quarter_evidence(snapshot, "2024-Q1")
    commits = [kpi["kpi"] for kpi in page_data(snapshot)["kpis"]].index("commits")
    counted = sum(row[0] == commits for row in in_page["rows"])
    assert rows(duckdb, COUNTED.format(snapshot)) == [(counted,)]
    assert quarter_evidence(snapshot, "1999-Q1") == {"subjects": [], "rows": []}


def test_the_newest_quarters_that_fit_are_in_the_page():
    assert _recent([("2024-Q3", 6_000), ("2024-Q2", 4_000), ("2024-Q1", 1)]) == [
        *("2024-Q3", "2024-Q2"),
    ]
    assert _recent([("2024-Q3", 10_001), ("2024-Q2", 1)]) == []


def test_equal_snapshots_give_equal_bytes(explored, snapshot, tmp_path):
    published = (snapshot / "explore.html").read_bytes()

    assert write_page(snapshot).read_bytes() == published
    copy = explored.copied(tmp_path / "home")
    copy.warehouse.unlink()
    copy.publish()
    assert (copy.workspace.exports / "current" / "explore.html").read_bytes() == published


def test_no_text_ends_the_data_or_runs(snapshot):
    data = page_data(snapshot)
    data["sources"][0][0] = "</script><img src=x onerror=alert(1)>"
    written = page(data)

    assert written.count("</script>") == 2
    assert "<img" not in written
    (encoded,) = re.findall(r'id="data">(.*?)</script>', written)
    assert json.loads(encoded) == json.loads(json.dumps(data))


def test_the_page_loads_nothing_from_elsewhere(snapshot):
    written = (snapshot / "explore.html").read_text("utf-8")

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', written)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src 'self'" in policy
    assert re.findall(r"(?:src|href)=", written) == []
