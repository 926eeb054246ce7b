"""Mistakes of a command line: the same code and words everywhere."""

from __future__ import annotations

import pytest
import typer

from flows.cli.main import app
from tests.support.running.commands import call_quarry

# An example of each argument that a command needs, so that its options are read.
ARGUMENTS = {
    "query": ("select 1",),
    "asof": ("2026-11-30",),
    "explain": ("commits",),
    "reconcile": ("document.md",),
    "backup": ("file.tar",),
    "restore": ("file.tar",),
    "forget": ("ada",),
    "sources rename": ("app", "web"),
    "sources forget": ("app",),
    "sources moved": ("app", "web"),
    "sources separate": ("app",),
}
CHOICES = {"--format", "--lang", "--engine", "--preset"}
NUMBERS = {"--count", "--rows", "--port"}
USAGE, REFUSED = 2, 1


def _commands(group=None, path=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(_commands())
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for parameter in command.params
    for option in parameter.opts
]


def refused(folder, command, *options, **variables):
    """Call a command with its arguments; return its exit code and what it prints."""
    arguments = (*command.split(), *ARGUMENTS.get(command, ()))
    code, said, complained = call_quarry(folder, *arguments, *options, **variables)
    return code, said + complained


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_a_mistake_of_usage(command, tmp_path):
    code, said = refused(tmp_path, command, "--nowhere")

    assert code == USAGE
    assert "No such option: --nowhere" in said


@pytest.mark.parametrize(("command", "option"), [o for o in OPTIONS if o[1] in CHOICES])
def test_an_unknown_choice_is_refused_with_those_that_exist(command, option, tmp_path):
    code, said = refused(tmp_path, command, option, "nothing")

    assert code == REFUSED
    assert said.startswith(f"quarry: {option}: unknown value 'nothing'.")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "99999999999"])
@pytest.mark.parametrize(("command", "option"), [o for o in OPTIONS if o[1] in NUMBERS])
def test_a_wrong_number_is_refused_with_its_limits(command, option, value, tmp_path):
    code, said = refused(tmp_path, command, option, value)

    assert code == REFUSED
    assert said.startswith(f"quarry: {option}: unknown value '{value}'. Use a whole number ")


@pytest.mark.parametrize("command", [c for c, o in OPTIONS if o == "--config" and c != "init"])
def test_settings_that_do_not_exist_are_refused(command, tmp_path):
    (tmp_path / "document.md").write_text("")

    code, said = refused(tmp_path, command, "--config", "nowhere.toml")

    assert code == REFUSED
    assert "nowhere.toml: the file does not exist. Write one with `quarry init`." in said


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("QUARRY_ENGINE", "x", "engine: unknown value (found 'x'); use 'auto', 'local' or"),
        ("QUARRY_MINING__SOURCES_AT_ONCE", "-3", "mining.sources_at_once: too small (found '-3')"),
        ("QUARRY_SOURCES", '[{"kind": "group"}]', "sources.0.location: missing"),
    ],
)
def test_a_wrong_value_of_the_environment_names_its_variable(variable, value, message, tmp_path):
    code, said = refused(tmp_path, "status", **{variable: value})

    assert code == REFUSED
    assert f"  ${variable}: {message}" in said
