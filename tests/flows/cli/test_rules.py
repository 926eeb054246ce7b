"""Test `quarry rules`: each project's rules and what they match."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from flows.cli.console import console
from flows.cli.doctor import print_checks
from flows.cli.progress import ProgressLines
from flows.cli.rules import print_rules
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.run_records import COMPLETED
from flows.run.setup_checks import check_setup
from flows.run.source_checks import SetupCheck
from flows.settings.settings import SettingsError
from flows.settings.workspace import open_workspace
from tests.support.git.repositories import Repository

SETTINGS = """
    home = "data"
    [rules]
    deployments = ["release", "tag"]
    left_out_authors = []
    incident_labels = ["incident"]
    generated = ["*.lock"]
    [[projects]]
    name = "shop"
    title = "Shop"
    title_ko = "상점"
    sources = ["shop", "gone"]
    active_from = 2020-01-01
    [projects.rules]
    deployment_tags = ["rel-*", "v*"]
    incident_window_hours = 24
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Two repositories, of which the settings name one, mined and built."""
    folder = tmp_path_factory.mktemp("rules")
    for name, tag in (("shop", "release-1"), ("other", "v1")):
        made = Repository.make(folder / name)
        made.commit(b"one", {"web/a": b"1\n", "b": b"1\n"})
        made.git("tag", tag)
    (folder / "quarry.toml").write_text(SETTINGS)
    opened = open_workspace(folder / "quarry.toml", None)
    opened.home.mkdir(mode=0o700)
    progress = ProgressLines(Console(file=io.StringIO()))
    locations = tuple(str(folder / name) for name in ("shop", "other"))
    ended = run(Job(opened, locations), LocalEngine(1), progress)
    assert ended.state == COMPLETED, ended
    return opened


SHOWN = """\
shop - Shop / 상점
  owns all of SHOP
  owns all of GONE, not mined yet

  rule              pattern          means                                                           matches now                   set in
RULED
  issue_types       *                an issue of this type counts                                    0 types                       default
  left_out_types    !part/task       an issue of this type does not count                            0 types                       default
                    !test_case                                                                       0 types                       default
                    !requirement                                                                     0 types                       default
                    !objective                                                                       0 types                       default
                    !key_result                                                                      0 types                       default
  deployments       release          a release that is no draft and no pre-release is a deployment   0 releases                    [rules]
                    tag              a final tag of deployment_tags is a deployment                  1 tag                         [rules]
  deployment_tags   rel-*            such a tag is a deployment to production                        0 tags; existing: release-1   [projects.rules]
                    v*                                                                               0 tags; existing: release-1   [projects.rules]
  incident_labels   incident         an issue that ever had it is an incident                        0 labels                      [rules]
  incident_types    incident         an issue of this type is an incident                            0 types                       default
  hotfix_labels     hotfix           a merged change request that ever had it is a hotfix            0 labels                      default
  hotfix_branches   hotfix/*         a merged change request from it is a hotfix                     0 branches                    default
                    hotfix-*                                                                         0 branches                    default
  test_labels       test iteration   an issue that ever had it is a test iteration                   0 labels                      default
                    test-iteration                                                                   0 labels                      default
  generated         *.lock           the lines of such a file do not count                           0 paths                       [rules]
  started_labels    in progress      work on an issue begins when it first has it                    0 labels                      default
                    doing                                                                            0 labels                      default

  Active from 2020-01-01; nothing at other times counts.
  incident_window_hours: an incident without a named deployment is attributed to the newest deployment of the 24 hours before it.
  Deployments in the last build: 0.
  Not in use: left_out_authors, left_out_labels, environments, environment_groups, incident_titles, hotfix_titles, test_titles.
"""  # noqa: E501 - as wide as it is printed


def said(workspace, project=None, form="table", width=150):
    out = io.StringIO()
    print_rules(Console(file=out, width=width, highlight=False), workspace, project, form)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def with_settings(workspace, text):
    """Change the settings after the run."""
    file = workspace.base / "changed.toml"
    file.write_text(text)
    return open_workspace(file, None)


def test_a_project_is_explained_with_what_its_rules_match_now(workspace):
    shop, other = workspace.base / "shop", workspace.base / "gone"
    found = said(workspace, "shop").replace(str(shop), "SHOP").replace(str(other), "GONE")
    assert re.sub(" ─+", "RULED", found) == SHOWN


def test_programs_read_the_same_as_json(workspace):
    shop, other = json.loads(said(workspace, form="json"))
    rules = shop.pop("rules")
    assert shop == {
        "project": "shop",
        "title": "Shop",
        "title_ko": "상점",
        "is_named": True,
        "active_from": "2020-01-01",
        "active_until": None,
        "sources": [str(workspace.base / "shop"), str(workspace.base / "gone")],
        "owns_parts": False,
        "not_mined": [str(workspace.base / "gone")],
        "ledgers": [],
        "deployments": 0,
        "incident_window_hours": 24,
        "unused": [
            *("left_out_authors", "left_out_labels", "environments", "environment_groups"),
            *("incident_titles", "hotfix_titles", "test_titles"),
        ],
    }
    assert rules[7:10] == [
        {
            "rule": "deployments",
            "pattern": "tag",
            "meaning": "a final tag of deployment_tags is a deployment",
            "set_in": "rules",
            "counted": "tag",
            "matches": 1,
            "nearest": [],
        },
        {
            "rule": "deployment_tags",
            "pattern": "rel-*",
            "meaning": "such a tag is a deployment to production",
            "set_in": "projects.rules",
            "counted": "tag",
            "matches": 0,
            "nearest": ["release-1"],
        },
        {
            "rule": "deployment_tags",
            "pattern": "v*",
            "meaning": "such a tag is a deployment to production",
            "set_in": "projects.rules",
            "counted": "tag",
            "matches": 0,
            "nearest": ["release-1"],
        },
    ]
    assert (other["project"], other["is_named"], other["deployments"]) == ("other", False, 1)
    assert [r["matches"] for r in other["rules"] if r["rule"] == "deployment_tags"] == [1]


def test_a_rule_can_be_tried_before_the_next_run(workspace):
    changed = with_settings(workspace, SETTINGS.replace('"rel-*"', '"rel*"'))
    (shop, _) = json.loads(said(changed, form="json"))
    tried = [r["matches"] for r in shop["rules"] if r["rule"] == "deployment_tags"]
    assert (tried, shop["deployments"]) == ([1, 0], 0)


def test_before_the_first_run_the_meanings_are_shown(workspace, tmp_path):
    fresh = replace(workspace, home=tmp_path)
    shown = said(fresh)
    assert "a final tag of deployment_tags is a deployment" in shown
    assert "matches now" not in shown
    assert shown.endswith("The matches are known after the first `quarry run`.")
    assert {r["matches"] for r in json.loads(said(fresh, form="json"))[0]["rules"]} == {None}
    nothing = replace(with_settings(workspace, ""), home=tmp_path)
    assert said(nothing) == ("No project yet. Name one under [[projects]], or use `quarry run`.")


def test_a_project_or_format_that_there_is_not(workspace):
    with pytest.raises(SettingsError, match=r"^--project: unknown project 'shp'; .*'shop'\?$"):
        said(workspace, "shp")
    with pytest.raises(SettingsError, match=r"^--format: unknown value 'csv'. Use table or json.$"):
        said(workspace, form="csv")


def test_doctor_warns_of_rules_that_match_nothing(workspace, capsys):
    """What somebody wrote is named by its pattern; of a git repository no label is missed."""
    checks = check_setup(workspace.file, None)
    warnings = [c for c in checks if c.is_warning and c.subject.startswith("rules")]
    command = "`quarry rules --project shop` lists the names."
    assert warnings[:2] == [
        SetupCheck(
            subject="rules of shop",
            is_ok=True,
            detail="nothing in the warehouse matches deployment_tags 'rel-*', deployment_tags "
            "'v*', incident_labels 'incident'",
            remedy=command,
            is_warning=True,
        ),
        SetupCheck(
            subject="rules of shop",
            is_ok=True,
            detail="the last build has no deployment, so its delivery figures have no data",
            remedy=f"Set deployments or environments under [rules]. {command}",
            is_warning=True,
        ),
    ]
    assert [warning.detail for warning in warnings[2:]] == [
        "nothing in the warehouse matches incident_labels 'incident'"
    ]
    print_checks(console(), warnings)
    assert "warn  rules of shop: nothing" in capsys.readouterr().out


def test_in_a_narrow_terminal_what_rules_mean_stands_below_them(workspace):
    lines = said(workspace, "shop", width=80).splitlines()
    begins = next(i for i, line in enumerate(lines) if line.startswith("deployments "))

    assert lines[4].split() == ["rule", "pattern", "matches", "now", "set", "in"]
    assert max(map(len, lines[4:begins])) <= 80
    assert lines[begins : begins + 4] == [
        "deployments      a release that is no draft and no pre-release is a deployment;",
        "                 a final tag of deployment_tags is a deployment",
        "deployment_tags  such a tag is a deployment to production",
        "incident_labels  an issue that ever had it is an incident",
    ]
