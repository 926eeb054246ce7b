"""Ends of commands: interruptions and failures of the machine."""

from __future__ import annotations

import signal
import sys

import pytest
import typer

from flows.cli import main as cli


@pytest.fixture
def ends(monkeypatch, capsys):
    """Return a function that runs a command, and gives its exit code and its message."""

    def run(command):
        app = typer.Typer(add_completion=False)
        app.command()(command)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        # A shell starts what runs in the background without it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        monkeypatch.setattr(cli, "app", app)
        monkeypatch.setattr(cli, "leave", sys.exit)
        monkeypatch.setattr(sys, "argv", ["quarry"])
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return ended.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_says_so_and_has_the_code_of_its_signal(ends, number):
    assert ends(lambda: signal.raise_signal(number)) == (
        128 + number,
        (
            "quarry: interrupted. What was published before is as it was; the next run resumes "
            "from the last batch.\n"
        ),
    )


def test_a_failure_of_the_machine_is_one_line(ends):
    def fail():
        raise OSError(28, "No space left on device", "/home/a/report.html")

    assert ends(fail) == (
        1,
        (
            "quarry: /home/a/report.html: the disk is full. Free some space there, then run again; "
            "what was published before is as it was.\n"
        ),
    )


def test_an_unknown_error_is_a_fault_to_report(ends):
    def fail():
        raise ZeroDivisionError("0 / 0")

    code, message = ends(fail)
    assert code == 1
    assert message.endswith("ZeroDivisionError: 0 / 0\n")
