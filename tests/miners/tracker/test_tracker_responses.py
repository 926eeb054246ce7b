"""Test the outcome of every response, and that failures keep nothing."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from types import SimpleNamespace

import pytest

import tests.miners.tracker
from miners import store
from miners.errors import RateLimited, SourceDenied, SourceUnavailable
from miners.tracker import http, writer
from tests.support.fakes.fake_github import GithubReply, GithubRequest, fake_github, message, moved
from tests.support.fakes.tracker_answers import EVERYWHERE, HTML, IN_ONE_PHASE, PHASES, SECONDARY
from tests.support.running.outcomes import error_of, rows, shows
from tests.support.running.tracker_homes import SOURCE, tracker_source


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


@pytest.fixture
def github():
    with fake_github() as fake:
        orchard = fake.repository()
        orchard.issue(1)
        orchard.issue(2)
        orchard.pull(3)
        fake.repository("bob/pears", 2).issue(1)
        yield SimpleNamespace(host=fake, orchard=orchard)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("row", "reply", "match", "tries"), EVERYWHERE)
def test_an_answer_ends_in_its_outcome(github, home, phase, row, reply, match, tries):
    check(github, home, phase, row, reply, match, tries)


@pytest.mark.parametrize(("phase", "row", "reply", "match", "tries"), IN_ONE_PHASE)
def test_an_answer_ends_in_the_outcome_of_its_phase(github, home, phase, row, reply, match, tries):
    check(github, home, phase, row, reply, match, tries)


def check(github, home, phase, row, reply, match, tries):
    """Mine in vain: nothing is kept, another source is mined, and so is this one later."""
    asked = fails_with(error_of(row), match, github, home, PHASES[phase], reply)
    assert asked == tries
    assert home.files() == []
    home.track(github.host, "bob/pears", id="bob")
    assert home.live("issues").keys() == {"1"}

    github.host.answer = lambda _: None
    home.track(github.host)
    assert home.live("issues").keys() == {"1", "2"}
    assert home.live("change_requests").keys() == {"3"}
    assert home.rejects() == {}
    assert home.deleted() == {}


@pytest.mark.parametrize("phase", PHASES)
def test_a_failure_in_a_later_mining_keeps_what_there_was(github, home, phase):
    home.track(github.host)
    for number in (1, 3):
        github.orchard.event(number, "closed")
    before = home.files()
    fails_with(SourceUnavailable, "4 times", github, home, PHASES[phase], HTML, run=1)
    assert home.files() == before

    github.host.answer = lambda _: None
    home.track(github.host, run=1)
    assert home.rows("item_events").height == 2


def fails_with(error, match, github, home, path, reply, run=0):
    """Answer one path so; return how often it was requested."""
    elsewhere = reply.headers.get("Location", "")
    of_fault = {path, elsewhere.removeprefix(github.host.url)}
    github.host.answer = lambda request: reply if request.path in of_fault else None
    github.host.log.clear()
    with pytest.raises(error, match=match) as caught:
        home.track(github.host, run=run)
    assert str(caught.value).startswith(f"the tracker of {SOURCE.removesuffix('#tracker')}: ")
    assert len(caught.value.remedy) > 10
    return sum(request.path in of_fault for request in github.host.log)


@shows("limit, with a time")
def test_a_limit_ends_by_the_clock_of_the_server(github, home):
    github.host.answer = lambda _: message(403, SECONDARY, Retry_After="90")
    with pytest.raises(RateLimited) as caught:
        home.track(github.host)
    assert caught.value.resets_at == github.host.now + timedelta(seconds=90)


@shows("limit, with a time")
def test_a_short_wait_is_taken_in_place(github, home):
    answers = iter([message(429, "Slow down", Retry_After="0")])
    github.host.answer = lambda _: next(answers, None)
    home.track(github.host)
    assert home.live("issues").keys() == {"1", "2"}


@shows("server failing", "no JSON", "another shape")
def test_a_failure_that_passes_leaves_no_trace(github, home):
    answers = iter([message(502), HTML, GithubReply(200, 5), None] * 10)
    github.host.answer = lambda _: next(answers, None)
    home.track(github.host)
    assert home.live("issues").keys() == {"1", "2"}
    assert home.live("change_requests").keys() == {"3"}


@shows("moved within the host")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_within_the_host_asks_the_same_question(github, home, status):
    for number in range(4, 200):
        github.orchard.issue(number, state="closed")
    serve = github.host.serve

    def answer(request):
        if request.path == PHASES["list"]:
            return moved("/issues/of/1", status)
        if request.path == "/issues/of/1":
            return serve(GithubRequest(PHASES["list"], request.query, request.headers))
        return None

    github.host.answer = answer
    home.track(github.host)
    assert len(home.live("issues")) == 198


@shows("item not there")
@pytest.mark.parametrize(("status", "fate"), [(404, "hidden"), (410, "deleted"), (451, "hidden")])
def test_a_change_request_that_vanishes_while_it_is_read_is_deleted(github, home, status, fate):
    home.track(github.host)
    github.orchard.event(3, "closed")
    paths = {PHASES["timeline"], "/repositories/1/issues/3"}
    github.host.answer = lambda request: message(status) if request.path in paths else None
    home.track(github.host, run=1)
    assert home.deleted() == {"change_requests/3": (fate, None)}


@shows("one record odd")
@pytest.mark.parametrize("path", [PHASES["timeline"], "/repositories/1/pulls/3"])
def test_a_change_request_that_is_there_and_cannot_be_read_is_rejected(github, home, path):
    github.orchard.pull(4)
    github.host.answer = lambda request: message(404) if request.path == path else None
    home.track(github.host)
    assert home.live("change_requests").keys() == {"4"}
    assert home.live("issues").keys() == {"1", "2"}
    assert home.rejects()["change_requests/3"]["reason"] == "a part of it is not there (status 404)"
    assert home.deleted() == {}

    github.host.answer = lambda _: None
    github.orchard.event(3, "closed")
    home.track(github.host, run=1)
    assert home.live("change_requests").keys() == {"3", "4"}


def test_an_event_list_too_long_to_be_paged_is_read_by_issue(github, home):
    github.orchard.event(1, "closed")
    github.orchard.event(2, "closed")
    path = "/repositories/1/issues/events"
    github.host.answer = lambda r: message(422, "Too deep") if r.path == path else None
    home.track(github.host)
    assert len(home.live("item_events")) == 2


def test_batches_finished_before_a_failure_are_kept_and_resumed_from(github, home, monkeypatch):
    monkeypatch.setattr(writer, "ITEMS_PER_BATCH", 1)
    for number in range(4, 304):
        github.orchard.issue(number)
    github.host.answer = lambda request: HTML if request.path.endswith("/issues/events") else None
    with pytest.raises(SourceUnavailable):
        home.track(github.host)
    finished = [batch.receipt for batch in store.batches(home.path / "store", SOURCE)]
    assert len(finished) >= 3
    assert all(receipt.is_partial for receipt in finished)
    assert len(home.live("issues")) == 302

    github.host.answer = lambda _: None
    github.host.log.clear()
    home.track(github.host, run=1)
    assert github.host.asked("/repositories/1/issues") <= 4
    assert home.rows("issues").height == 302


@shows("nothing listed")
def test_open_items_that_are_counted_and_not_listed_are_a_failure(github, home):
    path = PHASES["list"]
    github.host.answer = lambda request: GithubReply(200, []) if request.path == path else None
    with pytest.raises(SourceUnavailable, match="counts 3 open items and lists none"):
        home.track(github.host)
    assert home.files() == []


@shows("no token", "unusable token")
@pytest.mark.parametrize("token", [None, "", "ghp_a\n", "two words", "tökén", "a\0b", "\x7f"])
def test_without_a_usable_token_nothing_is_asked(github, home, token):
    with pytest.raises(SourceDenied, match=r"token for 127.0.0.1:.* entry names") as caught:
        home.track(github.host, token=token)
    assert not token or token not in str(caught.value)
    assert github.host.log == []


def test_every_row_of_the_page_is_shown_by_a_test_and_no_test_shows_another():
    shown = {case.values[0] for case in EVERYWHERE} | {row for _, row, *_ in IN_ONE_PHASE}
    for module in pkgutil.iter_modules(tests.miners.tracker.__path__):
        if module.name.startswith("test_tracker_"):
            found = vars(importlib.import_module(f"tests.miners.tracker.{module.name}")).values()
            shown |= {row for test in found for row in getattr(test, "shown_cases", ())}
    assert shown == rows().keys()


def test_a_source_shows_nothing_of_its_token():
    assert "ghp_" not in repr(tracker_source("https://github.example"))
