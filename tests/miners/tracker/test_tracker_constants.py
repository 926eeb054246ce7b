"""Test pauses, limits and sizes with their real constants."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from requests.adapters import HTTPAdapter

from miners.errors import RateLimited, SourceUnavailable
from miners.plan import MiningPlan
from miners.records import RECORDS
from miners.tracker import guard, http
from miners.tracker.kinds import KINDS
from miners.tracker.protocol import RecordRow
from miners.tracker.responses import limits_of
from miners.tracker.writer import TrackerWriter
from tests.support.fakes.fake_github import GithubReply, fake_github, message
from tests.support.git.repositories import HOST
from tests.support.running.tracker_homes import GITHUB, GITLAB

PATHS = {GITHUB: "/repos/ada/orchard", GITLAB: "/api/v4/projects/ada%2Forchard"}
# By kind: the first words of the headers of a limit, and the period that its number is for.
LIMITS = {GITHUB: ("X-RateLimit", timedelta(hours=1)), GITLAB: ("RateLimit", timedelta(minutes=1))}


@pytest.fixture
def github():
    with fake_github() as fake:
        fake.repository().issue(1)
        yield fake


@pytest.fixture
def waits(monkeypatch):
    """What is waited for, in seconds, without waiting."""
    waited = []
    monkeypatch.setattr(http.time, "sleep", waited.append)
    return waited


def fails(fake, home, kind, reply, error):
    """Answer every request so; return the error."""
    fake.answer = lambda _: reply
    fake.log.clear()
    api = fake.url if kind == GITHUB else f"{fake.url}/api/v4"
    with pytest.raises(error) as caught:
        home.track(fake, kind=kind, api=api)
    assert {request.path for request in fake.log} == {PATHS[kind]}
    return caught.value


@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
def test_a_failure_is_tried_four_times_with_longer_pauses(github, home, waits, kind):
    fails(github, home, kind, message(502), SourceUnavailable)
    assert (len(github.log), waits) == (4, [0.5, 2.0, 5.0])


def test_no_pause_is_longer_than_what_is_left_of_the_source(github, home, waits, monkeypatch):
    """The clock stands still: of a second the pause of half a second is taken, that of two not."""
    now = time.monotonic()
    monkeypatch.setattr(guard, "time", SimpleNamespace(monotonic=lambda: now))
    github.answer = lambda _: message(502)
    with pytest.raises(SourceUnavailable, match="2 times in a row"):
        home.track(github, timeout_seconds=1.0)
    assert waits == [0.5]


def test_a_first_mining_is_kept_every_two_hundred_and_fifty_items(github, home):
    """At the end of a page of a hundred, which begins with the last of the one before."""
    for number in range(2, 402):
        github.repositories["ada/orchard"].issue(number)
    receipts = home.track(github)
    assert [(one.rows("issues"), one.is_partial) for one in receipts] == [(298, True), (103, False)]


@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
def test_a_wait_of_five_seconds_is_taken_and_a_longer_one_is_not(github, home, waits, kind):
    fails(github, home, kind, message(429, Retry_After="5"), RateLimited)
    assert (len(github.log), waits) == (4, [5.0, 5.0, 5.0])
    waits.clear()
    error = fails(github, home, kind, message(429, Retry_After="6"), RateLimited)
    assert (len(github.log), waits) == (1, [])
    assert error.resets_at - github.now == timedelta(seconds=6)


@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
def test_a_limit_without_a_time_rests_for_a_minute(github, home, waits, kind):
    error = fails(github, home, kind, message(429), RateLimited)
    assert (error.resets_at - github.now, waits) == (timedelta(seconds=60), [])


@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
def test_a_limit_is_read_from_the_headers_of_its_kind(github, home, waits, kind):
    """With the headers of the other kind, a refusal is one and no limit."""
    prefix, window = LIMITS[kind]
    resets_at = github.now + timedelta(minutes=50)
    headers = {f"{prefix}-Remaining": 0, f"{prefix}-Reset": int(resets_at.timestamp())}
    error = fails(github, home, kind, GithubReply(403, {"message": "No"}, headers), RateLimited)
    assert (error.resets_at, waits) == (resets_at, [])
    stated = {f"{prefix}-{name}": "600" for name in ("Remaining", "Reset", "Limit")}
    limits = limits_of(stated, KINDS[kind].headers)
    assert (limits.left, limits.per_hour) == (600, 600 * (timedelta(hours=1) // window))
    other = next(name for name in LIMITS if name != kind)
    assert limits_of(stated, KINDS[other].headers) is None


def test_a_request_has_a_minute_and_half_of_it_for_a_silence(github, home, monkeypatch):
    seconds, silences, deadline, send = [], [], guard.deadline, HTTPAdapter.send

    def within(given):
        seconds.append(given)
        return deadline(given)

    def sent(*request, **options):
        silences.append(options["timeout"])
        return send(*request, **options)

    monkeypatch.setattr(guard, "deadline", within)
    monkeypatch.setattr(HTTPAdapter, "send", sent)
    home.track(github)
    assert seconds == [60.0] * len(github.log)
    assert silences == [30.0] * len(github.log)


@pytest.mark.parametrize(
    ("items", "are_partial", "deleted", "pages"),
    [(249, [False], 49, 2), (250, [True, False], 50, 1)],
)
def test_a_batch_has_250_items_and_a_night_checks_two_pages_or_fifty_items(
    github, orchard, home, items, are_partial, deleted, pages
):
    for number in range(2, items + 1):
        orchard.issue(number)

    def checked_pages(run):
        github.log.clear()
        batches = home.track(github, run=run)
        return sum(r.query.get("sort") == "created" for r in github.log), batches

    checked, batches = checked_pages(0)
    assert (checked, [batch.is_partial for batch in batches]) == (2, are_partial)
    # The third page ends the list: the next night begins again.
    assert checked_pages(1)[0] == 1
    for number in range(2, 2 + deleted):
        orchard.delete(number)
        orchard.gone[number] = message(410)
    assert checked_pages(2)[0] == pages
    assert len(home.deleted()) == deleted


def test_a_batch_has_20_000_rows(tmp_path):
    plan = MiningPlan(
        store=tmp_path / "store",
        mirrors=tmp_path,
        run_id="run",
        observed_at=datetime(2024, 1, 1, tzinfo=UTC),
        host=HOST,
    )
    width = len(RECORDS["comments"].fields)

    def add(number):
        values = ("issue", number, *[None] * (width - 2))
        writer.add(RecordRow(record="comments", key=f"issue/{number}", values=values))

    with TrackerWriter("host/o/r#tracker", plan) as writer:
        for number in range(19_999):
            add(str(number))
        writer.checkpoint({})
        assert writer.receipts == []
        add("the last")
        writer.checkpoint({})
        assert [receipt.rows("comments") for receipt in writer.receipts] == [20_000]
        writer.finish({})
