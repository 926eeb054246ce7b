"""Test whole rows of ledgers in every format."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import polars as pl
import pytest

from tests.support.rows.ledgers import Ledger, days, micros, number

CSV = {
    "projects": "project,name,name_ko,active_from,active_until,team_size,client,link,note\n"
    "K-water,Water,수자원공사,2024-01-01,2024-12-31,3,K-water,https://example.org/k,grown\n",
    "tasks": "task_id,project,title,title_ko,planned_on,started_on,completed_on,reported_days,"
    "reported_quarter,link,note\n"
    "T-1,K-water,Move,이전,2024-01-02,2024-01-01,2024-01-03,2.5,2024-Q1,https://example.org/1,ok\n",
    "deployments": "deployment_id,project,site,planned_on,deployed_on,attempt,status,"
    "reported_quarter,link,note\n"
    "D-1,K-water,Soyang River,2024-01-03,2024-01-12,2,failed,2024-Q1,https://example.org/2,rain\n",
    "incidents": "incident_id,project,service,site,title,title_ko,started_at,recovered_at,"
    "deployment_id,reported_hours,reported_quarter,link,note\n"
    "I-1,MyBox,Naver MyBox,Seoul,Down,장애,2024-03-21T19:22:00+09:00,2024-03-22 14:17,D-1,18.92,"
    "2024-Q1,https://example.org/3,disk\n",
    "activities": "activity_id,happened_on,happened_until,kind,project,site,title,title_ko,hours,"
    "reported_quarter,link,note\n"
    "A-1,2024-01-05,2024-01-06,Business trip,K-water,Taebaek,Visit,방문,16,2024-Q1,"
    "https://example.org/4,cold\n",
    "measurements": "measurement_id,project,measure,measure_ko,unit,before,after,better,"
    "measured_on,link,note\n"
    'M-1,K-water,CPU usage,CPU 사용량,%,"1,330",160,lower,2024-05-02,https://example.org/5,tuned\n',
    "targets": "target_id,year,quarter,project,kpi,title,title_ko,unit,target,near,better,"
    "accepted_until,note\n"
    "G-1,2025,Q1,K-water,blog_post,Blog posts,블로그 글,count,24,20,higher,2025-06-30,hard\n",
}
FACTS = {
    "projects": {
        "project": "K-water",
        "name": "Water",
        "name_ko": "수자원공사",
        "active_from": days("2024-01-01"),
        "active_until": days("2024-12-31"),
        "team_size": 3,
        "client": "K-water",
        "link": "https://example.org/k",
        "note": "grown",
    },
    "tasks": {
        "task_id": "T-1",
        "project": "K-water",
        "title": "Move",
        "title_ko": "이전",
        "planned_on": days("2024-01-02"),
        "started_on": days("2024-01-01"),
        "completed_on": days("2024-01-03"),
        "reported_days": number("2.5"),
        "reported_quarter": "2024-Q1",
        "link": "https://example.org/1",
        "note": "ok",
    },
    "deployments": {
        "deployment_id": "D-1",
        "project": "K-water",
        "site": "Soyang River",
        "planned_on": days("2024-01-03"),
        "deployed_on": days("2024-01-12"),
        "attempt": 2,
        "status": "failed",
        "reported_quarter": "2024-Q1",
        "link": "https://example.org/2",
        "note": "rain",
    },
    "incidents": {
        "incident_id": "I-1",
        "project": "MyBox",
        "service": "Naver MyBox",
        "site": "Seoul",
        "title": "Down",
        "title_ko": "장애",
        "started_at": micros("2024-03-21T10:22:00+00:00"),
        "recovered_at": micros("2024-03-22T05:17:00+00:00"),
        "deployment_id": "D-1",
        "reported_hours": number("18.92"),
        "reported_quarter": "2024-Q1",
        "link": "https://example.org/3",
        "note": "disk",
    },
    "activities": {
        "activity_id": "A-1",
        "happened_on": days("2024-01-05"),
        "happened_until": days("2024-01-06"),
        "kind": "business_trip",
        "project": "K-water",
        "site": "Taebaek",
        "title": "Visit",
        "title_ko": "방문",
        "hours": number("16"),
        "reported_quarter": "2024-Q1",
        "link": "https://example.org/4",
        "note": "cold",
    },
    "measurements": {
        "measurement_id": "M-1",
        "project": "K-water",
        "measure": "CPU usage",
        "measure_ko": "CPU 사용량",
        "unit": "%",
        "before": number("1330"),
        "after": number("160"),
        "better": "lower",
        "measured_on": days("2024-05-02"),
        "link": "https://example.org/5",
        "note": "tuned",
    },
    "targets": {
        "target_id": "G-1",
        "year": 2025,
        "quarter": "2025-Q1",
        "project": "K-water",
        "kpi": "blog_post",
        "title": "Blog posts",
        "title_ko": "블로그 글",
        "unit": "count",
        "target": number("24"),
        "near": number("20"),
        "better": "higher",
        "accepted_until": days("2025-06-30"),
        "note": "hard",
    },
}
TOML = {
    table: f"[[{table}]]\n"
    + "".join(
        f"{name} = {value}\n" if isinstance(value, date) else f'{name} = "{value}"\n'
        for name, value in {
            **facts,
            **{name: "2024-03-21 19:22" for name in facts if name == "started_at"},
            **{name: "2024-03-22T05:17:00Z" for name in facts if name == "recovered_at"},
        }.items()
    )
    for table, facts in FACTS.items()
}


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def parquet(facts):
    """Write a row as a data frame has it: days, instants and numbers."""
    instants = {name for name in facts if name.endswith("_at")}
    row = {
        name: datetime.fromtimestamp(value / 1_000_000, UTC) if name in instants else value
        for name, value in facts.items()
    }
    out = io.BytesIO()
    pl.DataFrame([row]).write_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize("table", FACTS)
def test_every_column_of_a_table_is_read_from_csv(ledger, table):
    ledger.write(f"{table}.csv", CSV[table])

    assert ledger.facts(table) == [{**FACTS[table], "file": f"{table}.csv"}]
    assert ledger.said() == []


@pytest.mark.parametrize("table", FACTS)
def test_toml_and_parquet_give_the_same_rows(ledger, table):
    ledger.write("ledger.toml", TOML[table])
    from_toml = ledger.facts(table)
    (ledger.folder / "ledger.toml").unlink()
    ledger.write(f"{table}.parquet", parquet(FACTS[table]))

    assert from_toml == [{**FACTS[table], "file": "ledger.toml"}]
    assert ledger.facts(table) == [{**FACTS[table], "file": f"{table}.parquet"}]
    assert ledger.said() == []


def test_a_ledger_reaches_the_store_with_the_envelope_of_every_record(ledger):
    for table, text in CSV.items():
        ledger.write(f"{table}.csv", text)
    expected = {f"ledger_{table}": 1 for table in CSV} | {"ledgers": 1}

    assert ledger.mine() == expected
    assert ledger.stored("ledgers", "source", "run_id", "name", "location", "time_zone") == [
        ("ledger#ledger", "run-1", "ledger", str(ledger.folder), "Asia/Seoul")
    ]
    assert ledger.stored("ledger_incidents", "source", "incident_id", "started_at", "file") == [
        ("ledger#ledger", "I-1", datetime(2024, 3, 21, 10, 22, tzinfo=UTC), "incidents.csv")
    ]
    assert ledger.stored("ledger_measurements", "before", "after", "measured_on") == [
        (number("1330"), number("160"), days("2024-05-02"))
    ]


MADE = [
    ("tasks", "project,title,planned_on\nK/W,50% done,2024-01-02\n", "K%2FW/50%25 done"),
    (
        "deployments",
        "project,site,planned_on,deployed_on\nK-water,site 01,2024-04-03,2024-04-05\n",
        "K-water/site 01/2024-04-03/1",
    ),
    ("deployments", "deployed_on,attempt\n2024-04-05,2\n", "//2024-04-05/2"),
    (
        "incidents",
        "service,started_at\nMyBox,2024-03-21T19:22:00+09:00\n",
        "/MyBox//2024-03-21T10:22Z",
    ),
    (
        "incidents",
        "service,reported_quarter,reported_hours\nMyBox,2024-Q2,0.75\n",
        "/MyBox//2024-Q2",
    ),
    ("activities", "date,kind,site\n2024-01-05,writing,home\n", "2024-01-05/writing//home/"),
    ("activities", "reported_quarter,kind\n2022-Q1,writing\n", "2022-Q1/writing///"),
    ("measurements", "project,measure,after\nK,latency,7\n", "K/latency/"),
    ("targets", "year,quarter,kpi,target\n2025,q2,lead time,10\n", "lead_time/2025-Q2/"),
    ("targets", "year,kpi,target\n2025,blog_post,24\n", "blog_post/2025/"),
]


@pytest.mark.parametrize(("table", "text", "made"), MADE, ids=[made for _, _, made in MADE])
def test_an_identifier_that_is_not_given_is_made_of_what_names_the_thing(ledger, table, text, made):
    ledger.write(f"{table}.csv", text)

    assert [key for _, key in ledger.read().rows] == [made]


def test_what_is_not_said_of_a_deployment_follows_from_its_days(ledger):
    ledger.write("deployments.csv", "id,planned,actual\nD-1,2024-04-03,\nD-2,,2024-04-04\n")

    assert [(row["status"], row["attempt"]) for row in ledger.facts("deployments")] == [
        ("planned", 1),
        ("succeeded", 1),
    ]


def test_rows_that_name_no_project_have_the_one_of_the_settings(tmp_path):
    ledger = Ledger(tmp_path, {"project": "web"})
    ledger.write("tasks.csv", "task,project,planned_on\nT-1,,2024-01-02\nT-2,app,2024-01-02\n")
    ledger.write("projects.csv", "project\nweb\n")

    assert [row["project"] for row in ledger.facts("tasks")] == ["web", "app"]
    assert ledger.facts("projects") == [{"project": "web", "file": "projects.csv"}]
