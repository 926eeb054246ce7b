"""The page of the libraries and their licences."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKED, LICENSES = ROOT / "requirements-hashed.txt", ROOT / "docs/LICENSES.md"
INTRODUCTION = """# Libraries and their licences

Quarry is under the [Apache License 2.0](../LICENSE). It runs with these libraries and contains
none of their files. The licences are as their own metadata state them. `make sbom` writes the list
as a CycloneDX document.

| library | version | licence |
| --- | --- | --- |
"""
_CLASSIFIER = "License :: "


def locked_versions():
    """Return the version of each library that an installation with hashes has."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", LOCKED.read_text("utf-8"), re.MULTILINE)
    return dict(lines)


def license_of(name):
    """Return the licence that an installed library states; None if it is not installed."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return None
    if expression := facts.get("License-Expression"):
        return expression
    classifiers = [text for text in facts.get_all("Classifier", []) if text.startswith(_CLASSIFIER)]
    if classifiers:
        return ", ".join(text.rpartition(" :: ")[2] for text in classifiers)
    return (facts.get("License") or "not stated").partition("\n")[0]


def licenses_page():
    """Return the page; what this system does not install keeps its row."""
    text = LICENSES.read_text("utf-8") if LICENSES.exists() else ""
    known = dict(re.findall(r"^\| (\S+) \| \S+ \| (.+) \|$", text, re.MULTILINE))
    rows = (
        f"| {name} | {version} | {license_of(name) or known.get(name, 'not stated')} |\n"
        for name, version in sorted(locked_versions().items())
    )
    return INTRODUCTION + "".join(rows)
