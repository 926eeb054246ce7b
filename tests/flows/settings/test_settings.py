"""Test settings from arguments, environment and quarry.toml, and their errors."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.settings.environment import (
    READERS,
    VariableRefused,
    clock,
    cores,
    host_environment,
    is_open_to_others,
    secret,
    write_for,
)
from flows.settings.settings import Settings, SettingsError, load_settings
from flows.settings.template import settings_template


def written(folder, text):
    file = folder / "quarry.toml"
    file.write_text(text)
    return file


def test_without_a_file_the_defaults_hold():
    settings = load_settings(None, {})
    assert (settings.home, settings.engine) == (Path("data"), "auto")
    assert (settings.calendar.time_zone, settings.calendar.first_month) == ("UTC", 1)
    assert settings.sources == settings.projects == ()


def test_arguments_win_over_the_environment_and_that_over_the_file(tmp_path, monkeypatch):
    file = written(tmp_path, 'home = "a"\nengine = "prefect"\n[calendar]\nfirst_month = 4\n')
    assert load_settings(file, {}).home == Path("a")
    monkeypatch.setenv("QUARRY_HOME", "b")
    monkeypatch.setenv("QUARRY_CALENDAR__FIRST_MONTH", "7")
    settings = load_settings(file, {"home": Path("c")})
    assert (settings.home, settings.engine, settings.calendar.first_month) == (
        Path("c"),
        "prefect",
        7,
    )
    assert load_settings(file, {}).home == Path("b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('hom = "x"', "hom: unknown setting; did you mean 'home'?"),
        ("[calendar]\nfirst_mont = 4", "calendar.first_mont: .* did you mean 'first_month'?"),
        ("[calendar]\ntimezone = 'UTC'", "did you mean 'time_zone'?"),
        ("[[sources]]\nlocation = 'x'\ntoken = 'y'", "did you mean 'token_env'?"),
        ("[mining]\nzzzzzz = 1", "mining.zzzzzz: unknown setting; remove it"),
        ("[calendar]\nfirst_month = 13", r"calendar.first_month: .*\(found 13\)"),
        ("[mining]\nsource_timeout_minutes = 0", "mining.source_timeout_minutes"),
        ("[[projects]]\nname = 'x'", "projects.x.sources: missing; add it"),
        ("engine = 'spark'", "engine: "),
        ("engine = 'prefekt'", "engine: .*did you mean 'prefect'"),
        ("[mining]\nrate_limit_wait_minutes = -1", r"rate_limit_wait_minutes: .*\(found -1\)"),
        ("[mining]\nkeep_payload = false", "did you mean 'keep_payloads'?"),
        ("home = x", "not TOML: .*line 1.* Correct that line."),
        ("home = 3", "home: "),
        ('home = "~nouser/x"', "home: ~ names no user here; write the whole path"),
        ('home = "a\\u0000b"', "home: a path contains no NUL character"),
        ("[people]\nmailmap = '~nouser/x'", "people.mailmap: ~ names no user here"),
        ("[mining]\nsources_at_once = " + "9" * 5000, "not TOML: .* Correct that line."),
        ("[mining]\nsources_at_once = 9999", "mining.sources_at_once: .*1000"),
        ("[mining]\nsource_timeout_minutes = 1e400", "mining.source_timeout_minutes: .*finite"),
        ("[mining]\nsource_timeout_minutes = nan", "mining.source_timeout_minutes: .*finite"),
        ("[mining]\nrate_limit_wait_minutes = 1e300", "rate_limit_wait_minutes: .*10080"),
        ("[rules]\nincident_window_hours = 99999999999", "incident_window_hours: .*8784"),
        ("x = " + "[" * 20000 + "]" * 20000, "nested too deeply"),
        ("[[hosts]]\nname = 'a'\nkind = 'gitlab'\napi = 'https://[x/'", "its host or port"),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_right_one(text, message, tmp_path):
    file = written(tmp_path, text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(file, {})
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize(
    "text",
    [
        "[[sources]]\nlocation = 'x'\ncredential_helper = '!f() { echo password=s3cr3t; }; f'",
        "[[sources]]\nlocation = 'x'\nkind = 'https://user:s3cr3t@host.example/x'",
        "engine = 'https://s3cr3t@host.example/x?token=s3cr3t'",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(text, tmp_path):
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text), {})

    assert "s3cr3t" not in str(caught.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    file = tmp_path / "quarry.toml"
    file.write_bytes(b'home="\xff"\n')

    with pytest.raises(SettingsError, match="not UTF-8 at byte 6"):
        load_settings(file, {})


def test_a_variable_that_is_not_json_is_named_without_its_value(monkeypatch):
    monkeypatch.setenv("QUARRY_HOSTS", "s3cr3t")

    with pytest.raises(SettingsError, match="QUARRY_HOSTS: not JSON") as caught:
        load_settings(None, {})

    assert "s3cr3t" not in str(caught.value)


A = 'name = "a"\nsources = ["."]\n'
B = 'name = "b"\nsources = ["."]\n'
TARGET = 'kpi = "commits"\nyear = 2026\ntarget = 3\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[rules]\nincident_label = ['x']",
            "rules.incident_label: unknown setting; did you mean 'incident_labels'?",
        ),
        (
            f"[[projects]]\n{A}hotfix_labels = ['x']",
            "projects.a.hotfix_labels: unknown setting; it belongs under [projects.rules]",
        ),
        (
            f"[[projects]]\n{A}path = ['x']",
            "projects.a.path: unknown setting; did you mean 'paths'?",
        ),
        (
            "[rules]\nbranches = ['x']",
            "rules.branches: unknown setting; it belongs under [projects]",
        ),
        (
            "time_zone = 'UTC'",
            "time_zone: unknown setting; it belongs under [calendar]",
        ),
        (
            "[mining]\nhome = 'x'",
            "mining.home: unknown setting; it belongs above all sections",
        ),
        (
            "[mining]\nactive_form = 1",
            "mining.active_form: unknown setting; did you mean 'active_from'?",
        ),
        (
            f"[[projects]]\n{A}rules.test_title = ['x']",
            "projects.a.rules.test_title: unknown setting; did you mean 'test_titles'?",
        ),
        (
            "[rules]\nleft_out_authors = ['bots']",
            (
                "rules.left_out_authors.0: unknown value (found 'bots'); use 'bot' or 'ai_agent'; "
                "did you mean 'bot'?"
            ),
        ),
        (
            "[rules]\ndeployments = ['tags']",
            (
                "rules.deployments.0: unknown value (found 'tags'); use 'deployment', 'release', "
                "'tag', 'prerelease' or 'ledger'; did you mean 'tag'?"
            ),
        ),
        (
            "[rules]\nincident_labels = 'incident'",
            "rules.incident_labels: not a list (found 'incident'); write a list in brackets",
        ),
        (
            "[rules]\nhotfix_titles = ['']",
            "rules.hotfix_titles.0: too short (found ''); write at least 1 character(s)",
        ),
        (
            "[rules]\nincident_window_hours = 0",
            "rules.incident_window_hours: too small (found 0); use at least 1",
        ),
        (
            f"[[projects]]\n{A}[projects.rules]\nincident_titles = ['fine', '([']",
            (
                "projects.a.rules.incident_titles: '([' is not a regular expression: Invalid Input "
                "Error: missing ]: [. Correct it, or write \\ before each sign that stands for "
                "itself."
            ),
        ),
        (f"[[projects]]\n{A}[[projects]]\n{A}", "projects: a is listed twice; keep one of them"),
        (
            "[[projects]]\nname = '*'\nsources = ['.']",
            "projects.*.name: '*' means all projects together; choose another name",
        ),
        (
            f"[[projects]]\n{A}paths = ['/apps/']",
            "projects.a.paths.0: paths begin at the top of the repository; write 'apps/'",
        ),
        (
            f"[[projects]]\n{A}active_from = 2026-02-01\nactive_until = 2026-01-31",
            (
                "projects.a: active_until 2026-01-31 is before active_from 2026-02-01; correct "
                "one of them"
            ),
        ),
        (
            f"[[projects]]\n{A}[[projects]]\n{B}active_from = '2026-13-01'",
            (
                "projects.b.active_from: not a date (found '2026-13-01'); write one such as "
                "2026-01-31"
            ),
        ),
        (
            "[[targets]]\nkpi = 'comits'\nyear = 2026\ntarget = 1",
            "targets.0.kpi: unknown KPI 'comits'; did you mean 'commits'?",
        ),
        (
            f"[[projects]]\n{A}[[targets]]\n{TARGET}project = 'aa'",
            "targets: commits of aa in 2026: unknown project 'aa'; did you mean 'a'?",
        ),
        (
            f"[[targets]]\n{TARGET}project = 'shop'\nquarter = 'Q2'",
            (
                "targets: commits of shop in 2026-Q2: unknown project 'shop'; name it under "
                "[[projects]]"
            ),
        ),
        (
            f"[[targets]]\n{TARGET}quarter = '2025-Q1'",
            "targets.0: quarter 2025-Q1 is not of year 2026; correct one",
        ),
        (
            f"[[targets]]\n{TARGET}quarter = 'Q5'",
            "targets.0.quarter: unknown quarter 'Q5'; write Q1 to Q4",
        ),
        (
            f"[[targets]]\n{TARGET}quarter = 5",
            "targets.0.quarter: unknown quarter 5; write Q1 to Q4",
        ),
        (
            f"[[targets]]\n{TARGET}quarter = true",
            "targets.0.quarter: unknown quarter True; write Q1 to Q4",
        ),
        (
            f"[[targets]]\n{TARGET}quarter = 1\n[[targets]]\n{TARGET}quarter = '2026-Q1'",
            "targets: commits in 2026-Q1 is listed twice; keep one of them",
        ),
        (
            "[[targets]]\nkpi = 'commits'\nyear = 26\ntarget = 1",
            "targets.0.year: too small (found 26); use at least 1970",
        ),
        (
            "[[targets]]\nkpi = 'commits'\nyear = 2026\ntarget = nan",
            "targets.0.target: not a finite number (found nan); use a number of digits",
        ),
        ("[[targets]]\nkpi = 'commits'\nyear = 2026", "targets.0.target: missing; add it"),
        (
            "[sealing]\nafter_days = 366",
            "sealing.after_days: too large (found 366); use at most 365",
        ),
        (
            "[sealing]\nafter_day = 3",
            "sealing.after_day: unknown setting; did you mean 'after_days'?",
        ),
    ],
)
def test_what_is_wrong_with_projects_is_said_in_whole(text, said, tmp_path):
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert str(caught.value) == f"{file}:\n  {said}"


def test_everything_wrong_is_named_at_once(tmp_path):
    file = written(tmp_path, "hom = 'x'\n[calendar]\nfirst_month = 0\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert len(str(caught.value).splitlines()) == 3


def test_the_file_that_init_writes_says_what_holds_without_it(tmp_path):
    """Also with every commented line switched on that shows a default."""
    settings = load_settings(written(tmp_path, settings_template()), {})
    assert settings.calendar == Settings().calendar
    assert settings.people == Settings().people
    assert settings.mining == Settings().mining
    lines = settings_template().splitlines()
    start = lines.index("# ai_agents = [")
    shown = [line.removeprefix("# ").removeprefix("#") for line in lines[start:]]
    people = "[people]\n" + "\n".join(line for line in shown if not line[:1].isupper())
    again = load_settings(written(tmp_path, people), {})
    assert (again.people, again.mining) == (Settings().people, Settings().mining)


def test_the_rules_that_init_writes_are_the_defaults_and_its_examples_are_right(tmp_path):
    lines = settings_template().splitlines()
    shown = [line.removeprefix("# ") for line in lines]
    first, last = shown.index("[[projects]]"), shown.index("[sealing]") + 3
    said = (line for line in shown[first:last] if re.match(r"\[|\w+ = |  '|\]", line))
    settings = load_settings(written(tmp_path, "\n".join(said)), {})
    stated = settings.rules.model_fields_set
    assert stated == type(settings.rules).model_fields.keys()
    assert settings.rules == Settings().rules
    (project,), (target,) = settings.projects, settings.targets
    assert project.model_fields_set == type(project).model_fields.keys()
    assert target.model_fields_set == type(target).model_fields.keys()
    assert project.rules.model_fields_set == {"incident_labels", "deployments"}
    assert settings.sealing.after_days == 30


def test_git_sees_of_the_environment_only_how_to_reach_things(monkeypatch):
    monkeypatch.setenv("APP_TOKEN", "s3cr3t")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    host = host_environment()
    assert host.kept["HTTPS_PROXY"] == "http://proxy:1"
    assert {"PATH"} <= host.kept.keys()
    assert {"APP_TOKEN", "GIT_DIR", "HOME"} <= set(host.dropped)
    assert host.kept.keys().isdisjoint(host.dropped)
    assert secret("APP_TOKEN") == "s3cr3t"
    assert secret("NOT_SET_ANYWHERE") is None


def test_the_clock_can_be_fixed_for_runs_to_be_repeated(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert clock() == datetime(1970, 1, 2, tzinfo=UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now(UTC)
    assert before <= clock() <= datetime.now(UTC)
    assert cores() >= 1


@pytest.mark.parametrize("text", ["abc", "1e5", "99999999999999", "9" * 5000])
def test_a_clock_that_is_no_instant_is_refused(text, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)

    with pytest.raises(VariableRefused, match=r"\$SOURCE_DATE_EPOCH is no instant. Write whole"):
        clock()


def test_a_section_with_something_missing_is_not_shown_whole(tmp_path):
    """It may hold a secret in the wrong place."""
    file = written(tmp_path, "[[projects]]\nname = 'x'\ntoken = 's3cr3t'\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert "s3cr3t" not in str(caught.value)
    assert "projects.x.sources: missing; add it" in str(caught.value)


@pytest.mark.parametrize(
    ("readers", "folder", "file"),
    [("owner", 0o700, 0o600), ("group", 0o750, 0o640), ("everyone", 0o755, 0o644)],
)
def test_files_are_for_the_readers_of_the_settings(readers, folder, file, tmp_path):
    before = os.umask(0)
    try:
        write_for(load_settings(None, {"readable_by": readers}).readable_by)
        (tmp_path / "a").mkdir()
        (tmp_path / "a/b").touch()
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == folder
    assert stat.S_IMODE((tmp_path / "a/b").stat().st_mode) == file
    others = {name: is_open_to_others(tmp_path / "a", name) for name in READERS}
    wider = list(READERS)[: list(READERS).index(readers)]
    assert others == {name: name in wider for name in READERS}
