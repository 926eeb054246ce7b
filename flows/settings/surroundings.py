"""Sources of a new settings file, from its folder and given addresses."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.settings.settings import SettingsError
from miners.errors import SourceDenied
from miners.git.address import parse_location, short_name
from miners.git.local_repository import git_dir_of
from miners.tracker.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ORIGIN = re.compile(
    r'^\[remote "origin"\]\s*\n(?:[ \t]+.*\n)*?[ \t]*url\s*=\s*(.+)$', re.MULTILINE
)
_WITHOUT_PROTOCOL = re.compile(r"[\w-]+(\.[\w-]+)+/[\w./-]+")


@dataclass(frozen=True)
class FirstSource:
    """A source of new settings: its location, and the lines of its entry, if it needs one."""

    location: str
    name: str
    entry: tuple[str, ...] = ()

    @property
    def toml(self) -> str:
        """Write its entry."""
        return "\n".join(("[[sources]]", f"location = {json.dumps(self.location)}", *self.entry))


def first_sources(folder: Path, addresses: Iterable[str]) -> list[FirstSource]:
    """
    List the sources of given addresses, or that of a folder if none is given.

    Errors:  SettingsError for what is no address.
    """
    given = [_of_address(text, folder) for text in addresses]
    return given or [_of_folder(folder)]


def _of_address(text: str, folder: Path) -> FirstSource:
    """Return the source of an address; one with a single part is that of an organisation."""
    location = f"https://{text}" if _WITHOUT_PROTOCOL.fullmatch(text) else text
    try:
        identity, _, protocol = parse_location(location, folder)
    except SourceDenied as error:
        raise SettingsError(str(error)) from None
    is_group = protocol != "file" and identity.partition("/")[0] in _public_hosts()
    entry = ('kind = "group"',) if is_group and identity.count("/") == 1 else ()
    return FirstSource(location, short_name(identity), entry)


def _of_folder(folder: Path) -> FirstSource:
    """Return the repository of a folder, with the tracker of its remote at a public host."""
    name = folder.resolve().name or "example"
    with suppress(SourceDenied, OSError):
        identity, _, protocol = parse_location(_origin(folder), folder)
        if protocol != "file" and identity.partition("/")[0] in _public_hosts():
            tracker = f"tracker = {json.dumps(f'https://{identity}')}"
            return FirstSource(".", short_name(identity), (tracker,))
    return FirstSource(".", name)


def _origin(folder: Path) -> str:
    """Return the address of the remote "origin" of a folder's repository; empty if none."""
    git_dir = git_dir_of(folder)
    text = (git_dir / "config").read_text("utf-8", "replace") if git_dir else ""
    match = _ORIGIN.search(text)
    return match[1].strip() if match else ""


def _public_hosts() -> set[str]:
    return {kind.public_host for kind in KINDS.values() if kind.public_host}
