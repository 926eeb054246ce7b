"""Settings come from arguments, the environment and quarry.toml, and what is wrong is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.init import settings_template
from flows.settings import (
    Settings,
    SettingsError,
    clock,
    cores,
    host_environment,
    load_settings,
    secret,
)


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
        ('hom = "x"', "hom: there is no such setting; did you mean 'home'?"),
        ("[calendar]\nfirst_mont = 4", "calendar.first_mont: .* did you mean 'first_month'?"),
        ("[calendar]\ntimezone = 'UTC'", "did you mean 'time_zone'?"),
        ("[[sources]]\nlocation = 'x'\ntoken = 'y'", "did you mean 'token_env'?"),
        ("[mining]\nzzzzzz = 1", "mining.zzzzzz: there is no such setting; remove it"),
        ("[calendar]\nfirst_month = 13", r"calendar.first_month: .*\(found 13\)"),
        ("[mining]\nsource_timeout_minutes = 0", "mining.source_timeout_minutes"),
        ("[[projects]]\nname = 'x'", "projects.0.sources: Field required"),
        ("engine = 'spark'", "engine: "),
        ("engine = 'prefekt'", "engine: .*did you mean 'prefect'"),
        ("[mining]\nrate_limit_wait_minutes = -1", r"rate_limit_wait_minutes: .*\(found -1\)"),
        ("[mining]\nkeep_payload = false", "did you mean 'keep_payloads'?"),
        ("home = x", "not TOML: .*line 1.* Correct that line."),
        ("home = 3", "home: "),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_right_one(text, message, tmp_path):
    file = written(tmp_path, text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(file, {})
    assert str(caught.value).startswith(str(file))


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
    assert abs((clock() - datetime.now(UTC)).total_seconds()) < 5
    assert cores() >= 1


def test_a_section_with_something_missing_is_not_shown_whole(tmp_path):
    """It may hold a secret in the wrong place."""
    file = written(tmp_path, "[[projects]]\nname = 'x'\ntoken = 's3cr3t'\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert "s3cr3t" not in str(caught.value)
    assert "projects.0.sources: Field required" in str(caught.value)
