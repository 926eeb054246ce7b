"""The default branch of a repository, also where HEAD names none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miners import store
from miners.batch import BatchWriter
from miners.errors import SourceDenied
from miners.git.address import GitSource
from miners.git.default_branch import choose_default_branch
from miners.git.refs import DefaultBranch, parse_advertisement
from miners.tracker.address import TRACKER_BRANCH, tracker_id
from tests.support.git.repositories import DAY_ONE

A, B = "a" * 40, "b" * 40


def chosen(branches, *, head=None, cloned=None, setting=None, tracker=None, commit=None):
    """Choose among branches; head is what HEAD names, commit what a detached HEAD has."""
    lines = [f"{A}\trefs/heads/{name}" for name in branches]
    if cloned:
        lines.append(f"ref: refs/remotes/origin/{cloned}\trefs/remotes/origin/HEAD")
    if head:
        lines += [f"ref: refs/heads/{head}\tHEAD", f"{A}\tHEAD"]
    if commit:
        lines.append(f"{commit}\tHEAD")
    source = GitSource(
        id="x/app", name="app", location="x", protocol="file", default_branch=setting
    )
    found = choose_default_branch(parse_advertisement(lines, ("refs/heads/*",)), source, tracker)
    return (found.ref and found.ref.removeprefix("refs/heads/"), found.evidence)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"branches": ["main", "x"], "head": "main"}, ("main", "head")),
        ({"branches": ["main", "x"], "head": "x"}, ("x", "head")),
        ({"branches": ["main", "x"], "head": "main", "setting": "x"}, ("x", "setting")),
        ({"branches": ["main", "x"], "head": "main", "tracker": "x"}, ("x", "tracker")),
        ({"branches": ["a", "x"], "setting": "a", "tracker": "x"}, ("a", "setting")),
        # A tracker may be that of another repository, or be out of date.
        ({"branches": ["main", "x"], "head": "x", "tracker": "y"}, ("x", "head")),
        ({"branches": ["odd"]}, ("odd", "only_branch")),
        ({"branches": ["develop", "trunk", "x"]}, ("trunk", "usual_name")),
        ({"branches": ["master", "main", "x"]}, ("main", "usual_name")),
        ({"branches": ["a", "b"], "cloned": "b", "commit": A}, ("b", "cloned_from")),
        ({"branches": ["a", "main"], "cloned": "gone"}, ("main", "usual_name")),
        ({"branches": ["main", "x"], "commit": B}, ("main", "usual_name")),
        ({"branches": ["x"], "commit": B}, ("x", "only_branch")),
        ({"branches": [], "commit": B}, (None, "detached_head")),
        ({"branches": []}, (None, None)),
        ({"branches": [], "setting": "main"}, (None, None)),
    ],
)
def test_the_first_clear_choice_is_taken(facts, expected):
    assert chosen(**facts) == expected


def test_an_unclear_choice_names_the_branches_and_the_setting():
    with pytest.raises(SourceDenied, match="not clear") as caught:
        chosen([f"b{number}" for number in range(1, 8)])
    assert "b1, b2, b3, b4, b5 and 2 more" in caught.value.problem
    assert caught.value.remedy == "Write default_branch for this source"


def test_a_setting_must_name_a_branch():
    with pytest.raises(SourceDenied, match="there is no branch trunk") as caught:
        chosen(["main"], head="main", setting="trunk")
    assert caught.value.remedy == "Correct default_branch of this source"


def test_a_head_that_never_moved_leads_to_the_only_branch(repository, mined_home):
    tips = [repository.commit(b"c", {"a": b"%d" % number}) for number in range(2)]
    repository.git("symbolic-ref", "HEAD", "refs/heads/master")
    receipt = mined_home.mine(repository.path)
    (row,) = mined_home.rows("repositories").to_dicts()
    assert (row["default_branch"], row["default_branch_hash"]) == ("refs/heads/main", tips[1])
    assert row["default_branch_evidence"] == "only_branch"
    assert mined_home.reachable("default_branch") == set(tips)
    again = mined_home.mine(repository.path, day=1)
    assert (receipt.files != (), again.files) == (True, ())


def test_a_checkout_left_on_an_older_commit_counts_its_default_branch(repository, mined_home):
    tips = [repository.commit(b"c", {"a": b"%d" % number}) for number in range(3)]
    repository.git("update-ref", "--no-deref", "HEAD", tips[0])
    mined_home.mine(repository.path)
    (row,) = mined_home.rows("repositories").to_dicts()
    assert (row["default_branch"], row["default_branch_hash"]) == ("refs/heads/main", tips[2])
    assert mined_home.reachable("default_branch") == set(tips)
    assert mined_home.refs()["HEAD"] == tips[0]


def test_a_setting_that_changes_moves_the_default_branch(repository, mined_home):
    first = repository.commit(b"c", {"a": b"1"})
    second = repository.commit(b"c", {"a": b"2"})
    other = repository.commit(b"c", {"a": b"3"}, parents=[first], ref="refs/heads/release")
    mined_home.mine(repository.path)
    mined_home.mine(repository.path, day=1, default_branch="release")
    assert mined_home.reachable("default_branch") == {first, other}
    mined_home.mine(repository.path, day=2)
    assert mined_home.reachable("default_branch") == {first, second}


def test_the_default_branch_is_that_of_the_tracker_once_it_was_mined(repository, mined_home):
    first = repository.commit(b"c", {"a": b"1"})
    other = repository.commit(b"c", {"a": b"3"}, parents=[first], ref="refs/heads/release")
    source = mined_home.mine(repository.path).source
    assert mined_home.reachable("default_branch") == {first}
    with BatchWriter(mined_home.path / "store", tracker_id(source), "run-0", DAY_ONE) as batch:
        batch.finish({TRACKER_BRANCH: "release"})
    mined_home.mine(repository.path, day=1)
    assert mined_home.reachable("default_branch") == {first, other}


def test_a_cursor_of_an_earlier_version_is_read_once_more(repository, mined_home):
    tips = [repository.commit(b"c", {"a": b"%d" % number}) for number in range(2)]
    repository.git("symbolic-ref", "HEAD", "refs/heads/master")
    receipt = mined_home.mine(repository.path)
    old = {name: receipt.cursor[name] for name in ("refs", "name", "location", "mailmap")}
    (batch,) = store.all_batches(mined_home.path / "store")
    store.write_receipt(batch.folder, replace(receipt, cursor=old | {"default_branch": None}))
    mined_home.mine(repository.path, day=1)
    (row,) = mined_home.rows("repositories", batch=2).to_dicts()
    assert row["default_branch_evidence"] == "only_branch"
    landed = mined_home.rows("reachability", batch=2).filter(scope="default_branch")
    assert set(landed["commit_hash"]) == set(tips)
    assert mined_home.mine(repository.path, day=2).files == ()


def test_no_branch_has_no_tip():
    assert DefaultBranch().tip_ref is None
