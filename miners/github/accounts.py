"""Accounts of GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.tracker.fields import BOT, GHOST, PERSON, needed_text, optional_identifier, part, text

if TYPE_CHECKING:
    from miners.tracker.fields import Raw


def account(raw: Raw, name: str, role: str) -> dict[str, str | None]:
    """Return login, identifier and kind of an account; GitHub states none for a deleted one."""
    user = part(raw, name)
    if not user:
        return {f"{role}_login": GHOST, f"{role}_id": None, f"{role}_kind": GHOST}
    is_bot = text(user, "type") == "Bot"
    return {
        f"{role}_login": needed_text(user, "login"),
        f"{role}_id": optional_identifier(user),
        f"{role}_kind": BOT if is_bot else PERSON,
    }
