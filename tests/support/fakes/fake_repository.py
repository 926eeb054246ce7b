"""Repository of the fake GitHub: plain lists in the API's shapes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.fakes.fake_github import FakeGithub


def user(login):
    return {
        "login": login,
        "id": int.from_bytes(login.encode()[:7]),
        "type": "User",
        "site_admin": False,
    }


@dataclass
class FakeRepository:
    """What a repository holds; tests change it at will."""

    host: FakeGithub
    path: str
    number: int
    facts: dict = field(default_factory=dict)
    # The list of issues holds pull requests too, by number; then the pull requests' own facts.
    issues: dict = field(default_factory=dict)
    pulls: dict = field(default_factory=dict)
    timelines: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    comments: list = field(default_factory=list)
    review_comments: list = field(default_factory=list)
    milestones: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    releases: list = field(default_factory=list)
    deployments: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)
    runs: list = field(default_factory=list)
    # Responses in place of single issues that are deleted, by number.
    gone: dict = field(default_factory=dict)
    last_id: int = 0

    @property
    def url(self):
        return f"{self.host.url}/repos/{self.path}"

    @property
    def page(self):
        return f"https://github.example/{self.path}"

    def new_id(self):
        self.last_id += 1
        return self.number * 1_000_000 + self.last_id

    def issue(self, number, **facts):
        at = self.host.tick()
        self.issues[number] = {
            "id": self.new_id(),
            "number": number,
            "url": f"{self.url}/issues/{number}",
            "repository_url": self.url,
            "html_url": f"{self.page}/issues/{number}",
            "title": f"Issue {number}",
            "body": "It does not work.",
            "user": user("ada"),
            "state": "open",
            "state_reason": None,
            "labels": [],
            "assignees": [],
            "milestone": None,
            "locked": False,
            "type": None,
            "created_at": at,
            "updated_at": at,
            "closed_at": None,
            "closed_by": None,
        } | facts
        return self.issues[number]

    def pull(self, number, **facts):
        page = f"{self.page}/pull/{number}"
        stub = self.issue(number, html_url=page, pull_request={"html_url": page, "merged_at": None})
        self.pulls[number] = {
            "id": self.new_id(),
            "html_url": page,
            "draft": False,
            "base": {"ref": "main", "sha": "b" * 40},
            "head": {"ref": "topic", "sha": "c" * 40, "repo": {"full_name": "bob/orchard"}},
            "requested_reviewers": [],
            "merged_at": None,
            "merge_commit_sha": "d" * 40,
        } | facts
        self.timelines.setdefault(number, [])
        return stub

    def event(self, number, kind, **facts):
        """Let something happen to an issue or pull request."""
        issue = self.issues[number]
        issue["updated_at"] = at = self.host.tick()
        made = {"id": self.new_id(), "event": kind, "actor": user("bob"), "created_at": at} | facts
        self.timelines.setdefault(number, []).append(made)
        self.events.insert(0, made | {"issue": issue})
        return made

    def comment(self, number, **facts):
        at = self.host.tick()
        issue = self.issues[number]
        issue["updated_at"] = at
        made = {
            "id": self.new_id(),
            "html_url": f"{issue['html_url']}#issuecomment-1",
            "issue_url": f"{self.url}/issues/{number}",
            "user": user("bob"),
            "created_at": at,
            "updated_at": at,
        } | facts
        self.comments.append(made)
        return made

    def review_comment(self, number, **facts):
        made = self.comment(number, **facts)
        self.comments.remove(made)
        made["pull_request_url"] = f"{self.url}/pulls/{number}"
        made["pull_request_review_id"] = self.new_id()
        self.review_comments.append(made)
        return made

    def milestone(self, number=1, **facts):
        at = self.host.tick()
        times = {"created_at": at, "updated_at": at, "closed_at": None}
        due = {"due_on": "2024-09-30T07:00:00Z", "html_url": f"{self.page}/milestone/{number}"}
        named = {"id": self.new_id(), "number": number, "title": "v1", "state": "open"}
        self.milestones.append(named | times | due | facts)
        return self.milestones[-1]

    def release(self, **facts):
        at = self.host.tick()
        made = {"id": self.new_id(), "tag_name": "v1.0", "name": "First", "author": user("ada")}
        made |= {"draft": False, "prerelease": False, "created_at": at, "published_at": at}
        self.releases.insert(0, made | {"html_url": f"{self.page}/releases/v1.0"} | facts)
        return self.releases[0]

    def deployment(self, *states, **facts):
        at = self.host.tick()
        made = {"id": self.new_id(), "environment": "production", "ref": "main", "sha": "e" * 40}
        made |= {"creator": user("ada"), "created_at": at, "updated_at": at}
        self.deployments.insert(0, made | {"production_environment": True} | facts)
        for state in states:
            self.status(self.deployments[0], state)
        return self.deployments[0]

    def status(self, deployment, state):
        made = {"id": self.new_id(), "state": state, "created_at": self.host.tick()}
        deployment["updated_at"] = made["created_at"]
        self.statuses.setdefault(deployment["id"], []).insert(0, made)

    def run(self, status="completed", conclusion="success", **facts):
        at = self.host.tick()
        made = {"id": self.new_id(), "name": "CI", "event": "push", "head_branch": "main"}
        made |= {"head_sha": "e" * 40, "status": status, "conclusion": conclusion}
        made |= {"run_attempt": 1, "created_at": at, "run_started_at": at, "updated_at": at}
        self.runs.insert(0, made | {"html_url": f"{self.page}/actions/runs/1"} | facts)
        return self.runs[0]

    def delete(self, number):
        """Take an issue out of every list."""
        del self.issues[number]
        self.events = [made for made in self.events if not _is_of(made, number)]
        of = f"{self.url}/issues/{number}"
        self.comments = [made for made in self.comments if made["issue_url"] != of]

    def serve(self, path, query):
        """Answer for a path below the repository: an object, a list, a reply, or None."""
        lists = {
            "issues": lambda: _ordered([self._shown(n) for n in self.issues], query),
            "issues/events": lambda: self.events,
            "issues/comments": lambda: _ordered(self.comments, query),
            "pulls": lambda: _ordered([self._pull(n) for n in self.pulls], query),
            "pulls/comments": lambda: _ordered(self.review_comments, query),
            "milestones": lambda: self.milestones,
            "labels": lambda: self.labels,
            "releases": lambda: self.releases,
            "deployments": lambda: self.deployments,
            "actions/runs": lambda: self.runs,
        }
        if not path:
            return self._described()
        if path in lists:
            return {"list": lists[path](), "within": {"actions/runs": "workflow_runs"}.get(path)}
        return self._single(path)

    def _single(self, path):
        found = re.fullmatch(r"([a-z/]+)/(\d+)(?:/(\w+))?", path)
        if not found:
            return None
        kind, number, rest = found.groups()
        of = int(number)
        if kind == "issues" and of in self.gone:
            return self.gone[of]
        things = {
            "issues": lambda: self._shown(of) if of in self.issues else None,
            "pulls": lambda: self._pull(of) if of in self.pulls else None,
            "deployments": lambda: _with_id(self.deployments, of),
            "actions/runs": lambda: _with_id(self.runs, of),
        }
        made = things[kind]()
        return made if rest is None or made is None else {"list": self._part(kind, of, rest)}

    def _part(self, kind, of, rest):
        url = f"/{kind}/{of}"
        comments = self.comments if kind == "issues" else self.review_comments
        where = "issue_url" if kind == "issues" else "pull_request_url"
        return {
            "timeline": lambda: self.timelines.get(of, []),
            "events": lambda: [made for made in self.events if _is_of(made, of)],
            "comments": lambda: [made for made in comments if str(made.get(where)).endswith(url)],
            "statuses": lambda: self.statuses.get(of, []),
        }[rest]()

    def _shown(self, number):
        of = f"{self.url}/issues/{number}"
        count = sum(made.get("issue_url") == of for made in self.comments)
        return {"comments": count} | self.issues[number]

    def _pull(self, number):
        stub = dict(self.issues[number])
        stub.pop("pull_request", None)
        return stub | self.pulls[number]

    def _described(self):
        return {
            "id": self.number,
            "full_name": self.path,
            "url": self.url,
            "html_url": self.page,
            "default_branch": "main",
            "visibility": "public",
            "archived": False,
            "has_issues": True,
            "open_issues_count": sum(i.get("state") == "open" for i in self.issues.values()),
            "created_at": "2020-01-01T00:00:00Z",
        } | self.facts


def _ordered(entries, query):
    by = {"created": "created_at", "updated": "updated_at"}[query.get("sort", "created")]
    since = query.get("since", "")
    kept = [e for e in entries if not isinstance(e.get(by), str) or e[by] >= since]
    if query.get("state", "all") == "open":
        kept = [entry for entry in kept if entry["state"] == "open"]
    is_descending = query.get("direction", "desc") == "desc"
    return sorted(kept, key=lambda entry: str(entry.get(by)), reverse=is_descending)


def _with_id(entries, of):
    return next((entry for entry in entries if entry.get("id") == of), None)


def _is_of(event, number):
    issue = event.get("issue")
    return isinstance(issue, dict) and issue.get("number") == number
