"""Test `quarry asof`: figures of a day, as known then and now."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.expected.known_kpis import title_of
from tests.support.expected.pages import compare_page, compares_page
from tests.support.rows import shop
from tests.support.running.shop_home import plain


@pytest.fixture(scope="module")
def home(built, tmp_path_factory):
    """The home after both looks."""
    own = built.copied(tmp_path_factory.mktemp("asof") / "home")
    shop.second_look(own.store)
    own.publish()
    return own


def value(quarry, day, *arguments):
    code, said, complained = quarry(
        *("asof", day, "--project", "shop", "--format", "csv", *arguments), now=shop.SECOND_LOOK
    )
    assert (code, complained) == (0, "")
    return {row["kpi"]: row for row in csv.DictReader(io.StringIO(said.decode()))}


@compares_page
def test_the_figures_of_a_day(quarry):
    """Nothing that came after it is in them, as the bot's commit of five days later."""
    code, said, complained = quarry("asof", "2024-02-15", "--project", "shop")

    assert (code, complained) == (0, "")
    compare_page("asof.txt", plain(said))


def test_the_figures_of_a_day_in_korean(quarry):
    """The figures are those of the page in English."""
    asked = ("asof", "2024-02-15", "--project", "shop", "--kpi", "commits")
    code, said, _ = quarry(*asked, "--lang", "ko")
    title, _, heading, _, row, *_ = plain(said).splitlines()

    assert code == 0
    assert title == "2024년 1분기 시작부터 2024-02-15까지, 프로젝트 shop, 최근 수집 기준"
    assert " ".join(heading.split()) == "KPI 값 집계 건수 제외 건수 데이터 확보율 최소 최대"
    assert " ".join(row.split()) == f"{title_of('commits', 'ko')} 3건 3 0"
    assert (
        quarry(*asked, "--lang", "fr")[2] == "quarry: --lang: unknown value 'fr'. Use en or ko.\n"
    )


def test_what_came_late_was_not_known_then(quarry):
    """The commit of March was found in May; the day of its author's clock is the same."""
    now, then = (
        value(quarry, "2024-03-31", *known) for known in ((), ("--known-at", "2024-04-10"))
    )

    assert (now["commits"]["value"], then["commits"]["value"]) == ("5.0", "4.0")
    assert (now["lines_changed"]["value"], then["lines_changed"]["value"]) == ("183.0", "143.0")
    same = {"value", "n", "left_out_count"}
    different = {kpi for kpi in now if any(now[kpi][one] != then[kpi][one] for one in same)}
    assert different == {"commits", "lines_changed", "change_lead_time", "bot_share"}


def test_a_day_that_was_not_seen_to_its_end_is_so_far(quarry):
    """On the day of the first look the issue was open; it was closed three weeks later."""
    said = plain(quarry("asof", "2024-04-09", "--kpi", title_of("issues_remaining"))[1])
    later = plain(
        quarry("asof", "2024-05-09", "--kpi", "issues_remaining", now=shop.SECOND_LOOK)[1]
    )
    known = ("--known-at", "2024-04-10T18:00")
    before = plain(
        quarry("asof", "2024-04-10", "--kpi", "issues_remaining", *known, now=shop.SECOND_LOOK)[1]
    )

    title = title_of("issues_remaining").split()
    assert said.splitlines()[4].split() == [*title, "1", "1", "0"]
    assert later.splitlines()[4].split() == [*title, "0", "0", "0"]
    assert before.splitlines()[0].endswith("all projects, as known at 2024-04-10 18:00 UTC")
    assert before.splitlines()[4].split() == [*title, "1", "so", "far", "1", "0"]
    assert before.splitlines()[6:] == [
        "so far: not every source was polled after this day ended; the figure may change.",
        "All projects together. Choose one with --project: lib, shop.",
    ]


WRONG = {
    ("2024-05-11",): "2024-05-11 is not over.\nChoose an earlier day.\n",
    ("2024-03-31", "--known-at", "2024-03-31"): (
        "2024-03-31 was not over by then.\nChoose an earlier day.\n"
    ),
    ("1960-01-01",): "1960-01-01 is outside the calendar.\nChoose a day from 1970 on.\n",
    ("2001-01-01",): (
        "no data for 2001-01-01.\nChoose another day or KPI; `quarry kpi` lists the figures.\n"
    ),
    ("2024-02-15", "--kpi", "comits"): "there is no KPI 'comits'.\nDid you mean 'commits'? ",
    ("2024-02-15", "--project", "shp"): "there is no project 'shp'.\nDid you mean 'shop'? ",
    ("yesterday",): "day: unknown value 'yesterday'. Use a day such as 2025-06-30.\n",
    ("2024-02-15", "--known-at", "now"): (
        "--known-at: unknown value 'now'. Use a time such as 2025-06-30T18:00.\n"
    ),
    ("2024-02-15", "--format", "xml"): "--format: unknown value 'xml'.\nUse table, csv, json or ",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_day_of_which_nothing_can_be_said(quarry, arguments):
    code, said, complained = quarry("asof", *arguments, now=shop.SECOND_LOOK)

    assert (code, said) == (1, b"")
    assert complained.startswith(f"quarry: {WRONG[arguments]}")
