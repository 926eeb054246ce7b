"""Random histories: repositories that grow, merge, get rewritten, renamed and cleaned up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.git.repositories import Repository


@dataclass
class RandomHistory:
    """A repository that changes by dice, and what its refs reach, computed without git."""

    repository: Repository
    dice: object
    parents: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    refs: dict = field(default_factory=dict)
    head: str = "refs/heads/main"

    def step(self):
        """Do one to five things at once, as they may happen between two nights."""
        for _ in range(self.dice.randint(1, 5)):
            self.dice.choice(_MOVES)(self)
        if not self.branches:
            self.refs["refs/heads/main"] = self._commit([])
        if self._default_branch() is None:
            self.head = self.branches[0]
        self._write_refs()

    def clean_up(self):
        """Lose for good what nothing leads to."""
        self.repository.git("gc", "--quiet", "--prune=now")
        kept = self.reachable()
        self.parents = {name: of for name, of in self.parents.items() if name in kept}

    @property
    def branches(self):
        return sorted(name for name in self.refs if name.startswith("refs/heads/"))

    @property
    def head_commit(self):
        return self.refs.get(self.head) if self.head.startswith("refs/") else self.head

    def reachable(self):
        return self._ancestors([*self.refs.values(), self.head_commit])

    def reachable_from_default_branch(self):
        return self._ancestors([self.refs[self._default_branch()]])

    def _default_branch(self):
        """Return the branch of HEAD, the only one or main; None where none of these exists."""
        usual = self.branches if len(self.branches) == 1 else ["refs/heads/main"]
        return next((name for name in [self.head, *usual] if name in self.branches), None)

    def grow(self):
        name = self._branch()
        for _ in range(self.dice.randint(1, 3)):
            self.refs[name] = self._commit([self.refs[name]] if name in self.refs else [])

    def merge(self):
        into, others = self._branch(), self.dice.sample(self.branches, min(2, len(self.branches)))
        tips = dict.fromkeys(self.refs[name] for name in [into, *others] if name in self.refs)
        if len(tips) > 1:
            self.refs[into] = self._commit(list(tips))

    def fork(self):
        if self.parents:
            self.refs[f"refs/heads/b{self.dice.randrange(6)}"] = self._any_commit()

    def delete(self):
        if len(self.branches) > 1:
            del self.refs[self._branch(is_there=True)]

    def rename(self):
        if self.branches:
            old = self._branch(is_there=True)
            new = f"refs/heads/renamed{self.dice.randrange(3)}"
            self.refs[new] = self.refs.pop(old)
            self.head = new if self.head == old else self.head

    def force_push(self):
        name = self._branch()
        if name in self.refs:
            base = self.parents[self.refs[name]]
            self.refs[name] = self._commit(base) if self.dice.random() < 0.7 else self._any_commit()

    def tag(self):
        if self.parents:
            name = f"refs/tags/v{self.dice.randrange(4)}"
            self.refs[name] = self._any_commit()

    def untag(self):
        for name in self.dice.sample(sorted(self.refs), min(1, len(self.refs))):
            if name.startswith("refs/tags/"):
                del self.refs[name]

    def switch(self):
        detached = [self._any_commit()] if self.parents else []
        self.head = self.dice.choice([*(self.branches or ["refs/heads/main"]), *detached])

    def request(self):
        if self.parents:
            base = self._any_commit()
            self.refs[f"refs/pull/{self.dice.randrange(3)}/head"] = self._commit([base])

    def _branch(self, *, is_there=False):
        named = [] if is_there and self.branches else ["refs/heads/main"]
        return self.dice.choice(self.branches + named)

    def _any_commit(self):
        return self.dice.choice(list(self.parents))

    def _ancestors(self, tips):
        found, todo = set(), [tip for tip in tips if tip]
        while todo:
            commit = todo.pop()
            if commit not in found:
                found.add(commit)
                todo += self.parents[commit]
        return found

    def _commit(self, parents):
        files = dict(self.files[parents[0]]) if parents else {}
        at = self.repository.seconds = self.repository.seconds + self.dice.randrange(1_500_000)
        person = self.dice.randrange(5)
        who = f"Person {person} <p{person}@example.org> {at} +0900".encode()
        for _ in range(self.dice.randrange(4)):
            self._change(files)
        tree = self.repository.tree({name: text.encode() for name, text in files.items()})
        raw = self.repository.raw_commit(tree, parents, who, who, b"c\n")
        made = self.repository.write_object("commit", raw)
        self.parents[made], self.files[made] = parents, files
        return made

    def _change(self, files):
        name = f"f{self.dice.randrange(5)}"
        if name in files and self.dice.random() < 0.3:
            files[f"moved{self.dice.randrange(3)}"] = files.pop(name)
        elif name in files and self.dice.random() < 0.2:
            del files[name]
        else:
            files[name] = "".join(f"{n}\n" for n in range(self.dice.randrange(1, 12)))

    def _write_refs(self):
        known = self.repository.text("for-each-ref", "--format=%(refname)").split()
        lines = [f"delete {name}\n" for name in known if name not in self.refs]
        self.repository.git("update-ref", "--no-deref", "--stdin", stdin="".join(lines).encode())
        lines = [f"update {name} {commit}\n" for name, commit in self.refs.items()]
        self.repository.git("update-ref", "--no-deref", "--stdin", stdin="".join(lines).encode())
        symbolic = f"ref: {self.head}" if self.head.startswith("refs/") else self.head
        (self.repository.path / "HEAD").write_text(f"{symbolic}\n")


_MOVES = (
    *[RandomHistory.grow] * 3,
    *[RandomHistory.merge] * 2,
    *[RandomHistory.fork] * 2,
    *[RandomHistory.force_push] * 2,
    RandomHistory.delete,
    RandomHistory.rename,
    RandomHistory.tag,
    RandomHistory.untag,
    RandomHistory.switch,
    RandomHistory.request,
)
