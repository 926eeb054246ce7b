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
# By pydantic's type of an error: the fact, and the advice with the facts of its context.
_DATE = ("not a date", "write one such as 2026-01-31")
_INTEGER = ("not a whole number", "write one without quotes, such as 12")
_NUMBER = ("not a number", "write one without quotes, such as 0.5")
_BOOLEAN = ("neither true nor false", "write one of them without quotes")
_SECTION = ("not a section", "write its settings under [its name]")
_WORDS = {
    "missing": ("missing", "add it"),
    "greater_than_equal": ("too small", "use at least {ge}"),
    "greater_than": ("too small", "use more than {gt}"),
    "less_than_equal": ("too large", "use at most {le}"),
    "less_than": ("too large", "use less than {lt}"),
    "finite_number": ("not a finite number", "use a number of digits"),
    "string_too_short": ("too short", "write at least {min_length} character(s)"),
    "string_type": ("not a text", "write it in quotes"),
    "literal_error": ("unknown value", "use {expected}"),
    "tuple_type": ("not a list", "write a list in brackets"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _DATE),
    **dict.fromkeys(("date_from_datetime_inexact",), _DATE),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _INTEGER),
    **dict.fromkeys(("float_type", "float_parsing"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _BOOLEAN),
    **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), _SECTION),
}


def message_of(error: ErrorDetails, settings: type[BaseModel], values: Mapping[str, Any]) -> str:
    """Return a one-line message; values are all that was read, for the names of projects."""
    path = ".".join(_names(error["loc"], values))
    if error["type"] == "value_error":
        # Without the value: it may be a secret in the wrong place.
        return ": ".join(filter(None, (path, str(error["ctx"]["error"]))))
    if error["type"] == "extra_forbidden":
        return f"{path}: unknown setting{_hint(error['loc'], settings)}"
    if error["type"] not in _WORDS:
        return f"{path}: {error['msg']}{_value(error)}"
    fact, advice = _WORDS[error["type"]]
    facts = error.get("ctx", {})
    choices = re.findall(r"'(\w+)'", facts.get("expected", ""))
    hint = nearest(str(error["input"]), choices, "") if choices else ""
    return f"{path}: {fact}{_value(error)}; {advice.format(**facts)}{hint}"


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
