"""Releases and incidents as literal rows of a tracker."""

from __future__ import annotations

from hashlib import sha1


def sha(name):
    return sha1(name.encode(), usedforsecurity=False).hexdigest()


def release(tracker, name, at, commit="old"):
    known = {
        "is_draft": False,
        "is_prerelease": False,
        "created_at": at,
        "released_at": at,
        "url": f"https://github.com/o/r/releases/{name}",
    }
    tracker.add("releases", release_id=name, tag_name=name, commit_hash=sha(commit), **known)


def incident(tracker, number, began, ended=None, cause="closed", labels=(), **facts):
    """Add an incident; the cause is the commit that closed it, if any."""
    facts |= {"created_at": began, "labels": ["incident", *labels]}
    if ended is None:
        return tracker.issue(number, **facts)
    told = {} if cause == "closed" else {"commit_hash": sha(cause)}
    return tracker.issue(number, ("closed", ended, told), state="closed", closed_at=ended, **facts)
