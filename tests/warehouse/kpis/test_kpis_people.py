"""Test KPIs on the authors of commits."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import (
    ANN,
    BOB,
    ROBOT,
    HistoryRows,
    builder,
    evidence,
    figures,
)
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=(
        "active_contributors",
        "ai_agent_share",
        "bot_share",
        "commits",
        "contributor_absence_factor",
        "lines_changed",
    ),
)

CYD, DEE = ("Cyd", "cyd@example.org"), ("Dee", "dee@example.org")
CLAUDE = ("Claude", "noreply@anthropic.com")
HELPED = ("Co-authored-by", "Claude <noreply@anthropic.com>")
RULES = (rule("left_out_authors", "bot"), rule("left_out_authors", "ai_agent"))
CONTEXT = Context(
    projects=(Project(name="p", title="p", sources=("host/one", "host/two"), rules=RULES),),
    identity_rules=(IdentityRule("ai_agent", "claude"), IdentityRule("bot", "robot@")),
)
Q1, Q2 = "2024-Q1", "2024-Q2"
# Who wrote how many commits in the first quarter, of one line each, and in the second.
FIRST = ((ANN, 4), (BOB, 2), (CYD, 2), (DEE, 1), (ROBOT, 3), (CLAUDE, 2))
SECOND = ((ANN, 2), (BOB, 1), (CYD, 1))


def wrote(history, month, *counts):
    """Let people commit one line each time, on top of what there is."""
    for who, count in counts:
        for number in range(count):
            parents = (history.head,) if history.head else ()
            name = f"{month}-{who[0]}-{number}"
            files = [("a", 1, 0)]
            history.commit(name, *parents, at=f"2024-{month}-10T00:00", by=who, files=files)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("people")
    one, two = HistoryRows(), HistoryRows(source="host/two")
    wrote(one, "02", *FIRST)
    one.commit("helped", one.head, at="2024-02-11T00:00", by=BOB, trailers=[HELPED])
    one.commit("merge", one.head, "02-Ann-0", at="2024-02-12T00:00", by=DEE)
    wrote(one, "05", *SECOND)
    wrote(two, "03", (ANN, 1))
    for history in (one, two):
        history.found(store)
    with build(store, CONTEXT) as connection:
        yield connection


def people(connection, kpi, *columns):
    """Read what a KPI considered in the first quarter, by the repository and the person."""
    rows = evidence(connection, kpi, "p", "source", *columns)
    return {
        (source, subject.partition("@")[0]): (why, *rest)
        for subject, quarter, why, _, source, *rest in rows
        if quarter == Q1
    }


def of(one, two):
    """Say what of each repository is expected: by person in the first, of Ann in the second."""
    return {("host/one", name): row for name, row in one.items()} | {("host/two", "ann"): two}


# Commits that are no merges, by person.
COUNTS = {"ann": 4, "bob": 3, "cyd": 2, "dee": 1, "robot": 3, "noreply": 2}
LEFT_OUT = {"robot": "bot", "noreply": "ai_agent"}


@pytest.mark.parametrize("kpi", ["active_contributors", "contributor_absence_factor"])
def test_bots_and_ai_agents_are_no_contributors(built, kpi):
    one = {name: (LEFT_OUT.get(name, "counted"), count) for name, count in COUNTS.items()}

    assert people(built, kpi, "value") == of(one, ("counted", 1))


def test_a_person_counts_once_in_several_repositories(built):
    quarters = [Q1, Q2, "2024-Q3"]

    assert [row[0] for row in figures(built, "active_contributors", "p", quarters)] == [4, 3, 0]
    assert by_source(built, "active_contributors") == [("*", 4), ("host/one", 4), ("host/two", 1)]


def test_half_of_the_commits_were_written_by_so_few(built):
    """Ann wrote 5 of 11, which is less than half; then 2 of 4; then nobody wrote any."""
    found = figures(built, "contributor_absence_factor", "p", [Q1, Q2, "2024-Q3"])

    assert [value for value, *_ in found] == [2, 1, None]
    assert by_source(built, "contributor_absence_factor") == [
        *(("*", 2), ("host/one", 2), ("host/two", 1)),
    ]


def by_source(connection, kpi):
    return connection.execute(
        "select source, value from marts.kpi_quarterly "
        "where kpi = $1 and project = 'p' and quarter = $2 order by source",
        [kpi, Q1],
    ).fetchall()


def test_the_shares_of_bots_and_ai_agents(built):
    """Of 16 commits bots wrote 3; AI agents wrote 2, and helped to write 1."""
    bots = {name: ("counted", 3 * (name == "robot"), n) for name, n in COUNTS.items()}
    agents = {"noreply": 2, "bob": 1}
    helped = {name: ("counted", agents.get(name, 0), n) for name, n in COUNTS.items()}
    columns = ("numerator", "denominator")

    assert people(built, "bot_share", *columns) == of(bots, ("counted", 0, 1))
    assert people(built, "ai_agent_share", *columns) == of(helped, ("counted", 0, 1))
    assert figures(built, "bot_share", "p") == [(3 / 16, 7, 0, 1)]
    assert figures(built, "ai_agent_share", "p") == [(3 / 16, 7, 0, 1)]
    assert figures(built, "bot_share", "p", [Q2, "2024-Q3"]) == [(0, 3, 0, 1), (None, 0, 0, None)]


def test_commits_and_lines_are_those_of_people_and_of_no_merge(built):
    rows = evidence(built, "commits", "p")
    reasons = [why for _, quarter, why, _ in rows if quarter == Q1]

    assert {why: reasons.count(why) for why in reasons} == {
        "counted": 11,
        "bot": 3,
        "ai_agent": 2,
        "merge": 1,
    }
    assert figures(built, "commits", "p", [Q1, "2024-Q3"]) == [(11, 11, 6, 1), (0, 0, 0, None)]
    # The commit that an AI agent helped with has no lines.
    assert figures(built, "lines_changed", "p", [Q1, Q2]) == [(10, 11, 6, 1), (4, 4, 0, 1)]
