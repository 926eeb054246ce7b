"""Test restatements of sealed quarters by copies of repositories."""

from __future__ import annotations

import json

import duckdb
import pytest

from miners.store import sha256_of
from tests.support.rows.row_histories import ANN, instant
from tests.support.rows.sealed_homes import QUARTER, SealedHome, first_look, second_look
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project

FORK = "host/us/fork"
KPIS = ("active_contributors", "bot_share", "commits", "lines_changed")
ONE, BOTH = (
    Context(projects=(Project(name="app", title="App", sources=sources),))
    for sources in ((REPOSITORY,), (REPOSITORY, FORK))
)
FIGURES = f"""
    select project, source, value, value_now from marts.kpi_quarterly
    where kpi = 'commits' and quarter = '{QUARTER}' and value is not null order by all
"""


def fork():
    """The three commits of the original and one more."""
    history = first_look()
    history.source = FORK
    history.commit("own", "c3", at="2024-03-20T12:00", by=ANN, files=[("a", 2, 0)])
    return history


@pytest.fixture
def home(tmp_path):
    return SealedHome(tmp_path, kpis=KPIS)


LEAVES = f"""
    select project, source, additive_value, is_sealed from marts.kpi_leaves_quarterly
    where kpi = 'commits' and quarter = '{QUARTER}' order by all
"""


def leaves(home):
    return [tuple(row.values()) for row in home.ask(LEAVES)]


def seal(home, context, *histories):
    for history in histories:
        history.found(home.store)
    home.build(context)
    home.seal(context)


def figures(home):
    return [tuple(row.values()) for row in home.ask(FIGURES)]


def test_a_copy_that_is_added_later_changes_no_figure_of_the_original(home):
    """Only its own commit would count now; its source has no figure in the seal."""
    seal(home, ONE, first_look())
    fork().found(home.store)
    home.build(BOTH)
    assert figures(home) == [
        ("*", "*", 3, 4),
        ("app", "*", 3, 4),
        ("app", REPOSITORY, 3, 3),
    ]
    assert leaves(home) == [("app", REPOSITORY, 3, True)]
    assert home.restated("commits", "active_contributors", "lines_changed") == [
        ("active_contributors", "late", 2, 2, 0, 1, 0, 0),
        ("commits", "late", 3, 4, 1, 1, 0, 0),
        ("lines_changed", "late", 16, 18, 2, 1, 0, 0),
    ]


def test_what_the_original_lost_counts_in_the_copy(home):
    """The two causes add up to none: the commit counts in the fork, where it still is."""
    seal(home, BOTH, first_look(), fork())
    second_look("c2", left=["c3"]).write(home.store)
    home.build(BOTH)
    assert home.restated("commits") == [
        ("commits", "force_pushed", 4, 3, -1, 0, 0, 1),
        ("commits", "copied", 3, 4, 1, 0, 0, 1),
    ]
    assert figures(home) == [
        ("*", "*", 4, 4),
        ("app", "*", 4, 4),
        ("app", REPOSITORY, 3, 2),
        ("app", FORK, 4, 4),
    ]


def test_rows_that_count_in_the_other_copy_restate_nothing_in_sum(home):
    """Where there is a tracker is the original; the sealed rows stay as they are."""
    seal(home, BOTH, first_look(), fork())
    tracker = TrackerRows(source=f"{FORK}#tracker", looked_at=instant("2024-05-10"))
    tracker.found(home.store)
    home.build(BOTH)
    assert home.restated(*KPIS) == [
        ("active_contributors", "copied", 2, 2, 0, 0, 1, 4),
        ("bot_share", "copied", 0, 0, 0, 0, 1, 4),
        ("commits", "copied", 4, 4, 0, 0, 0, 6),
        ("lines_changed", "copied", 18, 18, 0, 0, 0, 6),
    ]


def test_a_seal_of_before_keeps_its_figure_and_names_the_definition(home):
    seal(home, BOTH, first_look(), fork())
    make_old(home.seals / QUARTER)
    home.build(BOTH)
    assert home.restated("commits", "lines_changed") == [
        ("commits", "definition", 7, 4, -3, 0, 0, 3),
        ("lines_changed", "definition", 34, 18, -16, 0, 0, 3),
    ]


def make_old(folder):
    """Rewrite a seal as the version before would have made it, which counted every copy."""
    old = {
        "evidence": "select * exclude (counts_in) replace (true as counts_in_all)",
        "definitions": "select * replace ('old' as definition_hash)",
        "figures": """select * replace (
            case when source != '*' then value when kpi = 'commits' then 7
            when kpi = 'lines_changed' then 34 else value end as value)""",
    }
    seal = json.loads((folder / "seal.json").read_text())
    for name, select in old.items():
        # A person had one row.
        where = "where subject_type != 'person_in_project'" if name == "evidence" else ""
        file, made = folder / f"{name}.parquet", folder / "made"
        duckdb.sql(f"copy ({select} from '{file}' {where}) to '{made}' (format parquet)")
        made.rename(file)
        seal["files"][name]["sha256"] = sha256_of(file)
    (folder / "seal.json").write_text(json.dumps(seal))
