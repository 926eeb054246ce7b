"""The deadlines of requests over http: one thread keeps them all."""

from __future__ import annotations

import threading
import time

import pytest
import requests

from miners.web import DeadlineAdapter, deadline
from tests.support.fakes.fake_github import fake_github


def test_requests_one_after_the_other_are_watched_by_one_thread():
    watching = []
    for _ in range(20):
        with deadline(60):
            watching.append(set(threading.enumerate()))

    assert len(watching[0]) > 1
    assert watching == watching[:1] * 20


def test_a_deadline_before_the_one_that_is_waited_for_is_kept():
    with deadline(60):
        pass
    with (
        pytest.raises(TimeoutError, match=r"^no complete response within 0\.1 seconds$"),
        deadline(0.1),
    ):
        time.sleep(0.3)


def test_of_two_requests_at_once_each_has_its_own_deadline():
    ended = []

    def ask(seconds):
        try:
            with deadline(seconds):
                time.sleep(0.3)
            ended.append((seconds, "in time"))
        except TimeoutError:
            ended.append((seconds, "late"))

    threads = [threading.Thread(target=ask, args=[seconds]) for seconds in (60, 0.1, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == [(0.1, "late"), (30, "in time"), (60, "in time")]


def test_a_connection_outlives_the_deadline_of_a_request_that_ended_in_time():
    with fake_github() as github, requests.Session() as session:
        github.repository()
        session.mount("http://", DeadlineAdapter())
        for _ in range(2):
            with deadline(1):
                session.get(f"{github.url}/repos/ada/orchard", timeout=60)
            time.sleep(1.1)

        assert len({request.headers[":port"] for request in github.log}) == 1
        assert len(github.log) == 2
