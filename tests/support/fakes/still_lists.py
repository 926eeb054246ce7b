"""Cached lists of a replayed tracker that does not change."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import datetime
from functools import cached_property
from operator import itemgetter

COMMENTS = {"issues": "comments", "pulls": "review_comments"}
BY_UPDATES = {"sort": "updated", "direction": "asc"}


class StillLists:
    """The lists of a dataset of the replay server, as the server makes them."""

    def __init__(self, dataset):
        self._dataset = dataset
        self._comments = {}

    def find(self, path, query):
        """Give what the server lists from: the entries, the path, how to show one; or nothing."""
        if path.endswith("/issues/events"):
            return self._events, "/issues/events", _with_issue
        listed = re.search(r"/(issues|pulls)/comments$", path)
        if not (listed and query.items() >= BY_UPDATES.items()):
            return None
        comments = self._sorted_comments(listed[1])
        since = _seconds(query["since"]) if "since" in query else float("-inf")
        begins = bisect_left(comments, since, key=itemgetter(0))
        return comments[begins:], listed[0], itemgetter(2)

    @cached_property
    def _events(self):
        """List every event, the newest first."""
        found = [
            (event, self._dataset.view(version, "issue"))
            for version in self._dataset.current()
            for event in self._dataset.view(version, "events") or []
        ]
        return sorted(found, key=lambda listed: -listed[0]["id"])

    def _sorted_comments(self, of):
        if of not in self._comments:
            found = (
                (_seconds(comment["updated_at"]), comment["id"], comment)
                for version in self._dataset.current(pr=True if of == "pulls" else None)
                for comment in self._dataset.view(version, COMMENTS[of])
            )
            self._comments[of] = sorted(found, key=itemgetter(0, 1))
        return self._comments[of]


def _with_issue(listed):
    event, issue = listed
    return {**event, "issue": issue}


def _seconds(text):
    return datetime.fromisoformat(text).timestamp()
