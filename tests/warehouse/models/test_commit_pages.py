"""Test the web addresses of commits in evidence."""

from __future__ import annotations

from tests.support.rows.row_histories import HistoryRows, builder
from tests.support.rows.trackers import TrackerRows

build = builder("figures.kpi_evidence", kpis=("commits",))

PAGES = """
    select distinct source, subject_url from figures.kpi_evidence
    where subject_type = 'commit' order by source
"""


def test_a_commit_has_a_page_where_its_host_is_known(tmp_path):
    """By its tracker, or because everybody knows the host; a folder has none."""
    own = "git.example.org/g/sub/p"
    for source in ("github.com/o/r", "gitlab.com/g/p", own, "/home/ann/repository"):
        history = HistoryRows(source=source)
        history.commit(f"of {source}", subject="Do it (#1)")
        history.found(tmp_path)
    tracker = TrackerRows(source=f"{own}#tracker")
    tracker.found(
        tmp_path, tracker_kind="gitlab", path="g/sub/p", url=f"https://{own}", repository=own
    )

    assert build(tmp_path).execute(PAGES).fetchall() == [
        ("/home/ann/repository", None),
        (own, f"https://{own}/-/commit/of {own}"),
        ("github.com/o/r", "https://github.com/o/r/commit/of github.com/o/r"),
        ("gitlab.com/g/p", "https://gitlab.com/g/p/-/commit/of gitlab.com/g/p"),
    ]
