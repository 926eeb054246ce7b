"""Sample GitLab objects, one of each kind, and their rows."""

from __future__ import annotations

from datetime import UTC, datetime

from miners.gitlab.events import Owner
from miners.records import RECORDS

ANN = {"id": 1, "username": "ann", "name": "Ann", "state": "active", "web_url": "https://h/ann"}
BOB = ANN | {"id": 2, "username": "bob"}
HASH = "a" * 40

PROJECT = {
    "id": 7,
    "path_with_namespace": "team/app",
    "web_url": "https://h/team/app",
    "default_branch": "main",
    "visibility": "private",
    "archived": False,
    "issues_enabled": True,
    "merge_requests_enabled": True,
    "created_at": "2024-01-01T00:00:00.000Z",
    "open_issues_count": 1,
}
MILESTONE = {
    "id": 31,
    "iid": 3,
    "project_id": 7,
    "title": "One",
    "state": "active",
    "created_at": "2024-01-01T00:00:00.000Z",
    "updated_at": "2024-01-02T00:00:00.000Z",
    "start_date": "2024-01-01",
    "due_date": "2024-02-01",
    "web_url": "https://h/team/app/-/milestones/3",
}
_ITEM = {
    "project_id": 7,
    "title": "A title",
    "description": "A body",
    "created_at": "2024-01-01T00:00:00.000Z",
    "author": ANN,
    "assignees": [BOB],
    "assignee": BOB,
    "labels": ["bug", "api"],
    "milestone": MILESTONE,
    "user_notes_count": 2,
    "discussion_locked": None,
}
ISSUE = _ITEM | {
    "id": 1005,
    "iid": 5,
    "state": "closed",
    "updated_at": "2024-01-03T00:00:00.000Z",
    "closed_at": "2024-01-03T00:00:00.000Z",
    "closed_by": BOB,
    "issue_type": "issue",
    "confidential": True,
    "moved_to_id": None,
    "web_url": "https://h/team/app/-/issues/5",
    "_links": {"self": "https://h/api/v4/projects/7/issues/5", "closed_as_duplicate_of": None},
}
MERGE_REQUEST = _ITEM | {
    "id": 2009,
    "iid": 9,
    "state": "merged",
    "updated_at": "2024-01-05T00:00:00.000Z",
    "merged_at": "2024-01-05T00:00:00.000Z",
    "merge_user": BOB,
    "merged_by": BOB,
    "closed_at": None,
    "closed_by": None,
    "prepared_at": "2024-01-01T00:00:01.000Z",
    "reviewers": [BOB],
    "draft": False,
    "work_in_progress": False,
    "target_branch": "main",
    "source_branch": "topic",
    "source_project_id": 7,
    "target_project_id": 7,
    "diff_refs": {"base_sha": "b" * 40},
    "sha": HASH,
    "merge_commit_sha": "c" * 40,
    "squash_commit_sha": None,
    "web_url": "https://h/team/app/-/merge_requests/9",
}
STATE_EVENT = {
    "id": 12,
    "user": BOB,
    "created_at": "2024-01-03T00:00:00.000Z",
    "resource_type": "Issue",
    "resource_id": 1005,
    "source_commit": HASH,
    "source_merge_request_id": 2009,
    "state": "closed",
}
LABEL_EVENT = {
    "id": 5,
    "user": ANN,
    "created_at": "2024-01-02T00:00:00.000Z",
    "label": {"id": 1, "name": "bug", "color": "#f00000"},
    "action": "add",
}
MILESTONE_EVENT = {
    "id": 7,
    "user": ANN,
    "created_at": "2024-01-02T00:00:00.000Z",
    "milestone": MILESTONE,
    "action": "remove",
    "state": "opened",
}
NOTE = {
    "id": 9,
    "type": None,
    "body": "Looks good",
    "author": BOB,
    "created_at": "2024-01-02T00:00:00.000Z",
    "updated_at": "2024-01-02T00:00:01.000Z",
    "system": False,
}
SYSTEM_NOTE = NOTE | {"id": 10, "system": True, "body": "assigned to @bob"}
APPROVAL = {"user": BOB, "approved_at": "2024-01-04T00:00:00.000Z"}
COMMIT = {
    "id": HASH,
    "author_name": "Ann",
    "author_email": "ann@example.org",
    "authored_date": "2024-01-01T02:00:00.000+02:00",
    "committed_date": "2024-01-01T01:00:00.000Z",
}
LABEL = {"id": 1, "name": "bug", "description": "Broken", "color": "#F00000"}
RELEASE = {
    "tag_name": "v1",
    "name": "One",
    "author": ANN,
    "commit": {"id": HASH},
    "created_at": "2024-01-01T00:00:00.000Z",
    "released_at": "2024-01-02T00:00:00.000Z",
    "_links": {"self": "https://h/team/app/-/releases/v1"},
}
DEPLOYMENT = {
    "id": 41,
    "iid": 1,
    "ref": "main",
    "sha": HASH,
    "created_at": "2024-01-01T00:00:00.000Z",
    "updated_at": "2024-01-01T00:10:00.000Z",
    "user": ANN,
    "environment": {"id": 1, "name": "live", "tier": "production"},
    "deployable": {"id": 3, "finished_at": "2024-01-01T00:05:00.000Z"},
    "status": "success",
}
PIPELINE = {
    "id": 51,
    "iid": 1,
    "sha": HASH,
    "ref": "main",
    "status": "success",
    "source": "push",
    "name": "Build",
    "created_at": "2024-01-01T00:00:00.000Z",
    "started_at": None,
    "updated_at": "2024-01-01T00:10:00.000Z",
    "web_url": "https://h/team/app/-/pipelines/51",
}
TYPES = {"varchar": str, "bigint": int, "timestamptz": int, "boolean": bool, "blob": bytes}


def owner(kind, *, is_kept=True):
    """The issue or merge request that the objects here belong to."""
    return Owner(kind, {"issue": 5, "change_request": 9}[kind], is_kept)


def facts(found):
    """A row by the names of its fields, without its payload and what is null."""
    names = [field.name for field in RECORDS[found.record].fields]
    named = dict(zip(names, found.values, strict=True))
    return {n: v for n, v in named.items() if v is not None and n != "payload"}


def at(text):
    """An instant as rows hold it."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000) * 1_000


def assert_fits(found):
    """Each value is of its column's type, and its text can be written."""
    for field, value in zip(RECORDS[found.record].fields, found.values, strict=True):
        assert value is None or type(value) is TYPES[field.type], field.name
        assert not isinstance(value, str) or value.encode() is not None, field.name
