"""Test the estimate of a run: requests by host, text and JSON."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from flows.cli.plan import print_estimate, size
from flows.run.estimate import (
    GIT,
    TRACKER,
    HostCost,
    RunEstimate,
    SourceCost,
    host_costs,
    wait_for_limits,
)
from flows.settings.settings import SettingsError

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
IN_20_MINUTES = NOW + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("requests", "left", "per_hour", "resets_at", "minutes"),
    [
        (0, 0, 5000, IN_20_MINUTES, 0),
        (400, 400, 5000, IN_20_MINUTES, 0),
        (401, 400, 5000, IN_20_MINUTES, 20),
        (5400, 400, 5000, IN_20_MINUTES, 20),
        (5401, 400, 5000, IN_20_MINUTES, 80),
        (25_000, 0, 5000, IN_20_MINUTES, 20 + 4 * 60),
        (9999, None, None, None, 0),
        (500, 400, None, None, 60),
        (500, 400, 5000, NOW - timedelta(minutes=1), 0),
    ],
)
def test_how_long_an_hourly_limit_delays_a_number_of_requests(
    requests, left, per_hour, resets_at, minutes
):
    cost = SourceCost(
        source="h",
        name="h",
        kind=TRACKER,
        requests_left=left,
        per_hour=per_hour,
        resets_at=resets_at,
    )
    assert wait_for_limits(cost, requests, NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("requests", "seconds"), [(1000, 0), (1001, 40), (3000, 40), (3001, 100), (10_000, 280)]
)
def test_how_long_a_limit_by_the_minute_delays_a_number_of_requests(requests, seconds):
    cost = SourceCost(
        source="h",
        name="h",
        kind=TRACKER,
        requests_left=1000,
        per_hour=2000 * 60,
        resets_at=NOW + timedelta(seconds=40),
        window=timedelta(minutes=1),
    )
    assert wait_for_limits(cost, requests, NOW) == timedelta(seconds=seconds)


def tracker(name, host, requests, left, **facts):
    return SourceCost(
        source=f"{host}/{name}#tracker",
        name=f"{name} tracker",
        kind=TRACKER,
        host=host,
        requests=requests,
        requests_left=left,
        per_hour=5000 if left is not None else None,
        resets_at=IN_20_MINUTES if left is not None else None,
        **facts,
    )


def test_trackers_of_one_host_share_its_limit():
    costs = host_costs(
        [
            SourceCost(source="h/git", name="git", kind=GIT),
            tracker("a", "one.example", 300, 410),
            tracker("b", "one.example", 200, 400),
            tracker("c", "two.example", 70, None),
        ],
        NOW,
    )
    assert costs == (
        HostCost(
            host="one.example",
            requests=500,
            requests_left=400,
            per_hour=5000,
            wait=timedelta(minutes=20),
        ),
        HostCost(
            host="two.example", requests=70, requests_left=None, per_hour=None, wait=timedelta()
        ),
    )


FAILED = SourceCost(source="h/x", name="x", kind="", problem="gone", remedy="Correct the address")
ESTIMATE = RunEstimate(
    (
        SourceCost(source="h/git", name="git", kind=GIT, is_first=True),
        tracker("a", "one.example", 5500, 400, is_first=True, bytes=3 << 20),
        tracker("c", "two.example", 70, None, bytes=100),
        FAILED,
    ),
    (
        HostCost(
            host="one.example",
            requests=5500,
            requests_left=400,
            per_hour=5000,
            wait=timedelta(minutes=80),
        ),
        HostCost(
            host="two.example", requests=70, requests_left=None, per_hour=None, wait=timedelta()
        ),
    ),
    ("gitlab.com: 1 tracker skipped for lack of a token. Put one into $GITLAB_TOKEN.",),
)


def printed(estimate, form="table"):
    terminal = Console(file=io.StringIO(), width=120)
    print_estimate(terminal, estimate, form)
    return terminal.file.getvalue()


IN_ALL = (
    "Total: sources 4, requests 5,570 (the limit delays it by 1.3 h), disk for trackers 3 MiB. "
    "Nothing was written."
)


def test_a_plan_in_words():
    lines = [" ".join(line.split()) for line in printed(ESTIMATE).splitlines()]
    assert [line for line in lines if line and "─" not in line] == [
        "A run would read",
        "source kind requests disk scope",
        "git Git all, for the first time",
        "a tracker tracker 5,500 3 MiB all, for the first time",
        "c tracker tracker 70 100 B what is new",
        "x - - cannot be read",
        "h/x: gone. Correct the address.",
        "one.example: 5,500 requests, 400 of 5,000 an hour left; the limit delays it by 1.3 h",
        "two.example: 70 requests, no limit stated; within the limit",
        "gitlab.com: 1 tracker skipped for lack of a token. Put one into $GITLAB_TOKEN.",
        IN_ALL,
    ]


def test_a_plan_for_programs():
    facts = json.loads(printed(ESTIMATE, "json"))
    assert (facts["requests"], facts["wait"], facts["bytes"]) == (5570, 4800.0, (3 << 20) + 100)
    assert facts["sources"][1]["resets_at"] == IN_20_MINUTES.isoformat()
    assert facts["hosts"][0]["wait"] == 4800.0
    assert facts["notes"] == list(ESTIMATE.notes)


def test_a_plan_of_nothing_and_one_in_an_unknown_form():
    assert printed(RunEstimate((), (), ())).startswith("Total: sources 0, requests 0, disk")
    with pytest.raises(SettingsError, match=r"unknown value 'xml'\. Use table or json"):
        printed(ESTIMATE, "xml")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (5 << 30, "5 GiB"), (5 << 40, "5120 GiB")],
)
def test_sizes_are_said_as_people_do(count, said):
    assert size(count) == said
