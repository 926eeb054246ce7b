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
    ("Q1", "3", "시연 사이트, 헬릭스+, 호수 안전"),
    ("Q2", "4 (+1)", "검색 가능한 시스템, 시연 사이트, 헬릭스+, 호수 안전"),
    ("Q3", "2 (-2)", "시연 사이트, 영상 기록 검색"),
    ("Q4", "3 (+1)", "실시간 모자이크, 영상 기록 검색, 호수 안전 확대"),
    ("**2022년**", "**7**", ""),
]
ACTIVITIES = [
    ("활동", "Q1", "Q2", "Q3", "Q4", "2022년"),
    ("**글 작성·번역**", "5", "2 (-3)", "0 (-2)", "0 (±0)", "**7**"),
    ("**발표**", "0", "1 (+1)", "0 (-1)", "0 (±0)", "**1**"),
    ("**발표 준비**", "12", "9 (-3)", "0 (-9)", "0 (±0)", "**21**"),
    ("발표 준비, 시간", "36", "27 (-9)", "0 (-27)", "0 (±0)", "**63**"),
    ("**시연**", "0", "3 (+3)", "0 (-3)", "0 (±0)", "**3**"),
    ("**논문 리뷰**", "0", "1 (+1)", "0 (-1)", "0 (±0)", "**1**"),
    ("**커뮤니티 참여**", "0", "2 (+2)", "1 (-1)", "0 (-1)", "**3**"),
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
    ("프로젝트에 새로 나타난 기술", "Q1", "Q2", "Q3", "Q4", "2022년"),
    ("언어", "1", "1", "0", "1", "3"),
    ("도구", "0", "0", "0", "1", "1"),
    ("전체 프로젝트에 처음 나타난 기술", "1", "1", "0", "1", "3"),
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
    assert table(printed, "프로젝트에 새로 나타난 기술") == NEW
    assert [(*row[:4], row[5]) for row in table(printed, "기술")] == NEW_IN_GIT
