"""Test that a failing source has a clear error and no rows."""

from __future__ import annotations

import base64
import pickle
import random
import shutil
import socket
from pathlib import Path

import pytest

from miners import store
from miners.errors import MiningError, SourceDenied, SourceUnavailable
from tests.support.fakes.hosts import host
from tests.support.git.repositories import Repository, git
from tests.support.running.clocks import without_hanging
from tests.support.running.examples import count_of

SECRET = "s3cr3t-t0k3n"


@pytest.fixture
def small(repository):
    for number in range(20):
        repository.commit(b"change", {"a": b"%d\n" % number * 50, "b": b"%d" % (number % 3)})
    return repository


def fails_with(error, match, mined_home, location, **facts):
    """Mine in vain; the message names the source and ends with what to do, and nothing is kept."""
    before = stored(mined_home)
    with pytest.raises(error, match=match) as caught:
        mined_home.mine(location, day=9, **facts)
    assert caught.type is error
    assert str(caught.value).startswith(caught.value.source)
    assert caught.value.remedy
    assert stored(mined_home) == before
    assert not list(mined_home.path.rglob("*.begun"))
    return caught.value


def stored(home):
    folder = home.path / "store"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_path_where_nothing_is(tmp_path, mined_home):
    error = fails_with(SourceDenied, "this path does not exist", mined_home, tmp_path / "gone")
    assert str(tmp_path / "gone") in str(error)
    assert "Correct the path" in error.remedy


@pytest.mark.parametrize("make", ["folder", "file", "folder with a .git of no use"])
def test_what_is_no_repository(make, tmp_path, mined_home):
    place = tmp_path / "something"
    if make == "file":
        place.write_text("no")
    else:
        (place / ".git" if "of no use" in make else place).mkdir(parents=True)
    fails_with(SourceDenied, "not a Git repository", mined_home, place)


def test_a_shallow_clone_by_path_and_over_http(small, tmp_path, mined_home):
    url = f"file://{small.path}"
    git(tmp_path, "clone", "--quiet", "--bare", "--depth=2", url, "shallow.git")
    fails_with(SourceDenied, "unshallow", mined_home, tmp_path / "shallow.git")
    with host(tmp_path) as (address, _):
        fails_with(SourceDenied, "unshallow", mined_home, f"{address}/shallow.git")


def test_a_repository_that_borrows_objects(small, tmp_path, mined_home):
    git(tmp_path, "clone", "--quiet", "--bare", "--shared", str(small.path), "borrowing.git")
    fails_with(SourceDenied, "git repack -a -d", mined_home, tmp_path / "borrowing.git")


@pytest.mark.parametrize("name", ["commondir", "objects", "objects/pack", "files", "loop"])
@pytest.mark.parametrize("is_bare", [False, True])
def test_a_repository_that_refers_to_objects_of_another(name, is_bare, small, tmp_path, mined_home):
    small.git("repack", "-adq")
    own = Repository.make(tmp_path / "own", bare=is_bare)
    git_dir, other = own.path if is_bare else own.path / ".git", small.path / ".git"
    (git_dir / "refs/heads/main").write_text(small.text("rev-parse", "main"))
    if name == "commondir":
        (git_dir / name).write_text(f"{other}\n")
    elif name == "files":
        for file in (other / "objects/pack").iterdir():
            (git_dir / "objects/pack" / file.name).symlink_to(file)
    elif name == "loop":
        (git_dir / "objects/aa").symlink_to("aa")
    else:
        shutil.rmtree(git_dir / name)
        (git_dir / name).symlink_to(other / name)

    # A loop leads nowhere, and the objects of the other are not there.
    problem = "that is not there" if name == "loop" else "borrows objects of another"
    fails_with(SourceDenied, problem, mined_home, own.path)


def test_a_file_of_git_that_refers_to_a_folder_with_the_objects_of_another(
    small, tmp_path, mined_home
):
    """A linked worktree is inside the repository that it refers to; this one is not."""
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/commondir").write_text(f"{small.path}/.git\n")
    (tmp_path / "linked/HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/.git").write_text("gitdir: ../linked\n")
    fails_with(SourceDenied, "borrows objects of another", mined_home, tmp_path / "tree")


MISSING = "1234567890123456789012345678901234567890"


def test_broken_refs_are_named_and_stop_no_other(small, tmp_path, mined_home):
    mined_home.mine(small.path)
    sound, branches = mined_home.refs(), small.path / ".git/refs/heads"
    broken = {"garbage": "no name", "nothing": "", "missing": MISSING, "other": MISSING[::-1]}
    for name, content in broken.items():
        (branches / name).write_text(content)
    small.commit(b"more", {"a": b"more\n"})

    receipt = mined_home.mine(small.path, day=1)

    assert receipt.cursor["broken"] == [f"refs/heads/{name}" for name in sorted(broken)]
    assert mined_home.refs().keys() == sound.keys()
    assert len(mined_home.commits()) == 21
    for name in broken:
        (branches / name).write_text(small.text("rev-parse", "main"))
    assert mined_home.mine(small.path, day=2).cursor["broken"] == []
    assert mined_home.refs().keys() == sound.keys() | {f"refs/heads/{name}" for name in broken}


def test_a_broken_default_branch_fails_the_source(small, mined_home):
    small.commit(b"other", {"a": b"other\n"}, ref="refs/heads/other")
    (small.path / ".git/refs/heads/main").write_text(MISSING)
    problem = "refs/heads/main refers to an object that is not there"
    fails_with(SourceDenied, problem, mined_home, small.path)


def test_a_partial_clone(small, tmp_path, mined_home):
    small.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{small.path}"
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", url, "partial.git")
    fails_with(SourceDenied, "complete clone", mined_home, tmp_path / "partial.git")


# Git before 2.40 ends with an error; a later one fetches what it can, without the flipped commit.
DAMAGED = (
    "the repository is damaged (",
    "refs/heads/main refers to an object that is not there",
)


def test_bits_flipped_in_a_pack_are_noticed_and_nothing_is_kept(small, mined_home):
    """Either git reads around the flip and all is there, or nothing is and the cursor stays."""
    tip = small.text("rev-parse", "main")
    mined_home.mine(small.path)
    small.commit(b"more", {"a": b"more\n"})
    small.git("repack", "-a", "-d", "-q")
    (pack,) = small.path.glob(".git/objects/pack/*.pack")
    pack.chmod(0o644)
    whole, dice, outcomes = pack.read_bytes(), random.Random(1), []
    for number in range(count_of(20)):
        flipped = bytearray(whole)
        flipped[dice.randrange(12, len(whole) - 20)] ^= 1 << dice.randrange(8)
        pack.write_bytes(flipped)
        mirrors = mined_home.path / "mirrors"
        shutil.rmtree(mirrors)
        before = stored(mined_home)
        try:
            mined_home.mine(small.path, day=number + 1)
        except SourceDenied as error:
            outcomes.append(error.problem)
            assert stored(mined_home) == before
            cursor = store.latest(mined_home.path / "store", str(small.path)).cursor
            assert cursor["refs"]["refs/heads/main"][0] == tip
        else:
            assert len(mined_home.commits()) == 21
            shutil.rmtree(Path(before[0]).parents[1] / "000002")
    assert [outcome for outcome in outcomes if not outcome.startswith(DAMAGED)] == []
    assert len(outcomes) > 10


@pytest.mark.parametrize(
    ("status", "error", "match"),
    [
        (401, SourceDenied, "token_env"),
        (403, SourceDenied, "access was denied"),
        (404, SourceDenied, "Correct the address"),
        (410, SourceDenied, "Correct the address"),
        (429, SourceUnavailable, "limits the requests"),
        (500, SourceUnavailable, "next run tries again"),
        (503, SourceUnavailable, "next run tries again"),
    ],
)
def test_what_a_host_answers_decides(status, error, match, mined_home):
    headers = {"WWW_Authenticate": 'Basic realm="x"'} if status == 401 else {}
    with host(answer=lambda request, _: request.say(status, **headers)) as (address, _):
        failure = fails_with(error, match, mined_home, f"{address}/team/corrupt-app")
    assert "team/corrupt-app" in failure.source


def test_a_redirect_to_another_host_is_not_followed(small, mined_home):
    with host(small.path.parent) as (elsewhere, seen_elsewhere):

        def redirect(request, path):
            return request.say(302, Location=f"{elsewhere}{path}?service=git-upload-pack")

        with host(answer=redirect) as (address, seen):
            variables = token_for(address)
            url = f"{address}/repository"
            fails_with(SourceDenied, "new address", mined_home, url, secrets=variables)
    assert SECRET_HEADER in seen[0].values()
    assert seen_elsewhere == []


SECRET_HEADER = "Basic " + base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()


def token_for(address):
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{address}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: {SECRET_HEADER}",
    }


def test_a_token_opens_what_is_closed_without_it_and_is_written_nowhere(small, mined_home):
    def closed(request, _path):
        is_open = request.headers.get("Authorization") == SECRET_HEADER
        return not is_open and request.say(401, WWW_Authenticate='Basic realm="x"')

    with host(small.path.parent, closed) as (address, _):
        url = f"{address}/repository"
        fails_with(SourceDenied, "credentials are missing", mined_home, url)
        mined_home.mine(url, secrets=token_for(address))
    assert len(mined_home.commits()) == 20
    encoded = SECRET_HEADER.removeprefix("Basic ").encode()
    for path in mined_home.path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert encoded not in content
            assert SECRET.encode() not in content


def test_a_host_that_stalls_is_given_up_in_time(mined_home):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/team/app"
        with without_hanging():
            fails_with(
                SourceUnavailable, "not finished in time", mined_home, url, timeout_seconds=1.0
            )


def test_a_host_that_breaks_off_in_the_middle_leaves_the_mirror_in_place(small, mined_home):
    """What is lost on the way says nothing against our own copy."""
    is_broken = False

    def answer(request, path):
        if not (is_broken and path.endswith("upload-pack") and request.command == "POST"):
            return False
        if not fetching(request):
            return False
        request.send_response(200)
        request.send_header("Content-Type", "application/x-git-upload-pack-result")
        request.end_headers()
        request.wfile.write(b"000dpackfile\n0010\x01PACK\0\0\0\2\0")
        return True

    def fetching(request):
        return int(request.headers.get("Content-Length") or 0) > 250

    with host(small.path.parent, answer) as (address, _):
        mined_home.mine(f"{address}/repository")
        marker = mined_home.mirror() / "marker"
        marker.touch()
        small.commit(b"more", {"a": b"more\n"})
        is_broken = True
        with pytest.raises(MiningError) as caught:
            mined_home.mine(f"{address}/repository", day=1)
        assert caught.type is SourceUnavailable
        assert marker.exists()
        is_broken = False
        mined_home.mine(f"{address}/repository", day=2)
    assert len(mined_home.commits()) == 21
    assert marker.exists()


def test_a_branch_that_is_deleted_between_poll_and_fetch_fails_the_source(small, mined_home):
    """Else it would be observed as deleted with commits that nobody has read."""
    small.git("branch", "gone", "main")
    polls = []

    def answer(request, path):
        polls.extend([path] if path.endswith("info/refs") else [])
        if len(polls) == 2:
            small.git("branch", "-D", "gone")
            polls.append("deleted")
        return False

    with host(small.path.parent, answer) as (address, _):
        match = "refs/heads/gone was advertised and not fetched"
        fails_with(SourceUnavailable, match, mined_home, f"{address}/repository")


def test_a_host_that_is_not_there(mined_home):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    url = f"http://127.0.0.1:{port}/team/app"
    fails_with(SourceUnavailable, "did not respond", mined_home, url)


def test_errors_cross_processes():
    error = SourceDenied("a", "b", "c")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "a: b. c"
