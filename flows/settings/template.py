"""Write a commented quarry.toml from its template."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flows.settings.people import ai_agents, ai_marks, bots
from flows.settings.projects import GENERATED
from flows.settings.settings import SettingsError
from flows.settings.surroundings import first_sources
from flows.settings.template_text import TEMPLATE
from miners.tracker.kinds import KINDS
from warehouse.context import INCIDENT_WINDOW_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from flows.settings.surroundings import FirstSource


def write_settings_file(file: Path, addresses: Iterable[str] = ()) -> str:
    """
    Write a commented settings file, and return what to do next.

    Shape:   its sources are the given addresses, or the repository of its folder.
    Errors:  SettingsError if the file exists; nothing is overwritten.
    """
    text = with_sources(settings_template(), first_sources(file.absolute().parent, addresses))
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise SettingsError(f"{file} exists. Edit it, or move it away first.") from error
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}. Choose another place.") from error
    return (
        f"Wrote {file}. Now:\n"
        "  1. Under [[projects]], name your projects and the repositories of each.\n"
        "  2. Under [calendar], set your time zone and the first month of your fiscal year.\n"
        "  3. For private repositories add a [[sources]] entry with token_env.\n"
        f"  4. For issues and change requests put a token into {_token_variables()}, or\n"
        "     name a host of your own under [[hosts]].\n"
        "  5. Run `quarry doctor`, then `quarry run`."
    )


def with_sources(template: str, sources: Sequence[FirstSource]) -> str:
    """Return the template with a project of some sources, and their entries before the examples."""
    locations = ", ".join(json.dumps(source.location) for source in sources)
    entries = "".join(f"{source.toml}\n" for source in sources if source.entry)
    named = template.replace('name = "example"', f"name = {json.dumps(sources[0].name)}", 1)
    named = named.replace('sources = ["."]', f"sources = [{locations}]", 1)
    return named.replace("# [[sources]]", f"{entries}# [[sources]]", 1)


def settings_template() -> str:
    """Return the template with the long defaults."""
    return TEMPLATE.format(
        ai_agents=_commented(ai_agents()),
        ai_marks=_commented(ai_marks()),
        bots=_commented(bots()),
        generated=_commented(GENERATED),
        incident_window_hours=INCIDENT_WINDOW_HOURS,
        public_hosts=_public_hosts(),
        kind=_kind(),
        app=_app(),
    )


def _public_hosts() -> str:
    """List the hosts that need no entry, with the variables of their tokens."""
    kinds = (kind for kind in KINDS.values() if kind.public_host)
    return "\n".join(
        f"#   {kind.public_host}: {' or '.join(kind.token_variables)}" for kind in kinds
    )


def _kind() -> str:
    *others, last = KINDS
    example = f'# kind = "{last}"'
    return f"{example:<40}# or " + ", ".join(f'"{name}"' for name in others)


def _app() -> str:
    titles = " or ".join(kind.title for kind in KINDS.values() if kind.has_apps)
    return f"{'# app_id = 12345':<40}# a {titles} App"


def _token_variables() -> str:
    return " or ".join(kind.token_variables[0] for kind in KINDS.values() if kind.token_variables)


def _commented(patterns: Iterable[str]) -> str:
    return "\n".join(f"#   '{pattern}'," for pattern in patterns)
