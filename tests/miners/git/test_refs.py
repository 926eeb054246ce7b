"""Branches, tags and heads that come, move, go and have odd names."""

from __future__ import annotations

import pytest

from miners.git import mirror


@pytest.fixture(autouse=True, params=["few", "many"])
def refs_are_few_or_many(request, monkeypatch):
    """Many refs are fetched in another way, to the same end."""
    if request.param == "many":
        monkeypatch.setattr(mirror, "_MOST_LOOSE_REFS", 0)


def test_a_detached_head_leads_to_commits_of_its_own(small, mined_home):
    """Where there is a branch, they are no part of the default branch."""
    lone = small.commit(b"lone", {"c": b"1\n"}, ref="refs/heads/gone")
    small.git("update-ref", "--no-deref", "HEAD", lone)
    small.git("symbolic-ref", "HEAD", "refs/heads/gone")
    small.git("checkout", "--quiet", "--detach")
    small.git("update-ref", "-d", "refs/heads/gone")
    mined_home.mine(small.path)
    (found,) = mined_home.rows("repositories").to_dicts()
    assert found["default_branch"] == "refs/heads/main"
    assert found["default_branch_hash"] == small.text("rev-parse", "main")
    assert lone in mined_home.reachable() - mined_home.reachable("default_branch")


def test_a_detached_head_is_the_tip_where_there_is_no_branch(small, mined_home):
    tip = small.text("rev-parse", "main")
    small.git("update-ref", "--no-deref", "HEAD", tip)
    small.git("checkout", "--quiet", "--detach")
    for name in ("main", "feature/x"):
        small.git("update-ref", "-d", f"refs/heads/{name}")
    mined_home.mine(small.path)
    (found,) = mined_home.rows("repositories").to_dicts()
    assert (found["default_branch"], found["default_branch_hash"]) == (None, tip)
    assert found["default_branch_evidence"] == "detached_head"
    assert len(mined_home.reachable("default_branch")) == 2


def test_a_renamed_default_branch_is_followed(small, mined_home):
    mined_home.mine(small.path)
    small.git("branch", "--move", "main", "trunk")
    mined_home.mine(small.path, day=1)
    newest = mined_home.rows("repositories").to_dicts()[-1]
    assert newest["default_branch"] == "refs/heads/trunk"
    assert len(mined_home.reachable("default_branch")) == 2
    assert "refs/heads/main" not in mined_home.refs()


def test_a_deleted_default_branch_leaves_the_only_other_one(small, mined_home):
    mined_home.mine(small.path)
    small.git("update-ref", "-d", "refs/heads/main")
    mined_home.mine(small.path, day=1)
    assert mined_home.refs().keys() == {"refs/heads/feature/x"}
    assert mined_home.rows("repositories", batch=2)["default_branch"].to_list() == [
        "refs/heads/feature/x"
    ]
    assert mined_home.reachable("default_branch") == mined_home.reachable()


def test_a_force_push_marks_commits_and_drops_none(small, mined_home):
    mined_home.mine(small.path)
    old = small.text("rev-parse", "main")
    small.git("update-ref", "-d", "refs/heads/feature/x")
    new = small.commit(b"instead", {"a": b"9\n"}, parents=[small.text("rev-parse", "main~1")])
    mined_home.mine(small.path, day=1)
    assert old in mined_home.commits()
    assert old not in mined_home.reachable()
    assert new in mined_home.reachable("default_branch")
    small.ref("refs/heads/again", old)
    mined_home.mine(small.path, day=2)
    assert old in mined_home.reachable()


def test_a_branch_may_become_a_folder_of_branches_and_back(small, mined_home):
    for day, (gone, made) in enumerate([("feature/x", "feature"), ("feature", "feature/y")]):
        mined_home.mine(small.path, day=2 * day)
        tip = small.text("rev-parse", f"refs/heads/{gone}")
        small.git("update-ref", "-d", f"refs/heads/{gone}")
        small.ref(f"refs/heads/{made}", tip)
        mined_home.mine(small.path, day=2 * day + 1)
        assert mined_home.refs().keys() == {"HEAD", "refs/heads/main", f"refs/heads/{made}"}


def test_tags_light_annotated_nested_moved_and_of_what_is_no_commit(small, mined_home):
    """A tag of a tag leads to commits too, also where git peels one step only."""
    below = small.commit(b"by nested tag only", parents=[], ref="refs/heads/x")
    inner = small.tag("inner", below, message="뜻\n".encode())
    outer = small.tag("outer", inner, kind="tag")
    for name in ("refs/heads/x", "refs/tags/inner"):
        small.git("update-ref", "-d", name)
    small.ref("refs/tags/light", small.text("rev-parse", "main"))
    small.tag("of-a-blob", small.blob(b"x"), kind="blob")
    small.tag("unsigned", below, tagger=b"Ada <a@x>")
    mined_home.mine(small.path)
    assert below in mined_home.reachable()
    rows = {row["tag_name"]: row for row in mined_home.rows("tags").to_dicts()}
    assert rows.keys() == {"inner", "outer", "of-a-blob", "unsigned"}
    assert (rows["inner"]["message"], rows["inner"]["tagger_name"]) == ("뜻", "Ada")
    assert (rows["outer"]["target_hash"], rows["outer"]["target_kind"]) == (inner, "tag")
    assert rows["unsigned"]["tagged_at"] is None
    assert mined_home.refs()["refs/tags/outer"] == below
    assert mined_home.refs()["refs/tags/of-a-blob"] is None
    assert outer == mined_home.rows("refs").filter(ref_name="refs/tags/outer")["target_hash"][0]
    small.ref("refs/tags/light", below)
    mined_home.mine(small.path, day=1)
    assert mined_home.refs()["refs/tags/light"] == below


def test_heads_of_change_requests_are_mined_and_other_refs_only_when_asked_for(small, mined_home):
    made = {
        name: small.commit(name.encode(), parents=[], ref=name)
        for name in ("refs/pull/7/head", "refs/merge-requests/8/head")
    }
    merge = small.commit(b"invented", parents=[], ref="refs/pull/7/merge")
    note = small.commit(b"note", parents=[], ref="refs/notes/commits")
    mined_home.mine(small.path)
    kinds = dict(mined_home.rows("refs").select("ref_name", "ref_kind").iter_rows())
    assert {name for name, kind in kinds.items() if kind == "change_request"} == made.keys()
    assert mined_home.reachable() > set(made.values())
    assert mined_home.commits().keys().isdisjoint({merge, note})
    mined_home.mine(small.path, day=1, extra_refs=("refs/notes/*",))
    assert note in mined_home.commits()
    assert merge not in mined_home.commits()


def test_branches_named_like_options_and_commands_are_branches(small, mined_home, tmp_path):
    names = ("--output=PWN", "-n1", "$(touch${IFS}x)", "`touch x`", "x;touch y", "뜻", "a'b\"c")
    tip = small.text("rev-parse", "main")
    (small.path / ".git/packed-refs").write_text(
        "".join(f"{tip} refs/heads/{name}\n" for name in sorted(n.replace(" ", "_") for n in names))
    )
    mined_home.mine(small.path)
    expected = {f"refs/heads/{name.replace(' ', '_')}" for name in names}
    assert mined_home.refs().keys() >= expected
    assert {path.name for path in tmp_path.iterdir()} == {"repository", "home"}


def test_the_object_of_a_tag_that_was_moved_is_read_too(repository, mined_home):
    first = repository.commit(b"one")
    repository.tag("v1", first)
    mined_home.mine(repository.path)
    second = repository.commit(b"two")
    repository.tag("v1", second)
    mined_home.mine(repository.path, day=1)
    assert mined_home.rows("tags")["target_hash"].to_list() == [first, second]


def test_a_head_that_names_another_branch_is_observed_where_the_settings_name_one(
    small, mined_home
):
    """The default branch stays, and the ref HEAD changes."""
    small.git("branch", "other", "main")
    for day, branch in enumerate(("main", "other")):
        small.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        mined_home.mine(small.path, day=day, default_branch="main")
    heads = mined_home.rows("refs").filter(ref_name="HEAD")["symbolic_target"].to_list()
    assert heads == ["refs/heads/main", "refs/heads/other"]
