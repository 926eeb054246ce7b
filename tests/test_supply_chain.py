"""The libraries: pinned, with hashes, with licences, and from no named host."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs_build.licenses import LICENSES, LOCKED, licenses_page, locked_versions

ROOT = Path(__file__).parents[1]
ENTRY = r"^([\w.-]+)==([^\s;\\]+)( ; [^\\\n]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$"


def pinned():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {line.split(" ;")[0].partition("==")[0]: line for line in lines}


def test_every_library_has_hashes_and_nothing_else_is_in_the_file():
    text = "\n".join(line for line in LOCKED.read_text("utf-8").splitlines() if line[:1] != "#")

    assert re.sub(ENTRY, "", text, flags=re.MULTILINE).strip() == ""
    assert len(re.findall(ENTRY, text, re.MULTILINE)) == len(locked_versions()) > 100


def test_both_files_pin_the_same_versions_for_the_same_systems():
    text, known = LOCKED.read_text("utf-8"), pinned()
    entries = re.findall(ENTRY, text, re.MULTILINE)
    assert [
        line
        for name, version, marker, _ in entries
        if (line := f"{name}=={version}{marker}".rstrip()) != known.get(name)
    ] == []


def test_the_file_has_every_library_that_quarry_needs():
    needed, found = ["quarry"], set()
    while needed:
        for text in requires(needed.pop()) or ():
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if (not requirement.marker or requirement.marker.evaluate({"extra": ""})) and (
                name not in found
            ):
                found.add(name)
                needed.append(name)
    assert found - locked_versions().keys() == set()


def test_no_file_names_a_host_to_install_from():
    for path in (LOCKED, ROOT / "constraints.txt", ROOT / "Makefile", ROOT / "pyproject.toml"):
        assert (
            re.findall(
                r"index-url|find-links|https?://[^/\s]*(?:index|pypi|mirror)", path.read_text()
            )
            == []
        )


def test_every_licence_is_listed():
    assert LICENSES.read_text("utf-8") == licenses_page(), "write it with `make docs`"
    assert "not stated" not in LICENSES.read_text("utf-8")
