"""A home folder and its settings become sources, projects and people."""

from __future__ import annotations

import re
from datetime import date

import pytest

from flows.settings.projects import GENERATED
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace, resolve_sources
from miners.errors import SourceDenied
from miners.git.address import GitSource
from warehouse.context import IdentityRule, MailmapEntry, Project, Target
from warehouse.rules import Rule

SECRET = "s3cr3t-t0k3n"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Open the workspace of a settings file in a folder in which we are not."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def opened(text, **options):
        file = tmp_path / "quarry.toml"
        file.write_text(text)
        return open_workspace(file, options.get("home"))

    return opened


def test_paths_in_the_file_count_from_the_file_and_arguments_from_here(opened, tmp_path):
    text = 'home = "kept"\n[[projects]]\nname = "a"\nsources = ["one", "../two"]\n'
    workspace = opened(text)
    assert workspace.home == tmp_path / "kept"
    named = [source.location for source in resolve_sources(workspace)]
    assert named == [str(tmp_path / "one"), str(tmp_path.parent / "two")]
    given = resolve_sources(workspace, ["one"])
    assert [source.location for source in given] == [str(tmp_path / "elsewhere" / "one")]
    relative = opened(text, home=tmp_path.relative_to(tmp_path.parent))
    assert relative.home == tmp_path / "elsewhere" / tmp_path.name


def test_everything_stands_under_the_home_folder(opened, tmp_path):
    workspace = opened('home = "h"')
    places = (workspace.store, workspace.mirrors, workspace.warehouse, workspace.exports)
    assert {place.parent for place in (*places, workspace.runs)} == {tmp_path / "h"}


def test_a_settings_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="quarry init"):
        open_workspace(tmp_path / "none.toml", None)


def test_a_source_is_mined_once_however_often_it_is_named(opened):
    workspace = opened(
        '[[sources]]\nlocation = "https://h.example/t/app.git"\nname = "App"\nid = "old/app"\n'
        'extra_refs = ["refs/changes/*"]\nowner_is_trusted = true\ncredential_helper = "store"\n'
        '[[projects]]\nname = "a"\nsources = ["App", "https://h.example/t/lib"]\n'
        '[[projects]]\nname = "b"\nsources = ["https://h.example/t/app.git"]\n'
    )
    app, lib = resolve_sources(workspace)
    assert app == GitSource(
        id="old/app",
        name="App",
        location="https://h.example/t/app.git",
        protocol="https",
        credential_helper="store",
        is_owner_trusted=True,
        extra_refs=("refs/changes/*",),
    )
    assert (lib.id, lib.name) == ("h.example/t/lib", "lib")
    context = context_of(workspace)
    assert context.projects == (
        Project(name="a", title="a", sources=("old/app", "h.example/t/lib"), rules=context.rules),
        Project(name="b", title="b", sources=("old/app",), rules=context.rules),
    )


def test_a_token_goes_to_its_own_host_by_the_environment_of_git_only(opened, monkeypatch):
    monkeypatch.setenv("APP_TOKEN", SECRET)
    workspace = opened(
        '[[sources]]\nlocation = "https://h.example:8443/t/app.git"\ntoken_env = "APP_TOKEN"\n'
    )
    (source,) = resolve_sources(workspace)
    assert source.secrets["GIT_CONFIG_KEY_0"] == "http.https://h.example:8443/.extraHeader"
    assert SECRET not in repr(source)
    assert source.secrets["GIT_CONFIG_VALUE_0"] not in repr(source)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('location = "https://h.example/a"\ntoken_env = "UNSET_TOKEN"', "UNSET_TOKEN is not set"),
        ('location = "git@h.example:a"\ntoken_env = "PATH"', "Remove token_env"),
        (f'location = "https://u:{SECRET}@h.example/a"', "token_env"),
        (f'location = "https://h.example/a?private_token={SECRET}"', "token_env"),
        ('location = "ext::sh -c x"', "not an address"),
        ('location = "http://h.example/a"', "Use https"),
        ('location = "a"\nextra_refs = ["--upload-pack=x"]', "not a pattern of refs"),
        ('location = "a"\nextra_refs = ["refs/*/x/*"]', "not a pattern of refs"),
    ],
)
def test_a_source_that_cannot_be_used_is_its_error_among_the_others(entry, message, opened):
    text = f'[[sources]]\n{entry}\n[[sources]]\nlocation = "fine"\n'
    refused, fine = resolve_sources(opened(text))
    assert isinstance(refused, SourceDenied)
    assert message in str(refused)
    assert SECRET not in str(refused)
    assert fine.name == "fine"


@pytest.mark.parametrize(
    ("calendar", "named_by"),
    [
        ('time_zone = "Asia/Tokyo"', "start"),
        ('time_zone = "Asia/Tokyo"\nyear_named_by = "end"', "end"),
        ('time_zone = "Europe/London"\nyear_named_by = "start"', "start"),
        ("", "end"),
    ],
)
def test_years_are_named_as_the_settings_say_or_as_is_the_custom(opened, calendar, named_by):
    assert context_of(opened(f"[calendar]\n{calendar}\n")).calendar.year_named_by == named_by


def test_calendar_people_and_mailmap_of_the_settings(opened, tmp_path):
    (tmp_path / "people.map").write_text("# ours\nAda <ada@x> <old@x>\n")
    context = context_of(
        opened(
            '[calendar]\ntime_zone = "Asia/Seoul"\nfirst_month = 4\n'
            '[people]\nmailmap = "people.map"\nbots = ["ci@"]\nai_agents = ["agent@"]\n'
        )
    )
    assert (context.calendar.time_zone, context.calendar.first_month) == ("Asia/Seoul", 4)
    assert context.calendar.year_named_by == "end"
    assert context.identity_rules == (
        IdentityRule("ai_agent", "agent@"),
        IdentityRule("bot", "ci@"),
    )
    assert context.mailmap == (
        MailmapEntry(
            line_number=2,
            proper_name="Ada",
            proper_email="ada@x",
            commit_name=None,
            commit_email="old@x",
        ),
    )


TYPES = (
    Rule("issue_types", "*", "*"),
    Rule("left_out_types", "!part/task", "part/task"),
    Rule("left_out_types", "!test_case", "test_case"),
    Rule("left_out_types", "!requirement", "requirement"),
    Rule("left_out_types", "!objective", "objective"),
    Rule("left_out_types", "!key_result", "key_result"),
)
DEFAULTS = (
    Rule("left_out_authors", "bot", "bot"),
    Rule("left_out_authors", "ai_agent", "ai_agent"),
    *TYPES,
    Rule("deployments", "deployment", "deployment"),
    Rule("deployments", "ledger", "ledger"),
    Rule("deployment_tags", "v*", "v*"),
    Rule("incident_labels", "incident", "incident"),
    Rule("incident_labels", "outage", "outage"),
    Rule("incident_types", "incident", "incident"),
    Rule("hotfix_labels", "hotfix", "hotfix"),
    Rule("hotfix_branches", "hotfix/*", "hotfix/*"),
    Rule("hotfix_branches", "hotfix-*", "hotfix-*"),
    Rule("test_labels", "test iteration", "test iteration"),
    Rule("test_labels", "test-iteration", "test-iteration"),
    *(Rule("generated", pattern, f"*/{pattern}") for pattern in GENERATED if pattern[-1] != "/"),
    *(Rule("generated", folder, f"*/{folder}*") for folder in GENERATED if folder[-1] == "/"),
    Rule("started_labels", "in progress", "in progress"),
    Rule("started_labels", "doing", "doing"),
)


def test_without_settings_the_default_rules_hold(opened):
    context = context_of(opened(""))
    assert (context.projects, context.rules, context.targets) == ((), DEFAULTS, ())


def test_a_project_has_its_part_its_period_and_the_rules_of_all_but_its_own(opened):
    """A rule of its own stands instead of that of all; each pattern once, however spelled."""
    context = context_of(
        opened(
            '[rules]\nincident_labels = ["Sev*", "sev*"]\nleft_out_authors = []\n'
            'deployments = ["tag"]\nincident_titles = ["^down"]\nincident_window_hours = 24\n'
            '[[projects]]\nname = "shop"\ntitle = "Shop"\ntitle_ko = "상점"\nsources = ["x"]\n'
            'paths = ["web/", "lib/*.c"]\nbranches = ["main"]\nlabels = ["Web"]\n'
            "active_from = 2026-01-01\nactive_until = 2026-06-30\n"
            '[projects.rules]\ndeployments = ["release"]\nincident_window_hours = 8\n'
            "hotfix_branches = []\n"
            '[[projects]]\nname = "lib"\nsources = ["x"]\n'
        )
    )
    parts = (
        Rule("branches", "main", "main"),
        Rule("labels", "Web", "web"),
        Rule("paths", "web/", "web/*"),
        Rule("paths", "lib/*.c", "lib/*.c"),
    )
    incidents = (Rule("incident_labels", "Sev*", "sev*"), *DEFAULTS[13:14])
    titles = (Rule("incident_titles", "^down", "(?i)^down"),)
    tags = (Rule("deployments", "tag", "tag"), *DEFAULTS[10:11])
    releases = (Rule("deployments", "release", "release"), *DEFAULTS[10:11])
    shop, lib = context.projects
    assert context.rules == lib.rules == (*TYPES, *tags, *incidents, *titles, *DEFAULTS[14:])
    assert lib.incident_window_hours == 24
    assert shop == Project(
        name="shop",
        title="Shop",
        sources=shop.sources,
        title_ko="상점",
        active_from=date(2026, 1, 1),
        active_until=date(2026, 6, 30),
        rules=(
            *(*parts, *TYPES, *releases, *incidents, *titles, *DEFAULTS[14:15], *DEFAULTS[17:]),
        ),
        incident_window_hours=8,
    )


def test_targets_of_the_settings(opened):
    context = context_of(
        opened(
            '[[projects]]\nname = "a"\nsources = ["x"]\n'
            '[[targets]]\nkpi = "commits"\nyear = 2026\ntarget = 40\n'
            '[[targets]]\nkpi = "change_lead_time"\nyear = 2026\ntarget = 24.5\nnear = 36\n'
            'project = "a"\nquarter = "Q2"\naccepted_until = 2026-05-31\n'
            '[[targets]]\nkpi = "commits"\nyear = 2027\ntarget = 0\nproject = "*"\n'
            'quarter = "2027-Q1"\n'
        )
    )
    assert context.targets == (
        Target(kpi="commits", fiscal_year=2026, target=40),
        Target(
            kpi="change_lead_time",
            fiscal_year=2026,
            target=24.5,
            project="a",
            quarter="2026-Q2",
            near=36,
            accepted_until=date(2026, 5, 31),
        ),
        Target(kpi="commits", fiscal_year=2027, target=0, project="*", quarter="2027-Q1"),
    )


@pytest.mark.parametrize("quarter", ["4", "'4'", "'q4'", "'Q4'", "'2026-Q4'", "'2026q4'"])
def test_the_quarter_of_a_target_is_written_as_in_a_ledger(opened, quarter):
    text = f"[[targets]]\nkpi = 'commits'\nyear = 2026\ntarget = 40\nquarter = {quarter}\n"

    assert context_of(opened(text)).targets == (
        Target(kpi="commits", fiscal_year=2026, target=40, quarter="2026-Q4"),
    )


TARGET = '[[targets]]\nkpi = "change_fail_rate"\nyear = 2026\ntarget = {}\n'


def test_a_target_of_a_ratio_may_be_in_percent(opened):
    (target,) = context_of(opened(TARGET.format('15\nnear = 20\nunit = "%"'))).targets
    assert target == Target(kpi="change_fail_rate", fiscal_year=2026, target=0.15, near=0.2)
    (target,) = context_of(opened(TARGET.format('1.5\nunit = "ratio"'))).targets
    assert target.target == 1.5


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("15", 'target 15 of change_fail_rate may be a percentage; write unit = "%" or "ratio"'),
        ('0.1\nunit = "hours"', "unit 'hours' is not of change_fail_rate; write ratio or %"),
    ],
)
def test_a_target_whose_unit_is_not_clear_is_refused(opened, written, problem):
    with pytest.raises(SettingsError, match=re.escape(problem)):
        opened(TARGET.format(written))


def test_a_mailmap_that_is_not_there(opened):
    with pytest.raises(SettingsError, match=r"people\.mailmap: .*Correct the path"):
        context_of(opened('[people]\nmailmap = "none"\n'))


def test_a_folder_in_the_place_of_the_settings_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quarry.toml").mkdir()
    with pytest.raises(SettingsError, match=r"^quarry.toml: it is no file\. Move it away"):
        open_workspace(None, None)
