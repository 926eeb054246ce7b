"""Who did it, by what GitLab says of its accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from miners.tracker.fields import (
    BOT,
    GHOST,
    PERSON,
    encodable,
    flag,
    malformed,
    names,
    part,
    parts,
    text,
)

if TYPE_CHECKING:
    from miners.tracker.fields import Raw

# Accounts that GitLab makes for tokens, service accounts and its own workings; a list of users
# seldom says "bot" itself. Source: docs.gitlab.com/administration/internal_users
_BOTS = re.compile(
    r"(?:project|group)_\d+_bot.*|service_account(?:_group_\d+|_project_\d+)?_[0-9a-f]{16,}"
    r"|(?:gitlab-)?(?:admin|alert|automation|migration|security|support|visual-review)-bot\d*",
    re.IGNORECASE,
)


def account(raw: Raw, name: str, role: str) -> dict[str, str]:
    """Say who it was and what that account is; GitLab may give no account, or its ghost."""
    user = part(raw, name)
    login = text(user, "username") or GHOST
    if login == GHOST:
        kind = GHOST
    else:
        kind = BOT if flag(user, "bot") or _BOTS.fullmatch(login) else PERSON
    return {f"{role}_login": login, f"{role}_kind": kind}


def login(raw: Raw, name: str) -> str | None:
    """Say who it was where that is stated, and None where it is not."""
    return text(part(raw, name), "username")


def logins(raw: Raw, name: str) -> str:
    """Name all accounts of a list, as JSON."""
    return names(text(user, "username") for user in parts(raw, name))


def assignees(raw: Raw) -> str:
    """Name who it is assigned to; servers before GitLab 9 know one only."""
    return logins(raw, "assignees") if "assignees" in raw else names([login(raw, "assignee")])


def label_names(raw: Raw) -> str:
    """Name the labels of an item, which stand there as texts."""
    values = raw.get("labels") or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise malformed(raw, "labels is no list of texts")
    return names(map(encodable, values))
