"""Notes that disclose the AI agents of commits."""

from __future__ import annotations

import json

import pytest

from miners.git.notes import agents_in

RANGES = "src/a.py\n  1f2e 1-4,9\n"


def note(*tools):
    prompts = {str(n): {"agent_id": {"tool": tool, "model": "m"}} for n, tool in enumerate(tools)}
    return f"{RANGES}---\n{json.dumps({'schema_version': '3.0.0', 'prompts': prompts})}"


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        (note("cursor", "claude", "cursor"), '["claude", "cursor"]'),
        (note(), "[]"),
        (note(None), '["unknown"]'),
        ('---\n{"prompts": {"a": 1}}', '["unknown"]'),
        ("---\n{}", "[]"),
        ("Claude helped", None),
        ("---\n{broken", None),
        ('---\n["list"]', None),
        ('---\n{"prompts": []}', None),
        ("---\n" + "[" * 100_000, None),
        ("", None),
    ],
)
def test_a_note_names_the_agents_of_its_prompts(text, agents):
    assert agents_in(text) == agents


def add_note(small, commit, text):
    small.git("notes", "--ref=ai", "add", "-f", "-F", "-", commit, stdin=text.encode(), **WHO)


WHO = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "a@x",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "a@x",
    "GIT_AUTHOR_DATE": "1704067200 +0000",
    "GIT_COMMITTER_DATE": "1704067200 +0000",
}


def stored(home):
    rows = home.rows("ai_notes").select("commit_hash", "agents", "note_hash").iter_rows()
    return [(commit, agents, note is not None) for commit, agents, note in rows]


def test_notes_are_read_when_they_change_and_their_commits_are_no_work(small, mined_home):
    first, last = small.text("rev-parse", "main~1"), small.text("rev-parse", "main")
    add_note(small, first, note("cursor"))
    add_note(small, last, note())
    mined_home.mine(small.path)
    before = mined_home.reachable()

    assert sorted(stored(mined_home)) == sorted([(first, '["cursor"]', True), (last, "[]", True)])
    assert "refs/notes/ai" in mined_home.refs()
    assert (
        mined_home.commits().keys() == before == set(small.text("rev-list", "--branches").split())
    )

    mined_home.mine(small.path, day=1)
    assert len(stored(mined_home)) == 2
    add_note(small, last, note("claude"))
    small.git("notes", "--ref=ai", "remove", first, **WHO)
    mined_home.mine(small.path, day=2)
    assert sorted(stored(mined_home)[2:]) == sorted(
        [(last, '["claude"]', True), (first, None, False)]
    )
    small.git("update-ref", "-d", "refs/notes/ai")
    mined_home.mine(small.path, day=3)
    assert stored(mined_home)[4:] == [(last, None, False)]
    mined_home.mine(small.path, day=4)
    assert len(stored(mined_home)) == 5


def test_the_notes_of_many_commits_are_in_folders(small, mined_home):
    commits = [small.commit(b"%d" % number) for number in range(3)]
    tree = "".join(
        f"100644 blob {small.blob(note('amp').encode())}\t{c[:2]}/{c[2:4]}/{c[4:]}\n"
        for c in commits
    )
    index = {"GIT_INDEX_FILE": str(small.path / "index.of.notes")}
    small.git("update-index", "--index-info", stdin=tree.encode(), **index)
    written = small.git("write-tree", **index).decode().strip()
    made = small.git("commit-tree", written, "-m", "notes", **WHO).decode().strip()
    small.ref("refs/notes/ai", made)
    mined_home.mine(small.path)

    assert {commit for commit, *_ in stored(mined_home)} == set(commits)
