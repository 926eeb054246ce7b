"""A project on a GitLab of the tests, and its tracker."""

from __future__ import annotations

from contextlib import contextmanager

from miners.gitlab.tracker import GitlabTracker
from miners.tracker.address import TrackerSource
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.fake_gitlab import FakeGitlab, GitlabReply, open_api
from tests.support.fakes.gitlab_objects import facts

ROOT = "/projects/7"
EVENTS = ("resource_state_events", "resource_label_events", "resource_milestone_events")
FORBIDDEN = GitlabReply(403, {"message": "403 Forbidden"})


class NothingKnown:
    """A store in which nothing is, or some records by their keys."""

    def __init__(self, *keys):
        self.keys = keys

    def has(self, record, key):
        return f"{record}/{key}" in self.keys

    def live(self, record):
        return {key.removeprefix(f"{record}/") for key in self.keys if key.startswith(record)}


def add(server, segment, raw, **lists):
    path = f"{ROOT}/{segment}"
    server.lists.setdefault(path, []).append(raw)
    path = f"{path}/{raw['iid']}"
    server.objects[path] = raw
    names = ("notes", *EVENTS, *(() if segment == "issues" else ("commits",)))
    server.lists |= {f"{path}/{name}": lists.get(name, []) for name in names}
    if segment == "merge_requests":
        server.objects[f"{path}/approvals"] = {"approved_by": lists.get("approvals", [])}


def opened(server):
    """A tracker of which nothing was asked yet."""
    api = open_api(server)
    source = TrackerSource(id="a", name="app", host=api.guard.host, path="team/app", repository="r")
    return GitlabTracker(source, api)


def described(server):
    tracker = opened(server)
    tracker.describe()
    return tracker


def items(tracker, name, since=None):
    return [entry for page in tracker.items(name, since) for entry in page]


def detail(tracker, name):
    ((_, found),) = tracker.details(items(tracker, name), NothingKnown())
    return found


def rows(found, record):
    return [facts(row) for row in found.rows if row.record == record]


@contextmanager
def project():
    """Serve a project of one issue and one merge request, and nothing else."""
    with FakeGitlab() as running:
        running.objects |= {"/projects/team/app": objects.PROJECT, ROOT: objects.PROJECT}
        add(running, "issues", objects.ISSUE)
        add(running, "merge_requests", objects.MERGE_REQUEST)
        yield running
