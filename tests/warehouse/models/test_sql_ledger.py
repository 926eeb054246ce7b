"""The facts of ledgers, whole rows against what was written down."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.ledgers import ID
from tests.support.rows.row_histories import builder, instant, table
from warehouse.calendar import Calendar
from warehouse.context import Context

TABLES = (
    *("facts.ledger_tasks", "facts.ledger_deployments", "facts.ledger_incidents"),
    *("facts.ledger_activities", "facts.ledger_measurements", "facts.ledger_targets"),
)
build = builder(*TABLES)

KEPT = {
    "tasks": """
        task,project,title,title_ko,planned_on,started_on,completed_on,reported_days,reported_quarter,link,note
        T-1,web,Move,이전,2024-04-01,2024-03-01,2024-03-31,12.5,2024-Q2,https://x.org/1,remark
        T-2,,,,2024-04-01,2024-03-01,,,,,
        T-3,,,,,2024-03-31,,,,,
        T-4,,,,,,,1,2024-Q4,,
    """,
    "deployments": """
        deployment,project,site,planned_on,deployed_on,attempt,status,reported_quarter,link,note
        D-1,web,Seoul,2024-03-31,2024-04-01,2,rolled_back,2024-Q3,https://x.org/2,remark
        D-2,,,2024-03-31,,,,,,
    """,
    "incidents": """
        incident,project,service,site,title,title_ko,started_at,recovered_at,deployment,reported_hours,reported_quarter,link,note
        I-1,web,pay,Seoul,Down,중단,2024-03-31 23:59,2024-04-01 00:00,D-1,0.5,2024-Q1,https://x.org/3,remark
        I-2,,,,,,2024-03-31 23:59,,,,,,
        I-3,,,,,,,,,2,2024-Q4,,
    """,
    "activities": """
        activity,date,until,kind,project,site,title,title_ko,hours,reported_quarter,link,note
        A-1,2024-03-31,2024-04-02,Business trip,web,Seoul,Visit,방문,16.25,2024-Q2,https://x.org/4,remark
        A-2,,,writing,,,,,,2024-Q4,,
    """,
    "measurements": """
        measurement,project,measure,measure_ko,unit,before,after,better,measured_on,link,note
        M-1,web,start-up,시작,s,30,12,lower,2024-03-31,https://x.org/5,remark
        M-2,,score,,,0,3,,,,
        M-3,,loss,,,-4,-1,higher,,,
        M-4,,once,,,,7,,,,
    """,
    "targets": """
        target_id,year,quarter,project,kpi,title,title_ko,unit,target,near,better,accepted_until,note
        G-1,2024,Q1,web,blog_post,Posts,글,count,6,5.5,higher,2024-03-31,remark
    """,
}
Q1, Q2, Q4 = "2024-Q1", "2024-Q2", "2024-Q4"
FIRST = {Q1: date(2024, 1, 1), Q2: date(2024, 4, 1), Q4: date(2024, 10, 1)}
WHOLE = {
    "tasks": {
        "task_id": "T-1",
        "title": "Move",
        "title_ko": "이전",
        "reported_days": 12.5,
        "planned_on": date(2024, 4, 1),
        "started_on": date(2024, 3, 1),
        "completed_on": date(2024, 3, 31),
        "quarter": Q1,
        "reported_quarter": Q2,
    },
    "deployments": {
        "deployment_id": "D-1",
        "site": "Seoul",
        "attempt": 2,
        "quarter": Q2,
        "planned_on": date(2024, 3, 31),
        "deployed_on": date(2024, 4, 1),
        "deployment_status": "rolled_back",
        "reported_quarter": "2024-Q3",
    },
    "incidents": {
        "incident_id": "I-1",
        "service": "pay",
        "site": "Seoul",
        "title": "Down",
        "title_ko": "중단",
        "started_at": instant("2024-03-31T14:59"),
        "quarter": Q2,
        "recovered_at": instant("2024-03-31T15:00"),
        "deployment_id": "D-1",
        "reported_hours": 0.5,
        "reported_quarter": Q1,
    },
    "activities": {
        "activity_id": "A-1",
        "activity_kind": "business_trip",
        "site": "Seoul",
        "title": "Visit",
        "title_ko": "방문",
        "hours": 16.25,
        "quarter": Q1,
        "happened_on": date(2024, 3, 31),
        "happened_until": date(2024, 4, 2),
        "reported_quarter": Q2,
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    ledger = kept(tmp_path_factory.mktemp("ledger"), **KEPT)
    with build(ledger.home / "store", SEOUL) as connection:
        yield connection


@pytest.mark.parametrize(("number", "name"), list(enumerate(WHOLE, 1)))
def test_a_row_is_as_it_was_written_in_the_quarter_of_its_day(built, number, name):
    whole = WHOLE[name]

    assert table(built, f"from facts.ledger_{name} where project = 'web'") == [
        {
            "source": ID,
            "project": "web",
            **whole,
            "quarter_starts_on": FIRST[whole["quarter"]],
            "link": f"https://x.org/{number}",
            "note": "remark",
        }
    ]


@pytest.mark.parametrize(
    ("name", "quarters"),
    [
        ("tasks", {"T-2": Q2, "T-3": Q1, "T-4": Q4}),
        ("deployments", {"D-2": Q1}),
        ("incidents", {"I-2": Q1, "I-3": Q4}),
        ("activities", {"A-2": Q4}),
    ],
)
def test_without_a_day_of_its_end_a_row_is_in_the_next_best_quarter(built, name, quarters):
    rows = built.execute(
        f"select #3, project, quarter, quarter_starts_on from facts.ledger_{name} "
        "where project = 'ledger' order by 1"
    )

    assert rows.fetchall() == [(key, "ledger", q, FIRST[q]) for key, q in quarters.items()]


def test_what_was_measured_says_by_how_much_it_changed(built):
    rows = table(built, "from facts.ledger_measurements order by measurement_id")
    columns = ("before_value", "after_value", "change_in_unit", "change_percent", "better")

    assert rows[0] == {
        "source": ID,
        "project": "web",
        "measurement_id": "M-1",
        "measure": "start-up",
        "measure_ko": "시작",
        "measurement_unit": "s",
        "before_value": 30.0,
        "after_value": 12.0,
        "change_in_unit": -18.0,
        "change_percent": -60.0,
        "better": "lower",
        "measured_on": date(2024, 3, 31),
        "link": "https://x.org/5",
        "note": "remark",
    }
    assert [tuple(row[name] for name in columns) for row in rows[1:]] == [
        (0.0, 3.0, 3.0, None, "neither"),
        (-4.0, -1.0, 3.0, 75.0, "higher"),
        (None, 7.0, None, None, "neither"),
    ]


def test_a_goal_of_a_team_stays_as_it_was_written(built):
    assert table(built, "from facts.ledger_targets") == [
        {
            "source": ID,
            "target_id": "G-1",
            "kpi": "blog_post",
            "is_measured": False,
            "project": "web",
            "fiscal_year": 2024,
            "quarter": Q1,
            "title": "Posts",
            "title_ko": "글",
            "target_unit": "count",
            "target_value": 6.0,
            "near_value": 5.5,
            "better": "higher",
            "accepted_until": date(2024, 3, 31),
            "note": "remark",
        }
    ]


def test_quarters_are_those_of_the_settings(tmp_path):
    ledger = kept(tmp_path, tasks="task,completed_on\nT-1,2024-03-31\nT-2,2024-04-01")

    with build(ledger.home / "store", Context(calendar=Calendar(first_month=2))) as connection:
        assert (
            connection.execute(
                "select quarter, quarter_starts_on from facts.ledger_tasks order by task_id"
            ).fetchall()
            == [("2025-Q1", date(2024, 2, 1))] * 2
        )


def test_what_happens_after_the_calendars_end_is_in_no_quarter_whatever_is_reported(tmp_path):
    ledger = kept(
        tmp_path,
        tasks="task,completed_on,reported_quarter\nT-1,2024-04-01,2024-Q1\nT-2,2024-03-31,",
        incidents="incident,started_at,reported_quarter\nI-1,2024-04-01 00:00,2024-Q1",
        activities="activity,kind,date,reported_quarter\nA-1,writing,2024-04-01,2024-Q1",
    )
    cut = Calendar(time_zone="Asia/Seoul", last_day=date(2024, 3, 31))

    with build(ledger.home / "store", Context(calendar=cut)) as connection:
        assert connection.execute(
            "select task_id, quarter from facts.ledger_tasks union all "
            "select incident_id, quarter from facts.ledger_incidents union all "
            "select activity_id, quarter from facts.ledger_activities order by 1"
        ).fetchall() == [("A-1", None), ("I-1", None), ("T-1", None), ("T-2", Q1)]
