"""Repository with change requests merged in every style, and expected times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

STYLES = ("merge", "squash", "rebase", "fast-forward")
# By rebasing, which keeps the author's times, or by committing all of it again.
REWRITES = ("never", "before_open", "after_open", "redone_after_open")
BEGUN = int(datetime(2024, 1, 2, tzinfo=UTC).timestamp())
FUTURE = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
CYCLE_HOURS = 96
# Hours since the work of a change request began.
SECOND, REWRITTEN_EARLY, OPENED, REWRITTEN_LATE, MERGED, DEPLOYED = 5, 8, 12, 20, 30, 40


@dataclass
class Orchard:
    """
    The repository and its tracker, one change request after the other.

    Shape:   others has what is no change request's on the main branch, by hash: its author time,
             and the number of the deployment that brought it.
    """

    repository: object
    tracker: object
    landed: list = field(default_factory=list)
    others: dict = field(default_factory=dict)

    def __post_init__(self):
        self.tree = self.repository.tree({"a": b"1\n"})
        self.main = self.root = self.commit("root", [], BEGUN - 7200)
        self.repository.tag("v0", self.main, tagger=_person(BEGUN - 3600))

    def land(self, style, rewrite="never", **how):
        """Work, open, perhaps rewrite, merge and deploy."""
        number = len(self.landed) + 1
        request = StyledRequest(self, number, style, rewrite, **how)
        self.landed.append(request)
        request.work()
        request.rewrite_it()
        request.merge()
        self.repository.tag(f"v{number}", self.main, tagger=_person(request.deployed))
        return request

    def advance(self, number, at):
        """Put somebody else's commit on the main branch."""
        self.main = self.commit(f"other {number}", [self.main], at)
        self.others[self.main] = at, number

    def commit(self, message, parents, authored, committed=None):
        by = [_person(authored), _person(committed or authored)]
        raw = self.repository.raw_commit(self.tree, parents, *by, message.encode())
        return self.repository.text("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)


@dataclass
class StyledRequest:
    """
    A change request, and what is true of it.

    Shape:   authored has the author times of the commits it has now, left what it left on the
             main branch: (commit, when its work began).
    Units:   seconds since 1970; each takes a minute longer than the one before it.
    """

    orchard: Orchard
    number: int
    style: str
    rewrite: str
    # The author's clock where it is wrong.
    clock: int | None = None
    # Whether the subject of a squash names the change request.
    is_named: bool = True
    # What to do once it is opened.
    look: object = None
    left: list = field(default_factory=list)
    merge_commit: str | None = None

    @property
    def subject_id(self):
        return f"github.example/ada/orchard#{self.number}"

    @property
    def began(self):
        return BEGUN + self.number * CYCLE_HOURS * 3600

    @property
    def merged(self):
        return self.at(MERGED) + 60 * self.number

    @property
    def deployed(self):
        return self.at(DEPLOYED) + 60 * self.number

    @property
    def is_forced(self):
        return self.rewrite.endswith("after_open")

    def at(self, hours):
        return self.began + hours * 3600

    def work(self):
        fork = self.orchard.main
        if self.style != "fast-forward" or self.rewrite != "never":
            self.orchard.advance(self.number, self.began - 1800)
        self.authored = [self.clock] if self.clock else [self.began, self.at(SECOND)]
        self._push(fork, self.at(SECOND))
        if self.rewrite == "before_open":
            self._push(self.orchard.main, self.at(REWRITTEN_EARLY))
        show(self.orchard.tracker, self, is_merged=False)
        if self.look:
            self.look()

    def rewrite_it(self):
        if self.rewrite == "redone_after_open":
            self.authored = [self.at(REWRITTEN_LATE)]
        if self.is_forced:
            self._push(self.orchard.main, self.at(REWRITTEN_LATE))

    def merge(self):
        land = {"merge": self._by_merge, "squash": self._by_squash, "rebase": self._by_rebase}
        self.orchard.main = land.get(self.style, self._by_fast_forward)()
        self.orchard.repository.ref("refs/heads/main", self.orchard.main)
        show(self.orchard.tracker, self, is_merged=True)

    def _push(self, parent, committed):
        self.commits = self._write(parent, committed)
        self.orchard.repository.ref(f"refs/pull/{self.number}/head", self.commits[-1])

    def _write(self, parent, committed):
        made = [parent]
        for position, authored in enumerate(self.authored, 1):
            message = f"work {self.number}.{position}"
            made.append(self.orchard.commit(message, made[-1:], authored, committed))
        return made[1:]

    def _by_merge(self):
        self._leave(self.commits)
        parents = [self.orchard.main, self.commits[-1]]
        message = f"Merge pull request #{self.number} from ada/topic"
        self.merge_commit = self.orchard.commit(message, parents, self.merged)
        return self.merge_commit

    def _by_squash(self):
        message = f"Do it (#{self.number})" if self.is_named else f"Do it {self.number}"
        made = self.orchard.commit(message, [self.orchard.main], self.merged)
        self.left = [(made, self.began)]
        return made

    def _by_rebase(self):
        made = self._write(self.orchard.main, self.merged)
        self._leave(made)
        return made[-1]

    def _by_fast_forward(self):
        self._leave(self.commits)
        return self.commits[-1]

    def _leave(self, commits):
        self.left = list(zip(commits, self.authored, strict=True))


def show(tracker, request, *, is_merged):
    """Let the tracker show a change request as GitHub does."""
    opened = request.at(OPENED)
    now = _iso(request.merged if is_merged else opened)
    head = {"ref": "topic", "sha": request.commits[-1], "repo": {"full_name": "ada/orchard"}}
    stub = tracker.pull(request.number, head=head)
    stub |= {"created_at": _iso(opened), "updated_at": now}
    tracker.timelines[request.number] = [_committed(*of) for of in _commits(request)]
    if is_merged:
        stub |= {"state": "closed", "closed_at": now}
        tracker.pulls[request.number] |= {
            "merged_at": now,
            "merge_commit_sha": request.orchard.main,
        }
        tracker.timelines[request.number] += _events(request, now)


def _commits(request):
    return zip(request.commits, request.authored, strict=True)


def _committed(made, authored):
    by = {"name": "Ada", "email": "ada@example.org", "date": _iso(authored)}
    return {"event": "committed", "sha": made, "author": by, "committer": by}


def _events(request, merged):
    numbers = count(request.number * 1000)

    def event(kind, at, **facts):
        actor = {"login": "ada", "id": 1, "type": "User"}
        return {"id": next(numbers), "event": kind, "actor": actor, "created_at": at, **facts}

    pushed = event("head_ref_force_pushed", _iso(request.at(REWRITTEN_LATE)))
    landed = event("merged", merged, commit_id=request.orchard.main)
    return [*([pushed] if request.is_forced else []), landed, event("closed", merged)]


def _person(seconds):
    return b"Ada <ada@example.org> %d +0000" % seconds


def _iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
