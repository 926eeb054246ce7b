"""Filters, clicks and keys of the page to explore, in a browser."""

from __future__ import annotations

import shutil

import pytest

from tests.support.running.chromium import driven, needs_chromium

pytestmark = needs_chromium
USE = """
const $ = (id) => page.getElementById(id);
const choose = async (id, value) => {
  $(id).value = value;
  $(id).dispatchEvent(new view.Event("change", {bubbles: true}));
  await wait(50);
};
const points = () => [...page.querySelectorAll("#chart [role=button]")];
const texts = (row) => [...row.cells].map((cell) => cell.textContent);
const bodies = () => [...$("rows").tBodies[0].rows].map(texts);
"""


@pytest.fixture
def folder(explored, tmp_path):
    shutil.copy(explored.workspace.exports / "current" / "explore.html", tmp_path)
    return tmp_path


def test_a_reader_filters_clicks_and_copies(folder):
    script = f"""{USE}
    await choose("kpi", "commits");
    await choose("project", "shop");
    result.name = $("name").textContent;
    result.points = points().map((point) => point.getAttribute("aria-label"));
    points().at(-2).dispatchEvent(new view.MouseEvent("click", {{bubbles: true}}));
    await wait(50);
    result.evidence = [$("quarter-name").textContent, $("counts").textContent];
    result.focus = page.activeElement.id;
    result.rows = bodies();
    result.links = [...$("rows").querySelectorAll("a")].map((link) => link.href);
    result.sql = $("sql").textContent;
    result.hash = view.location.hash;
    await choose("person", result.rows[0][1]);
    result.ofPerson = [...new Set(bodies().map((row) => row[1]))];
    """

    result = driven(folder, "explore.html#lang=en", script)

    assert "error" not in result, result["error"]
    assert result["name"] == "Commits, shop"
    assert all(label.startswith("Q") for label in result["points"])
    quarter, counts = result["evidence"]
    counted = sum(row[-1] == "counts" for row in result["rows"])
    assert quarter.startswith("Evidence of Q")
    assert counts == f"{counted} counted, {len(result['rows']) - counted} excluded"
    assert result["focus"] == "quarter-name"
    assert result["links"]
    assert all(link.startswith("https://") for link in result["links"])
    assert "project = 'shop'" in result["sql"]
    assert "project=shop" in result["hash"]
    assert result["ofPerson"] == [result["rows"][0][1]]


def test_keys_and_screen_readers_find_everything(folder):
    script = f"""{USE}
    await choose("kpi", "commits");
    points()[0].dispatchEvent(new view.KeyboardEvent("keydown", {{key: "Enter", bubbles: true}}));
    await wait(50);
    result.pressed = points().map((point) => point.getAttribute("aria-pressed"));
    result.heading = $("quarter-name").textContent;
    result.unnamed = [...page.querySelectorAll("select, input, button, [role=button]")]
      .filter((field) => !field.hidden && !field.getAttribute("aria-label")
        && !field.textContent.trim() && !field.labels?.[0]?.textContent.trim())
      .map((field) => field.id);
    """

    result = driven(folder, "explore.html#lang=en", script)

    assert "error" not in result, result["error"]
    assert result["pressed"][0] == "true"
    assert "true" not in result["pressed"][1:]
    assert result["heading"].startswith("Evidence of Q")
    assert result["unnamed"] == []


def test_a_phone_scrolls_no_side_in_korean_and_the_dark(folder):
    script = f"""{USE}
    await choose("kpi", "commits");
    points()[0].dispatchEvent(new view.MouseEvent("click", {{bubbles: true}}));
    await wait(50);
    $("lang").click();
    await wait(50);
    result.width = page.documentElement.scrollWidth;
    result.texts = [page.documentElement.lang, page.querySelector("h1").textContent];
    result.paper = view.getComputedStyle(page.body).backgroundColor;
    """

    result = driven(folder, "explore.html#lang=en", script, width=390, is_dark=True)

    assert "error" not in result, result["error"]
    assert result["width"] <= 390
    assert result["texts"] == ["ko", "지표 살펴보기"]
    assert result["paper"] == "rgb(20, 23, 26)"
