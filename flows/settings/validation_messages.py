"""What is wrong with the settings: which one, what was found, and what was probably meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from miners.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails


def explain(wrong: ErrorDetails, settings: type[BaseModel], values: Mapping[str, Any]) -> str:
    """Say in a line what is wrong; values are all that was read, for the names of projects."""
    path = ".".join(_called(wrong["loc"], values))
    if wrong["type"] == "value_error":
        # Without what was found: it may be a secret in the wrong place.
        return ": ".join(filter(None, (path, str(wrong["ctx"]["error"]))))
    if wrong["type"] == "literal_error":
        known = re.findall(r"'(\w+)'", wrong["ctx"]["expected"])
        hint = nearest(str(wrong["input"]), known, "")
        return f"{path}: {wrong['msg']}{_found(wrong)}{hint}"
    if wrong["type"] == "tuple_type":
        return f"{path}: expected a list in brackets{_found(wrong)}"
    if wrong["type"] != "extra_forbidden":
        return f"{path}: {wrong['msg']}{_found(wrong)}"
    return f"{path}: there is no such setting{_hint(wrong['loc'], settings)}"


def _called(place: Sequence[int | str], values: Mapping[str, Any]) -> Iterator[str]:
    """Write a place with the name of its project instead of its number."""
    for position, part in enumerate(place):
        name = None
        if position == 1 and place[0] == "projects" and isinstance(part, int):
            project = values["projects"][part]
            name = project.get("name") if isinstance(project, dict) else None
        yield name if name and isinstance(name, str) else str(part)


def _found(wrong: ErrorDetails) -> str:
    """Show a wrong value, but no whole section and nothing where a secret may stand."""
    holds_more = isinstance(wrong["input"], dict | list)
    may_be_secret = any(word in str(wrong["loc"]) for word in ("token", "key", "hosts"))
    return "" if holds_more or may_be_secret else f" (found {wrong['input']!r})"


def _hint(place: Sequence[int | str], settings: type[BaseModel]) -> str:
    """Name the setting that was meant: the same in its right place before one that is alike."""
    *names, key = [part for part in place if isinstance(part, str)]
    sections = dict(_sections(settings))
    here = ".".join(names)
    at_home = [name for name, keys in sections.items() if key in keys]
    if at_home:
        inside = [name for name in at_home if name.startswith(f"{here}.")]
        return f"; it stands {' or '.join(map(_place, inside or at_home))}"
    elsewhere = [known for keys in sections.values() for known in keys]
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
