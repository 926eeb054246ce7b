"""Parameters and names of flow runs in Prefect's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect import runtime

if TYPE_CHECKING:
    from prefect import Flow

# Prefect reads types from a flow's signature, and nothing else of an annotation.
_FIELDS = {
    "config": ("Settings file", "Path of quarry.toml; none: the one of the working folder"),
    "home": ("Home folder", "None: the one that quarry.toml names"),
    "sources": ("Sources", "Names or addresses; none: all sources of quarry.toml"),
    "shown_from": (
        "Show quarters from",
        "First day of the quarters in the table of figures; each source is read whole",
    ),
    "shown_until": ("Show quarters until", "Last day of the quarters in the table of figures"),
    "quarter": ("Quarter", "Quarter to close, such as 2026-Q2; none: the one that ended last"),
    "block": (
        "Notification block",
        "Type and name of a block, such as slack-webhook/ops; none: a line in the log only",
    ),
    "subject": ("Subject", "Subject of the notification"),
    "body": ("Text", "Text of the notification"),
}
_PATTERNS = {"quarter": r"^\d{4}-Q[1-4]$"}


def described(flow: Flow[..., Any]) -> None:
    """Give the parameters of a flow their titles, descriptions and patterns."""
    for position, (name, field) in enumerate(flow.parameters.properties.items()):
        title, description = _FIELDS[name]
        pattern = {"pattern": _PATTERNS[name]} if name in _PATTERNS else {}
        shown = {"title": title, "description": description, "position": position, **pattern}
        field.update(shown)


def run_name() -> str:
    """Return the name of a flow run: its flow, and the day and time at which it was due."""
    due = runtime.flow_run.scheduled_start_time
    return f"{runtime.flow_run.flow_name} {due:%Y-%m-%d %H:%M}"
