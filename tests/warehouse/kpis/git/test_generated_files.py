"""Test files that are generated or vendored, which do not count."""

from __future__ import annotations

import pytest

from flows.settings.workspace import context_of, open_workspace
from tests.support.rows.row_histories import ROBOT, SOURCE, HistoryRows, builder, rows

build = builder("marts.kpi_quarterly", "marts.velocity_quarterly", kpis=("lines_changed",))
EVIDENCE = """
    select project, subject_type, subject_id, reason, value
    from figures.kpi_evidence
    where kpi = 'lines_changed' and project != 'host/one'
    order by all
"""
FIGURES = """
    select project, value from marts.kpi_quarterly
    where kpi = 'lines_changed' and source = '*' and quarter = '2024-Q1'
    order by all
"""
VELOCITY = """
    select lines_added, lines_deleted, changed_path_count,
        all_lines_added, all_lines_deleted, all_changed_path_count
    from marts.velocity_quarterly where quarter = '2024-Q1'
"""
OWNED = f'sources = ["https://{SOURCE}"]'


@pytest.fixture
def built(tmp_path):
    def built(history, settings):
        history.found(tmp_path / "store")
        file = tmp_path / "quarry.toml"
        file.write_text(settings)
        return build(tmp_path / "store", context_of(open_workspace(file, None)))

    return built


def attributes(history, *lines):
    history.attributes = "hash"
    for number, line in enumerate(lines, 1):
        history.add("path_attributes", "hash", number, *line)


def test_the_default_rule_excludes_lock_files_minified_and_vendored_files(built):
    history = HistoryRows()
    excluded = [
        *(
            "package-lock.json",
            "x/Cargo.lock",
            "go.sum",
            "bun.lockb",
            "web/app.min.js",
            "a-min.css",
        ),
        *("vendor/a.go", "x/Vendor/b.go", "third_party/c/d.c", "web/node_modules/e/f.js"),
    ]
    counted = ["a.go", "lock", "vendored/a.c", "x/vendor", "yarn.lock/keep.c", "admin.js"]
    history.commit("c1", files=[(path, 100, 1) for path in excluded])
    history.commit("c2", "c1", files=[(path, 1, 2) for path in counted])
    history.commit("c3", "c2", files=[("yarn.lock", 7, 0), ("b.c", 3, 1), ("vendor/b", None, None)])
    history.commit("c4", "c3", by=ROBOT, files=[("yarn.lock", 9, 0), ("c.c", 1, 0)])
    connection = built(history, f'[[projects]]\nname = "all"\n{OWNED}\n')
    assert rows(connection, EVIDENCE) == [
        ("all", "commit", "c1", "counted", 0),
        ("all", "commit", "c2", "counted", 18),
        ("all", "commit", "c3", "counted", 4),
        ("all", "commit", "c4", "bot", 1),
        ("all", "generated_files", "c1", "generated", 1010),
        ("all", "generated_files", "c3", "generated", 7),
    ]
    assert rows(connection, FIGURES) == [("*", 22), ("all", 22)]
    # Also the lines and paths of velocity; the columns of all authors have everything.
    assert rows(connection, VELOCITY) == [(9, 13, 7, 9 + 1000 + 7 + 10, 13 + 10, 20)]


def test_lines_of_a_part_are_those_of_files_in_its_paths(built):
    history = HistoryRows()
    history.commit("c1", files=[("package-lock.json", 5000, 0), ("src/a.js", 2, 0)])
    history.commit("c2", "c1", files=[("src/b.js", 1, 1), ("api/c", 30, 0)])
    history.commit("c3", "c2", files=[("src/package-lock.json", 7, 1)])
    connection = built(
        history,
        f'[[projects]]\nname = "web"\npaths = ["src/"]\n{OWNED}\n'
        f'[[projects]]\nname = "api"\npaths = ["api/"]\n{OWNED}\n',
    )
    assert rows(connection, EVIDENCE) == [
        ("api", "commit", "c2", "counted", 30),
        ("web", "commit", "c1", "counted", 2),
        ("web", "commit", "c2", "counted", 2),
        ("web", "commit", "c3", "counted", 0),
        ("web", "generated_files", "c3", "generated", 8),
    ]


def test_attributes_of_a_repository_decide_before_the_rule(built):
    history = HistoryRows()
    generated, vendored = "linguist-generated", "linguist-vendored"
    attributes(
        history,
        (generated, True, "", ".pb.go", r"(?:.*/)?[^/]*\.pb\.go"),
        (vendored, True, "lib/", "", "lib/[^/]*"),
        (generated, False, "", "yarn.lock", r"(?:.*/)?yarn\.lock"),
        (generated, True, "", "Cargo.lock", r"(?:.*/)?Cargo\.lock"),
        (generated, None, "", "Cargo.lock", r"(?:.*/)?Cargo\.lock"),
        (generated, None, "made/", "", "made/.*"),
        (generated, False, "api/", ".pb.go", r"api/(?:.*/)?[^/]*\.pb\.go"),
        (vendored, False, "", ".d", r"(?:.*/)?[^/]*\.d"),
        (generated, True, "", "e.d", r"(?:.*/)?e\.d"),
    )
    # Those of another time do not apply.
    history.add("path_attributes", "older", 1, generated, True, "", "", ".*")
    files = (
        *(("a.pb.go", 1), ("api/b.pb.go", 2), ("lib/c", 4), ("lib/d/e", 8), ("yarn.lock", 16)),
        *(("web/Cargo.lock", 32), ("x/vendor/f.c", 64), ("vendored.c", 128), ("vendor/a.d", 256)),
        *(("e.d", 512), ("made/b", 1024)),
    )
    history.commit("c1", files=[(path, lines, 0) for path, lines in files])
    connection = built(history, f'[[projects]]\nname = "all"\n{OWNED}\n')
    assert rows(connection, EVIDENCE) == [
        ("all", "commit", "c1", "counted", 2 + 8 + 16 + 128 + 256 + 1024),
        ("all", "generated_files", "c1", "generated", 1 + 4 + 32 + 64 + 512),
    ]


def test_the_rule_of_a_project_replaces_the_default(built):
    history = HistoryRows()
    files = [("yarn.lock", 1, 0), ("Gen/a.c", 2, 0), ("x/gen/b.c", 4, 0), ("x/[1].c", 8, 0)]
    history.commit("c1", files=files)
    rule = '[projects.rules]\ngenerated = ["/gen/", "[1].c"]\n'
    connection = built(history, f'[[projects]]\nname = "all"\n{OWNED}\n{rule}')
    assert rows(connection, EVIDENCE) == [
        ("all", "commit", "c1", "counted", 5),
        ("all", "generated_files", "c1", "generated", 10),
    ]
