"""Expected landings of change requests that their tracker calls closed."""

from __future__ import annotations

import re
from functools import cache

from tests.support.expected.kpi_truth_tracker import second

HOUR, DAY = 3600, 86400
_LINE = re.compile(
    r"(?im)^(?:pr-url|pull[ -]request(?: resolved)?|copybara_integrate_review|part-of"
    r"|(?:this )?(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?))[:= ]+<?"
    r"(?:(?:https?://[^\s/]+/)?([\w.-]+/[\w.-]+))?(?:/pull/|#|!)(\d{1,9})\b"
)
_OF_MERGE = re.compile(r"Merge (?:pull request |merge request )?([\w.-]+(?:/[\w.-]+)+)?[#!](\d+)\b")
_MARKS = re.compile(r"^\[[^\]]*\]\s*(?:-\s*)?|\s*\([#!]\d+\)$")


def path_of(raw):
    """Name the repository of a pull request."""
    return raw["html_url"].split("/pull")[0].removeprefix("https://github.com/").lower()


def brought_by_merged(items):
    """Say of the commits that requests called merged brought since when they are theirs."""
    found = {}
    for item in items:
        mergings = [e["commit_id"] for e in item.events if e["event"] == "merged"]
        if not mergings and not item.raw.get("merged_at"):
            continue
        for name in (*mergings, item.raw["merge_commit_sha"]):
            found[name] = 0
        for event in item.events:
            if event["event"] == "committed":
                name = event["sha"]
                found[name] = min(item.opened, found.get(name, item.opened))
    return found


def landed_although_closed(item, history, repository, brought):
    """Name the commit that landed a closed request and since when; None if nothing says so."""
    if item.raw["state"] != "closed":
        return None
    closed_at = second(item.raw["closed_at"])
    for claims in _claims(item, history, repository, closed_at):
        found = [
            (abs(commit.committed - closed_at), commit.name)
            for commit in claims
            if _may_land(commit, item, history, closed_at)
            and brought.get(commit.name, closed_at + 1) > closed_at
        ]
        if found:
            commit = history.commits[min(found)[1]]
            return commit.name, max(closed_at, commit.committed)
    return None


def _may_land(commit, item, history, closed_at):
    has_changed = len(commit.parents) > 1 or commit.files
    is_own = commit.name not in history.imported
    in_time = item.opened - DAY <= commit.committed <= closed_at + DAY
    return commit.name in history.landed and is_own and has_changed and in_time


def _claims(item, history, repository, closed_at):
    """Yield the commits that something says landed it, the best claim first."""
    commits = list(history.commits.values())
    closings = [e for e in item.events if e["event"] == "closed" and e.get("commit_id")]
    named = [history.commits[e["commit_id"]] for e in closings if e["commit_id"] in history.commits]
    yield named[-1:]
    yield _naming(history, repository).get(item.number, [])
    own = [e for e in item.events if e["event"] == "committed"]
    if own:
        author = own[-1]["author"]
        key = (author["email"], second(author["date"]))
        yield [c for c in commits if (c.author[1], c.authored) == key]
    head = history.commits.get(item.raw["head"]["sha"])
    yield [
        c
        for c in commits
        if head and c.tree == head.tree and c.name != head.name and c.committed >= head.committed
    ]
    title = _plain(_MARKS.sub("", item.raw["title"]))
    near = [c for c in commits if abs(c.committed - closed_at) <= HOUR]
    subject = re.compile(r"\s*\([#!]\d+\)$")
    yield [c for c in near if title and _plain(subject.sub("", c.subject)) == title]


def _plain(text):
    return text.strip(" ").lower()


@cache
def _naming(history, repository):
    """List the commits that name each request, in the order of the history."""
    found = {}
    for commit in history.commits.values():
        for number in dict.fromkeys(_numbers(commit, history, repository)):
            found.setdefault(number, []).append(commit)
    return found


def _numbers(commit, history, repository):
    found = [(m[1], int(m[2])) for m in _LINE.finditer(commit.body)]
    if commit.name in history.chain:
        if len(commit.parents) > 1:
            found += [(m[1], int(m[2])) for m in [_OF_MERGE.match(commit.subject)] if m]
        elif m := re.search(r"\([#!](\d{1,9})\)$", commit.subject):
            found.append((None, int(m[1])))
    return [number for path, number in found if (path or repository).lower() == repository]
