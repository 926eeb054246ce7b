"""Accounts of GitLab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from miners.gitlab.automation import AUTOMATION
from miners.tracker.fields import (
    BOT,
    GHOST,
    PERSON,
    encodable,
    flag,
    malformed,
    names,
    optional_identifier,
    part,
    parts,
    text,
)

if TYPE_CHECKING:
    from miners.tracker.fields import Raw

# Lists of users seldom state "bot".
_BOTS = re.compile("|".join(AUTOMATION), re.IGNORECASE)


def account(raw: Raw, name: str, role: str) -> dict[str, str | None]:
    """Return login, identifier and kind of an account; GitLab may state none, or its ghost."""
    user = part(raw, name)
    login = text(user, "username") or GHOST
    if login == GHOST:
        kind = GHOST
    else:
        kind = BOT if flag(user, "bot") or _BOTS.fullmatch(login) else PERSON
    identity = optional_identifier(user)
    return {f"{role}_login": login, f"{role}_id": identity, f"{role}_kind": kind}


def login(raw: Raw, name: str) -> str | None:
    """Return the login of an account; None if it is not stated."""
    return text(part(raw, name), "username")


def logins(raw: Raw, name: str) -> str:
    """Return the logins of a list of accounts, as a JSON array."""
    return names(text(user, "username") for user in parts(raw, name))


def assignees(raw: Raw) -> str:
    """Return the logins of the assignees; servers before GitLab 9 state one only."""
    return logins(raw, "assignees") if "assignees" in raw else names([login(raw, "assignee")])


def label_names(raw: Raw) -> str:
    """Return the labels of an item, which are texts."""
    values = raw.get("labels") or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise malformed(raw, "labels is not a list of texts")
    return names(map(encodable, values))
