"""Test late entries and growing pages of lists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from miners.tracker import deletions
from tests.support.fakes.fake_github import FakeGithub


def stamp(github, seconds):
    """Write the instant some seconds before the host's clock."""
    return (github.now - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def no_deletion_check(monkeypatch):
    """Read the lists of changes alone: the check for deletions would find the items as well."""
    monkeypatch.setattr(deletions, "PAGES_PER_MINING", 0)


@pytest.mark.usefixtures("no_deletion_check")
def test_an_issue_and_a_comment_that_appear_two_minutes_late_are_read(github, orchard, home):
    orchard.issue(1)
    orchard.comment(1)
    home.track(github)
    orchard.issue(2, updated_at=stamp(github, 120))
    orchard.comments.append(orchard.comments[0] | {"id": 7, "updated_at": stamp(github, 120)})
    home.track(github, run=1)
    assert home.live("issues").keys() == {"1", "2"}
    assert home.live("comments").keys() >= {"comment/7"}


@pytest.mark.usefixtures("no_deletion_check")
@pytest.mark.parametrize("count", [100, 200])
def test_a_full_last_page_that_is_unchanged_hides_nothing_after_it(
    github, orchard, home, monkeypatch, count
):
    """GitHub's ETag is of the entries alone, so that a full page stays the same."""
    serve = FakeGithub._tagged
    monkeypatch.setattr(
        FakeGithub,
        "_tagged",
        lambda fake, request, body, headers: _untagged(serve(fake, request, body, {}), headers),
    )
    for number in range(1, count + 1):
        orchard.labels.append({"id": number, "name": f"label {number}", "color": "0" * 6})
        orchard.issue(number)
    # What changed within two minutes before a poll is listed again without condition.
    github.tick(60)
    home.track(github)
    orchard.labels.append({"id": 999, "name": "one more", "color": "0" * 6})
    orchard.issue(999)
    home.track(github, run=1)
    assert len(home.live("labels")) == count + 1
    assert "999" in home.live("issues")


def _untagged(reply, headers):
    reply.headers.update(headers)
    return reply
