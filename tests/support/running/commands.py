"""Call the quarry command in this process."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

import pytest

from flows.cli import main as cli

# Commands that end the process at once: here it must not end.
STAYING = SimpleNamespace(_exit=sys.exit)


def call_quarry(folder, *arguments, stdin="", **variables):
    """Give the exit code and both outputs; of the environment it finds only what is named here."""
    said, complained = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complained):
        patch.chdir(folder)
        _set_environment(patch, variables)
        patch.setattr(sys, "argv", ["quarry", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        patch.setattr("flows.cli.options.os", STAYING)
        code = cli._exit_code()
    outputs = [_text(stream) for stream in (said, complained)]
    assert "Traceback" not in outputs[1], outputs[1]
    return code, *outputs


def _set_environment(patch, variables):
    for name in os.environ.keys() - {"PATH"}:
        patch.delenv(name)
    for name, value in variables.items():
        patch.setenv(name, value)


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()
