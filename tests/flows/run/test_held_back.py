"""Test that one invalid row keeps no other source from being published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.run.publish import held_back_notes, rebuild
from tests.support.rows.row_histories import HistoryRows, instant
from tests.support.rows.some_models import BUILDERS, HEADLINE, copy_models, models_of
from tests.support.running.shop_home import ShopHome, nobody
from warehouse.connection import open_for_reading
from warehouse.errors import CheckFailed, ModelFailed

GOOD, BAD = "github.com/o/good", "github.com/o/bad"
SETTINGS = """
home = "home"
[[projects]]
name = "app"
sources = ["https://github.com/o/good", "https://github.com/o/bad"]
"""
CHECK = """\
-- No commit is poison.
select source, commit_hash from facts.commits where subject = 'poison'
"""
# It names no source.
COUNT = """\
-- No commit is of no use.
select count(*) as row_count from facts.commits where subject = 'no use' having count(*) > 0
"""
MODEL = """\
-- Commits with a number, which those named broken have none.
-- grain: source, commit_hash
select
    source,
    commit_hash,
    case when subject = 'broken' then subject else '1' end::bigint as commit_number
from facts.commits
"""
FOUND = "select source, count(*) from facts.commits group by source order by source"


@pytest.fixture(scope="module", autouse=True)
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sql") / "sql"
    copy_models(folder, *HEADLINE, "facts.commits")
    (folder / "checks" / "git" / "no_commit_is_poison.sql").write_text(CHECK, "utf-8")
    (folder / "checks" / "git" / "no_commit_is_of_no_use.sql").write_text(COUNT, "utf-8")
    (folder / "intermediate" / "git" / "numbered_commits.sql").write_text(MODEL, "utf-8")
    with models_of(folder, BUILDERS):
        yield folder


@pytest.fixture
def home(tmp_path):
    (tmp_path / "quarry.toml").write_text(SETTINGS, "utf-8")
    return ShopHome(tmp_path)


def poll(home, source, day, subject="Work"):
    """Record one commit of a day, on top of that of the day before."""
    at = instant(f"2024-03-{day:02}")
    made = HistoryRows(source=source, looked_at=at + timedelta(days=1))
    parents = [f"{source}-{day - 1}"] if day > 1 else []
    made.commit(f"{source}-{day}", *parents, at=f"2024-03-{day:02}T00:00", subject=subject)
    made.found(home.store)


def broken_on_the_second_day(home, subject):
    """Publish two days, of which the second has a row that fails."""
    for day, last in ((1, "Work"), (2, subject)):
        poll(home, GOOD, day)
        poll(home, BAD, day, last)
        home.publish()


def commits(home):
    with open_for_reading(home.warehouse) as connection:
        return dict(connection.execute(FOUND).fetchall())


def test_a_source_that_fails_a_check_is_published_without_its_newest_batch(home):
    broken_on_the_second_day(home, "poison")

    assert commits(home) == {GOOD: 2, BAD: 1}
    (note,) = held_back_notes(home.warehouse)
    assert note == (
        f"{BAD}: 1 of its newest batches held back, because the check no_commit_is_poison failed "
        f"with them (source {BAD}, commit_hash {BAD}-2). Everything else is published. "
        "Every build tries them again."
    )


def test_a_source_with_which_a_model_fails_is_published_without_its_newest_batch(home):
    broken_on_the_second_day(home, "broken")

    assert commits(home) == {GOOD: 2, BAD: 1}
    (note,) = held_back_notes(home.warehouse)
    assert note == (
        f"{BAD}: 1 of its newest batches held back, because the model numbered_commits.sql failed "
        "with them (Conversion Error: Could not convert string 'broken' to INT64). "
        "Everything else is published. Every build tries them again."
    )


def test_the_source_of_a_check_that_names_none_is_found(home):
    for source in (GOOD, BAD):
        poll(home, source, 1)
    home.publish()
    poll(home, GOOD, 2)
    poll(home, BAD, 2, "no use")
    home.publish()

    assert commits(home) == {GOOD: 2, BAD: 1}
    (note,) = held_back_notes(home.warehouse)
    assert note.startswith(f"{BAD}: 1 of its newest batches held back, because the check no_commit")


def test_a_first_build_is_without_the_source_with_which_a_model_fails(home):
    """More than the newest batch is held back where an older one has the row."""
    poll(home, GOOD, 1)
    for day, subject in ((1, "Work"), (2, "broken"), (3, "Work")):
        poll(home, BAD, day, subject)
    home.publish()

    assert commits(home) == {GOOD: 1, BAD: 1}


def test_a_model_that_fails_without_any_row_is_an_error_of_the_model(home, models):
    broken = models / "intermediate" / "git" / "wrong.sql"
    broken.write_text("-- Wrong.\n-- grain: a\nselect 'x'::bigint as a\n", "utf-8")
    poll(home, GOOD, 1)
    poll(home, BAD, 1)
    with pytest.raises(ModelFailed, match="Could not convert string 'x'"):
        home.publish()
    broken.unlink()


def test_a_rebuild_publishes_the_same(home):
    for day, subject in ((1, "Work"), (2, "poison"), (3, "Work")):
        poll(home, GOOD, day)
        poll(home, BAD, day, subject)
        home.publish()
    published = commits(home), held_back_notes(home.warehouse)
    assert published[0] == {GOOD: 3, BAD: 1}

    rebuild(home.workspace, nobody())
    assert (commits(home), held_back_notes(home.warehouse)) == published

    home.warehouse.unlink()
    rebuild(home.workspace, nobody())
    assert commits(home) == published[0]


def test_what_is_held_back_is_published_once_the_check_passes(home, models, tmp_path):
    del models
    poll(home, GOOD, 1)
    poll(home, BAD, 1, "poison")
    home.publish()
    assert commits(home) == {GOOD: 1}

    (home.folder / "home" / "store").rename(tmp_path / "before")
    for day in (1, 2):
        poll(home, GOOD, day)
        poll(home, BAD, day)
    home.publish()
    assert (commits(home), held_back_notes(home.warehouse)) == ({GOOD: 2, BAD: 2}, ())


def test_where_every_source_fails_nothing_is_published(home):
    poll(home, GOOD, 1, "poison")
    poll(home, BAD, 1, "poison")
    with pytest.raises(CheckFailed) as failed:
        home.publish()

    assert failed.value.sources == (BAD, GOOD)
    assert not home.warehouse.exists()
