"""Messages about wrong settings, with the setting that was probably meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from miners.address import without_login
from miners.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails


# Of a wrong value; a longer one hides what is wrong.
_MOST_SHOWN = 80


def message_of(error: ErrorDetails, settings: type[BaseModel], values: Mapping[str, Any]) -> str:
    """Return a one-line message; values are all that was read, for the names of projects."""
    path = ".".join(_names(error["loc"], values))
    if error["type"] == "value_error":
        # Without the value: it may be a secret in the wrong place.
        return ": ".join(filter(None, (path, str(error["ctx"]["error"]))))
    if error["type"] == "literal_error":
        choices = re.findall(r"'(\w+)'", error["ctx"]["expected"])
        hint = nearest(str(error["input"]), choices, "")
        return f"{path}: {error['msg']}{_value(error)}{hint}"
    if error["type"] == "tuple_type":
        return f"{path}: expected a list in brackets{_value(error)}"
    if error["type"] != "extra_forbidden":
        return f"{path}: {error['msg']}{_value(error)}"
    return f"{path}: unknown setting{_hint(error['loc'], settings)}"


def _names(place: Sequence[int | str], values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of a place, with the name of a project instead of its number."""
    for position, part in enumerate(place):
        name = None
        if position == 1 and place[0] == "projects" and isinstance(part, int):
            project = values["projects"][part]
            name = project.get("name") if isinstance(project, dict) else None
        yield name if name and isinstance(name, str) else str(part)


def _value(error: ErrorDetails) -> str:
    """Write a wrong value, but no whole section and nothing that may be a secret."""
    is_section = isinstance(error["input"], dict | list)
    may_be_secret = any(word in str(error["loc"]) for word in ("token", "key", "hosts"))
    if is_section or may_be_secret:
        return ""
    found = error["input"]
    shown = without_login(found) if isinstance(found, str) else found
    return f" (found {shown!r:.{_MOST_SHOWN}})"


def _hint(place: Sequence[int | str], settings: type[BaseModel]) -> str:
    """Write the setting that was meant: the same in its right place before a similar one."""
    *names, key = [part for part in place if isinstance(part, str)]
    sections = dict(_sections(settings))
    here = ".".join(names)
    right_sections = [name for name, keys in sections.items() if key in keys]
    if right_sections:
        inside = [name for name in right_sections if name.startswith(f"{here}.")]
        return f"; it belongs {' or '.join(map(_place, inside or right_sections))}"
    elsewhere = [name for keys in sections.values() for name in keys]
    return nearest(key, sections[here], nearest(key, elsewhere, "; remove it"))


def _place(section: str) -> str:
    return f"under [{section}]" if section else "above all sections"


def _sections(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, list[str]]]:
    """List the sections of a file, and the keys of each."""
    yield path, list(model.model_fields)
    for name, field in model.model_fields.items():
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _sections(inner, f"{path}.{name}".lstrip("."))
