"""Test that only the registry knows tracker kinds by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from miners.tracker.kinds import KINDS

ROOT = Path(__file__).parents[1]
FOLDERS = ("flows", "miners", "warehouse", "sql")
REGISTRY = "miners/tracker/kinds.py"
# Here the names mean something else: a set of metrics, and technologies of a repository.
OTHER_MEANINGS = ("sql/presets/", "sql/presets.toml", "warehouse/report/technologies.toml")
PRESETS = "chaoss, devlake, fourkeys, gitlab or middleware"


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in {".py", ".sql", ".toml", ".html", ".css"}:
                yield name, path.read_text("utf-8")


def test_only_a_kind_itself_and_the_registry_know_its_name():
    allowed = (REGISTRY, *OTHER_MEANINGS, *(f"miners/{name}/" for name in KINDS))
    names = re.compile("|".join(KINDS), re.IGNORECASE)
    found = [
        (name, number)
        for name, text in sources()
        if not name.startswith(allowed)
        for number, line in enumerate(text.splitlines(), 1)
        if names.search(line.replace(PRESETS, ""))
    ]
    assert found == []


def test_the_search_finds_the_names_where_they_are():
    assert {REGISTRY, "sql/presets.toml"} <= {n for n, text in sources() if "gitlab" in text}


@pytest.mark.parametrize("fact", ["title", "library", "public_host", "noreply_domain"])
def test_no_two_kinds_share_a_fact_that_distinguishes_them(fact):
    facts = [getattr(kind, fact) for kind in KINDS.values()]
    assert len(set(facts)) == len(facts)
