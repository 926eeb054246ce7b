"""Compare a manual report in Korean with its ledger and Git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.year_in_korean.world import make_world

ROOT = Path(__file__).parents[3]
PROJECTS = [
    ("기간", "프로젝트", "목록"),
    ("1분기", "3개", "시연 사이트, 헬릭스+, 호수 안전"),
    ("2분기", "4개 (+1)", "검색 가능한 시스템, 시연 사이트, 헬릭스+, 호수 안전"),
    ("3분기", "2개 (-2)", "시연 사이트, 영상 기록 검색"),
    ("4분기", "3개 (+1)", "실시간 모자이크, 영상 기록 검색, 호수 안전 확대"),
    ("**2022년**", "**7개**", ""),
]
ACTIVITIES = [
    ("활동", "1분기", "2분기", "3분기", "4분기", "2022년"),
    ("**글 작성·번역**", "5건", "2건 (-3건)", "0건 (-2건)", "0건 (±0)", "**7건**"),
    ("**발표**", "0건", "1건 (+1건)", "0건 (-1건)", "0건 (±0)", "**1건**"),
    ("**발표 준비**", "12건", "9건 (-3건)", "0건 (-9건)", "0건 (±0)", "**21건**"),
    ("발표 준비, 시간", "36", "27 (-9)", "0 (-27)", "0 (±0)", "**63**"),
    ("**시연**", "0건", "3건 (+3건)", "0건 (-3건)", "0건 (±0)", "**3건**"),
    ("**논문 리뷰**", "0건", "1건 (+1건)", "0건 (-1건)", "0건 (±0)", "**1건**"),
    ("**커뮤니티 참여**", "0건", "2건 (+2건)", "1건 (-1건)", "0건 (-1건)", "**3건**"),
]
WRITING = [
    ("일자", "제목"),
    ("2022. 1. 15.", "모던 리눅스 관리 책"),
    ("2022. 1. 29.", "로깅 시스템 강의 준비"),
    ("2022. 2. 12.", "클레임"),
    ("2022. 2. 26.", "[2022년 시각화와 로깅 매니저 생태계](https://blog.example/loggers)"),
    ("2022. 3. 19.", "[5가지 FastAPI에서 알면 좋은 기능들](https://blog.example/fastapi)"),
    ("2022. 4. 16.", "사진 서비스의 백엔드 시스템"),
    ("2022. 5. 21.", "사이드카란?"),
]
NEW = [
    ("프로젝트 신규 도입 기술", "1분기", "2분기", "3분기", "4분기", "2022년"),
    ("언어", "1건", "1건", "0건", "1건", "3건"),
    ("도구", "0건", "0건", "0건", "1건", "1건"),
    ("전사 최초 도입 기술", "1건", "1건", "0건", "1건", "3건"),
]
# Without the commits, whose hashes are in the page.
NEW_IN_GIT = [
    ("기술", "종류", "프로젝트", "파일", "일자"),
    ("**Protocol Buffers**", "언어", "호수 안전", "`protocol/analysis.proto`", "2022. 3. 7."),
    ("**C++**", "언어", "호수 안전", "`streaming/live.cpp`", "2022. 6. 20."),
    ("**Python**", "언어", "영상 기록 검색", "`search/index.py`", "2022. 10. 11."),
    ("**Elasticsearch**", "도구", "영상 기록 검색", "`elasticsearch.yml`", "2022. 10. 12."),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    make_world(folder)
    for command in (("run",), ("report", "2022", "--lang", "ko", "--format", "md")):
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli.main", *command],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    (path,) = (folder / "home" / "reports" / "2022").glob("*.md")
    return path.read_text("utf-8").splitlines()


def table(lines, first):
    """Find the rows of the table whose first heading is this, without the line below headings."""
    begins = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    ends = [*lines, ""].index("", begins)
    rows = [tuple(cell.strip() for cell in line[1:-1].split(" |")) for line in lines[begins:ends]]
    return [rows[0], *rows[2:]]


def test_projects_are_counted_by_quarter(printed):
    assert table(printed, "기간") == PROJECTS


def test_writing_talks_and_demonstrations_are_counted_with_their_hours(printed):
    assert table(printed, "활동") == ACTIVITIES
    assert table(printed[printed.index("### 글 작성·번역") :], "일자") == WRITING


def test_new_technologies_are_those_first_seen_in_git(printed):
    assert table(printed, "프로젝트 신규 도입 기술") == NEW
    assert [(*row[:4], row[5]) for row in table(printed, "기술")] == NEW_IN_GIT
