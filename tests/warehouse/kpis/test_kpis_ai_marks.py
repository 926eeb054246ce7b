"""The help of AI agents that commits disclose, mark by mark."""

from __future__ import annotations

from flows.settings.people import ai_agents, ai_marks
from tests.support.rows.row_histories import ANN, BOB, HistoryRows, builder, figures, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, IdentityRule, Project

build = builder("marts.kpi_quarterly", "intermediate.ai_helped_commits", kpis=("ai_agent_share",))

CONTEXT = Context(
    projects=(Project(name="r", title="r", sources=(REPOSITORY,)),),
    identity_rules=tuple(IdentityRule("ai_agent", pattern) for pattern in ai_agents()),
    ai_marks=ai_marks(),
)
FEB = "2024-02-10T00:00"
CODEX = ("Codex", "noreply@openai.com")


def history():
    """A commit without a mark, and seven with one of each kind."""
    made = HistoryRows(source=REPOSITORY)
    made.commit("none", at=FEB)
    co_author = ("Co-authored-by", "Claude <noreply@anthropic.com>")
    made.commit("co-author", "none", at=FEB, trailers=[co_author])
    trailer = "Assisted-by: Copilot <copilot@github.com>"
    made.commit("trailer", "co-author", at=FEB, body=trailer, trailers=[tuple(trailer.split(": "))])
    made.commit("assisted", "trailer", at=FEB, body="Why.\n\nAssisted-by: Claude Opus 4")
    made.commit("footer", "assisted", at=FEB, body="🤖 Generated with [Claude Code](https://x)")
    made.commit("note", "footer", at=FEB)
    made.add("ai_notes", "note", "blob", '["cursor"]')
    made.commit("author", "note", at=FEB, by=CODEX)
    made.commit("squash", "author", at=FEB, subject="Change (#7)")
    return made


def request(tracker, number, landed, *own):
    tracker.change_request(
        number,
        ("merged", FEB, {"commit_hash": landed}),
        state="closed",
        merged_at=FEB,
        closed_at=FEB,
        merge_commit_hash=landed,
    )
    for position, name in enumerate(own, 1):
        tracker.commit(number, name, FEB, position)


def found(store, made, tracker=None):
    head = made.head
    made.commit("own", "author", at=FEB, by=BOB, body="Generated with Cursor")
    made.commit("own-2", "own", at=FEB, by=BOB)
    made.head = head
    made.found(store)
    (tracker or TrackerRows()).found(store)
    return build(store, CONTEXT)


def helped(connection):
    return {
        name
        for (name,) in rows(connection, "select commit_hash from intermediate.ai_helped_commits")
    }


def test_every_disclosed_mark_counts_and_that_of_a_squashed_commit_too(tmp_path):
    tracker = TrackerRows()
    request(tracker, 7, "squash", "own", "own-2")

    connection = found(tmp_path, history(), tracker)

    marked = {"co-author", "trailer", "assisted", "footer", "note", "squash", "own"}
    assert helped(connection) == marked
    assert figures(connection, "ai_agent_share", "r") == [(7 / 8, 2, 0, 1)]


def test_a_squash_of_what_an_agent_wrote_is_help(tmp_path):
    made, tracker = history(), TrackerRows()
    made.commit("agent's", "none", at=FEB, by=CODEX)
    made.head = "squash"
    request(tracker, 7, "squash", "agent's", "gone")

    assert "squash" in helped(found(tmp_path, made, tracker))


def test_a_merge_and_a_rebase_have_the_marks_of_their_own_only(tmp_path):
    """What they brought is on the branch, and counts itself."""
    made, tracker = history(), TrackerRows()
    request(tracker, 7, "squash", "own", "squash")

    assert "squash" not in helped(found(tmp_path, made, tracker))


def test_a_note_without_an_agent_and_a_removed_one_are_no_marks(tmp_path):
    made = history()
    made.add("ai_notes", "none", "blob", "[]")
    made.add("ai_notes", "squash", None, None)
    made.add("ai_notes", "author", "blob", None)

    assert helped(found(tmp_path, made)) & {"none", "squash", "author"} == {"author"}


def test_a_person_who_assisted_is_no_agent(tmp_path):
    made = HistoryRows(source=REPOSITORY)
    line = ("Assisted-by", f"{ANN[0]} <{ANN[1]}>")
    made.commit(
        "with-ann", at=FEB, by=BOB, body="Assisted-by: Ann <ann@example.org>", trailers=[line]
    )
    made.found(tmp_path)
    TrackerRows().found(tmp_path)

    assert helped(build(tmp_path, CONTEXT)) == set()
