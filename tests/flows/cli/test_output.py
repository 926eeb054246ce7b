"""Rows on a terminal, and in a file."""

from __future__ import annotations

import contextlib
import os
import sys
from types import SimpleNamespace

import duckdb
import pytest
from rich.console import Console

from flows.cli.console import output, print_problems
from flows.settings.settings import SettingsError
from warehouse.query.formats import TEXT_FORMATS, write_expanded

HOSTILE = "강\x1b[2J\x9b\u202e\u2066\v"
SHOWN = r"강\x1b[2J\x9b\u202e\u2066\x0b"


@contextlib.contextmanager
def terminal(monkeypatch):
    """Make standard output a terminal, and yield what reads it."""
    reader, writer = os.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as opened, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", opened)
        yield lambda: os.read(reader, 10_000).decode()
    os.close(reader)


@pytest.mark.parametrize("output_format", TEXT_FORMATS)
def test_no_format_lets_a_text_command_the_terminal(monkeypatch, output_format):
    rows = duckdb.connect().execute("select ?, 2", [HOSTILE])
    with terminal(monkeypatch) as shown:
        out = output(output_format)
        TEXT_FORMATS[output_format](rows, out)
        out.flush()
        lines = shown().replace("\r\n", "\n").splitlines()

    assert "".join(lines).isprintable()
    escaped = [line.replace(r"\u00", r"\x") for line in lines]
    assert any(SHOWN in line for line in escaped)


def test_a_table_fits_the_terminal_and_says_what_it_omits(monkeypatch):
    columns = ", ".join(f"'{letter * 20}' as {letter}{letter}" for letter in "abcdef")
    rows = duckdb.connect().execute(f"select {columns}")
    with terminal(monkeypatch) as shown:
        monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((80, 24)))
        out = output("table")
        TEXT_FORMATS["table"](rows, out)
        out.flush()
        lines = shown().replace("\r\n", "\n").splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[1].split("│")[1:-1] == [f" {name:<20} " for name in ("aa", "bb")] + [
        " … ",
        f" {'ff':<20} ",
    ]
    assert lines[-1] == "1 row; 6 columns, 3 shown: --expanded shows all"


def test_a_column_per_line_shows_every_value(monkeypatch):
    rows = duckdb.connect().execute("select 1 as a, null as long_name, ? as b", [HOSTILE])
    with terminal(monkeypatch) as shown:
        out = output("expanded")
        write_expanded(rows, out)
        out.flush()
        lines = shown().replace("\r\n", "\n").splitlines()

    assert lines[:3] == ["row 1", "  a          1", "  long_name  NULL"]
    assert lines[3].startswith("  b          강\\x1b[2J")
    assert lines[4] == "1 row"


@pytest.mark.parametrize(("locale", "start"), [("C", "+--"), ("C.UTF-8", "╭──")])
def test_a_locale_of_ascii_gets_ascii(monkeypatch, locale, start):
    monkeypatch.setenv("LC_ALL", locale)
    rows = duckdb.connect().execute("select '강' as a")
    with terminal(monkeypatch) as shown:
        out = output("table")
        TEXT_FORMATS["table"](rows, out)
        out.flush()
        text = shown()

    assert text.startswith(start)
    assert text.isascii() == (locale == "C")
    assert ("\\uac15" in text) == (locale == "C")


def test_a_character_in_two_parts_is_one(monkeypatch):
    with terminal(monkeypatch) as shown:
        out = output("csv")
        for byte in "강\n".encode():
            out.write(bytes([byte]))
        out.flush()

        assert shown() == "강\r\n"


def test_a_file_keeps_every_byte(monkeypatch, tmp_path):
    rows = duckdb.connect().execute("select ? as a", [HOSTILE])
    with (tmp_path / "rows.csv").open("w") as opened, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", opened)
        TEXT_FORMATS["csv"](rows, output("csv"))

    assert (tmp_path / "rows.csv").read_bytes() == f"a\r\n{HOSTILE}\r\n".encode()


def test_a_file_of_bytes_is_not_for_a_terminal(monkeypatch):
    refused = pytest.raises(SettingsError, match=r"not for a terminal; add `> rows\.parquet`\.$")
    with terminal(monkeypatch), refused:
        output("parquet")


def test_a_problem_names_its_source_in_words(capsys):
    """Not by the internal identifier of a ledger or tracker."""
    sources = ("/srv/books#ledger", "github.com/o/r#tracker", "github.com/o/r")
    problems = [
        SimpleNamespace(source=source, problem="it is away", remedy="Call it") for source in sources
    ]
    print_problems(Console(file=sys.stdout, width=100), problems)

    assert capsys.readouterr().out.splitlines() == [
        "/srv/books: it is away. Call it.",
        "the tracker of github.com/o/r: it is away. Call it.",
        "github.com/o/r: it is away. Call it.",
    ]
