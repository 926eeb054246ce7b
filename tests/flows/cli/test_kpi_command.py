"""`quarry kpi`: the table as it is printed, and the same figures for programs."""

from __future__ import annotations

import csv
import io
import json
import re

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len

from tests.support.running.shop_home import plain

SHOWN = """\
KPIs of 2024, project shop

                                                            Q2         2024
  KPI                                          Q1       so far       so far   Target
RULED
  Commits                                       4            1            5
                                                            -3
  Lines changed                               143            1          144
                                                          -142
  Active contributors                           2            1            2
                                                            -1
  Change requests merged                        3            0            3
                                                            -3
  Issues closed                                 3            0            3
                                                            -3
  Throughput                                    5            0            5
                                                            -5
  Issues resolved of those worked on    66.7% n=3      no data    66.7% n=3
  Issue closure ratio                     75% n=4      no data      75% n=4
  Issues remaining                              1            1            1
                                                            ±0
  Days to close                         2.5 d n=3      no data    2.5 d n=3
  First response time                  24.0 h n=1      no data   24.0 h n=1
  Merge lead time                       3.0 d n=3      no data    3.0 d n=3    2.5 d
                                             near                               near
  Coding time                          24.0 h n=3      no data   24.0 h n=3
  Pickup time                          42.0 h n=2      no data   42.0 h n=2
  Review time                          12.0 h n=2      no data   12.0 h n=2
  Merge wait                            2.3 d n=2      no data    2.3 d n=2
  Project lead time                    10.0 d n=1      no data   10.0 d n=1
  Change lead time                        no data      no data      no data
  Deployment frequency                          3            0            3
                                                            -3
  Change fail rate                      33.3% n=3      no data    33.3% n=3
  Failed deployment recovery time       3.5 d n=1      no data    3.5 d n=1
  Deployment rework rate                   0% n=3      no data       0% n=3
  Mean time to recovery                 2.5 d n=1      no data    2.5 d n=1
  Longest uptime streak                46.1 d n=2   55.5 d n=1   55.5 d n=1
                                                        +9.4 d
  Project completion rate                 no data      no data      no data
  Deployment schedule adherence            0% n=1      no data       0% n=1
  Test iterations                         no data      no data      no data
  Contributor absence factor                    1            1            1
                                                            ±0
  Bot share                               20% n=5       0% n=1    16.7% n=6
                                                        -20 pp
  AI agent share                           0% n=5       0% n=1       0% n=6
                                                            ±0

so far: not all sources were polled after it ended, so figures may change.
"""
IN_KOREAN = """\
2024년 지표, 프로젝트 shop

                                                    Q2         2024년
  지표                                 Q1      진행 중        진행 중    목표
RULED
  커밋                                  4            1              5
                                                    -3
  변경 라인 수                        143            1            144
                                                  -142
  활동 기여자                           2            1              2
                                                    -1
  병합된 변경 요청                      3            0              3
                                                    -3
  닫힌 이슈                             3            0              3
                                                    -3
  처리량                                5            0              5
                                                    -5
  이슈 해결률                   66.7% n=3    자료 없음      66.7% n=3
  이슈 종료 비율                  75% n=4    자료 없음        75% n=4
  남은 이슈                             1            1              1
                                                    ±0
  이슈 종료 소요 일수           2.5일 n=3    자료 없음      2.5일 n=3
  첫 응답 시간               24.0시간 n=1    자료 없음   24.0시간 n=1
  병합 리드 타임                3.0일 n=3    자료 없음      3.0일 n=3   2.5일
                                     근접                                근접
"""
MARTS = """
    select
        figures.kpi, figures.project, figures.source, coalesce(quarter, fiscal_year::varchar),
        figures.value, n, left_out_count, coverage_ratio, target_status, is_sealed
    from (
        select * from marts.kpi_quarterly union all by name select * from marts.kpi_yearly
    ) as figures
    inner join marts.dim_kpis using (kpi)
    where project = 'shop' and source = '*' and fiscal_year = 2024
    order by position, quarter nulls last
"""
COMPARED = (
    *("kpi", "project", "source", "period", "value", "n", "left_out_count", "coverage_ratio"),
    *("target_status", "is_sealed"),
)


def rows(warehouse, query):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_table_of_a_year(quarry):
    code, said, complained = quarry("kpi", "2024", "--project", "shop")

    assert (code, plain(said), complained) == (0, SHOWN, "")


def test_the_table_in_korean_is_in_line(quarry):
    code, said, _ = quarry("kpi", "--project", "shop", "--lang", "ko")

    assert code == 0
    assert plain(said).startswith(IN_KOREAN)
    assert plain(said).endswith("\n진행 중: 끝난 뒤에 모두 확인되지 않아 아직 바뀔 수 있습니다.\n")


def test_both_titles_stand_below_each_other(quarry, home):
    """Every KPI's; all else is in English."""
    said = plain(quarry("kpi", "--project", "shop", "--lang", "both")[1])
    titles = rows(home.warehouse, "select title, title_ko from marts.dim_kpis order by position")

    found = [re.split("  +", line[2:])[0] for line in said.splitlines()[5:-2]]
    assert [title for title in found if title] == [title for pair in titles for title in pair]


@pytest.mark.parametrize("language", ["en", "ko", "both"])
def test_a_narrow_terminal_shows_all_of_it(quarry, home, language):
    """No title and no figure is lost, and no line is too long."""
    wide = quarry("kpi", "--project", "shop", "--lang", language)[1].decode()
    narrow = quarry("kpi", "--project", "shop", "--lang", language, columns=64)[1].decode()

    assert max(cell_len(line) for line in narrow.splitlines()[:-1]) <= 64
    assert "…" not in narrow
    assert sorted(re.findall(r"\S+", narrow.replace("─", ""))) == sorted(
        re.findall(r"\S+", wide.replace("─", ""))
    )


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_programs_get_the_rows_of_the_marts(quarry, home, form):
    code, said, complained = quarry("kpi", "2024", "--project", "shop", "--format", form)
    assert (code, complained) == (0, "")

    expected = [dict(zip(COMPARED, row, strict=True)) for row in rows(home.warehouse, MARTS)]
    if form == "csv":
        found = list(csv.DictReader(io.StringIO(said.decode())))
        expected = [{k: _as_csv(v) for k, v in row.items()} for row in expected]
    else:
        found = json.loads(said) if form == "json" else pl.read_parquet(io.BytesIO(said)).to_dicts()
    assert len(expected) == 87
    assert [{name: row[name] for name in COMPARED} for row in found] == expected


def _as_csv(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_of_several_projects_all_are_together_and_it_says_how_to_choose(quarry):
    code, said, _ = quarry("kpi")
    *_, hint = plain(said).splitlines()

    assert (code, plain(said).splitlines()[0]) == (0, "KPIs of 2024, all projects")
    assert hint == "All projects together. Choose one with --project: lib, shop."
    assert b"Choose one" not in quarry("kpi", "--project", "*")[1]


def test_one_repository_by_its_name(quarry):
    said = plain(quarry("kpi", "--source", "lib")[1]).splitlines()

    assert said[0] == "KPIs of 2024, github.com/o/lib in lib"
    assert said[5].split() == ["Commits", "1", "0", "1"]


WRONG = {
    "2031": ("there are no figures of 2031.", "The nearest with figures is 2024. There are: 2024."),
    "24": ("'24' is not a year.", "Write one such as 2024."),
    "--project=shopp": (
        "there is no project 'shopp'.",
        "Did you mean 'shop'? There are: lib, shop.",
    ),
    "--source=libs": (
        "there is no source 'libs'.",
        "Did you mean 'github.com/o/lib'? There are: github.com/o/lib, github.com/o/shop.",
    ),
    "--lang=fr": ("--lang: unknown value 'fr'. Use en, ko or both.",),
    "--format=xlsx": ("unknown format 'xlsx'.", "Choose one of table, csv, json, parquet."),
}


@pytest.mark.parametrize("argument", WRONG)
def test_what_there_is_not_is_named_with_the_nearest(quarry, argument):
    complained = "\n".join(WRONG[argument])

    assert quarry("kpi", argument) == (1, b"", f"quarry: {complained}\n")
