"""Expected facts of a history, from Git's own commands."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from tests.support.git.counted_files import read_attributes

# What is mined of a mirror; the trial merges that GitHub makes are not.
REFS = ("HEAD", "--branches", "--tags", "--glob=refs/pull/*/head")
_FORM = "%x1e%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s%x00%b%x00"
_HELPERS = "%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1d)%x00"
_NOREPLY = "@users.noreply.github.com"


@dataclass
class Commit:
    """A commit as git log shows it; seconds since 1970."""

    name: str
    parents: list
    author: tuple
    authored: int
    committer: tuple
    committed: int
    subject: str
    body: str
    helpers: list
    files: dict = field(default_factory=dict)
    person: str = ""
    kind: str = "person"
    tree: str = ""


@dataclass(eq=False)
class GitHistory:
    """
    All commits by name, what the default branch reaches, its chain of first parents, tags.

    Attributes say of a path whether it is generated or vendored.
    """

    commits: dict
    landed: set
    chain: set
    tags: list
    heads: dict
    reach: dict
    helped: set
    pulls: set
    imported: set
    attributes: dict

    def below(self, tip):
        """List what a commit reaches, itself with it."""
        return self.named(self.reach[tip])

    def brought(self, merge):
        """List what a merge reaches and the branch before it does not, without itself."""
        first = _before(self.commits[merge], self.pulls)
        return [
            name for name in self.named(self.reach[merge] & ~self.reach[first]) if name != merge
        ]

    @cached_property
    def _names(self):
        return list(self.commits)

    def named(self, bits):
        """List the commits whose bits are set, from the lowest on."""
        found = []
        while bits:
            found.append(self._names[(bits & -bits).bit_length() - 1])
            bits &= bits - 1
        return found


def run(folder, *arguments):
    command = ["git", "-C", str(folder), "-c", "log.mailmap=false", *arguments]
    answer = subprocess.run(command, check=True, capture_output=True).stdout
    return answer.decode("utf-8", "backslashreplace")


def read_history(folder, kinds):
    """Read a history whole; kinds are (kind, pattern) of who is no person, the first that fits."""
    commits = {}
    shown = run(folder, "log", "--reverse", "--topo-order", f"--format={_FORM}{_HELPERS}", *REFS)
    for part in shown.split("\x1e")[1:]:
        commit = _commit(part.split("\0"))
        commits[commit.name] = commit
    for line in run(folder, "log", "--format=%H %T", *REFS).splitlines():
        name, tree = line.split()
        commits[name].tree = tree
    _add_files(folder, commits)
    tags = _tags(folder)
    people, kind_of = _people(commits.values(), [tagger for *_, tagger in tags], kinds)
    for commit in commits.values():
        commit.person = people[commit.author]
        commit.kind = kind_of[commit.person]
    helped = {
        name
        for name, commit in commits.items()
        if any(kind_of[people[helper]] == "ai_agent" for helper in commit.helpers)
    }
    landed = set(run(folder, "rev-list", "HEAD").split())
    reach, pulls = _reach(commits), _pulls(folder, commits.values())
    chain = [run(folder, "rev-parse", "HEAD").strip()]
    while before := _before(commits[chain[-1]], pulls):
        chain.append(before)
    imported = {name for name in landed if not reach[name] & reach[chain[-1]]}
    heads = _heads(folder)
    return GitHistory(
        commits,
        landed,
        set(chain),
        tags,
        heads,
        reach,
        helped,
        pulls & landed,
        imported,
        read_attributes(folder, {path for commit in commits.values() for path in commit.files}),
    )


def _pulls(folder, commits):
    """Name the merges of the host's default branch into a copy of it."""
    branch = run(folder, "symbolic-ref", "--short", "HEAD").strip()
    form = (
        rf"Merge (remote-tracking branch '(origin|upstream)/{branch}'|branch '{branch}' of \S+)"
        rf"( into {branch})?"
    )
    return {
        commit.name
        for commit in commits
        if len(commit.parents) == 2 and re.fullmatch(form, commit.subject)
    }


def _before(commit, pulls):
    """Name the branch before a commit; None of the first."""
    parents = commit.parents[::-1] if commit.name in pulls else commit.parents
    return next(iter(parents), None)


def _commit(parts):
    name, parents, an, ae, at, cn, ce, ct, subject, body, helpers, *_ = parts
    found = [_identity(value) for value in helpers.split("\x1d") if value.strip()]
    return Commit(name, parents.split(), (an, ae), int(at), (cn, ce), int(ct), subject, body, found)


def _identity(value):
    match = re.fullmatch(r"\s*(.*?)\s*<([^>]*)>.*", value)
    return (match[1], match[2].strip()) if match else (value.strip(), "")


def _add_files(folder, commits):
    shown = run(folder, "log", "-z", "-M", "--numstat", "--no-merges", "--format=%x1e%H", *REFS)
    for part in shown.split("\x1e")[1:]:
        name, _, rest = part.partition("\0")
        fields = iter(rest.lstrip("\n").split("\0"))
        commit = commits[name.strip()]
        for text in fields:
            if "\t" not in text:
                continue
            added, deleted, path = text.lstrip("\n").split("\t", 2)
            if not path:
                _, path = next(fields), next(fields)
            commit.files[path] = tuple(0 if n == "-" else int(n) for n in (added, deleted))


def _tags(folder):
    """List (name, commit, when, tagger) of each tag; one without a tagger has its commit's time."""
    form = (
        "%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(taggerdate:unix)%00"
        "%(taggername)%00%(taggeremail:trim)%00%(committerdate:unix)"
    )
    found = []
    for line in run(folder, "for-each-ref", f"--format={form}", "refs/tags").splitlines():
        name, own, commit, tagged, tagger, address, committed = line.split("\0")
        who = (tagger, address) if tagged else None
        found.append((name, commit or own, int(tagged or committed), who))
    return found


def _heads(folder):
    lines = run(folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/pull")
    matches = re.finditer(r"^refs/pull/(\d+)/head (\w+)$", lines, re.MULTILINE)
    return {int(match[1]): match[2] for match in matches}


def _reach(commits):
    """Give each commit a number with a bit for each commit that it reaches."""
    reach = {}
    for place, (name, commit) in enumerate(commits.items()):
        bits = 1 << place
        for parent in commit.parents:
            bits |= reach[parent]
        reach[name] = bits
    return reach


def _people(commits, taggers, kinds):
    """Say which person stands behind (name, address), and of which kind each person is."""
    seen = {who for who in taggers if who}
    for commit in commits:
        seen |= {commit.author, commit.committer, *commit.helpers}
    addresses = {who: _address(*who) for who in seen}
    owners, names = defaultdict(set), defaultdict(set)
    for (name, _), address in addresses.items():
        if not address.endswith(_NOREPLY):
            owners[name.lower()].add(address)
        else:
            names[address].add(name.lower())
    people = {}
    for who, address in addresses.items():
        own = {min(owners[n]) for n in names[address] if " " in n and len(owners[n]) == 1}
        people[who] = own.pop() if len(own) == 1 else address
    found = defaultdict(set)
    for who, person in people.items():
        found[person].add(f"{who[0]} <{who[1]}>")
    return people, {person: kind_of(texts, kinds) for person, texts in found.items()}


def kind_of(texts, kinds):
    """Find the kind of the first pattern that fits one of some texts."""
    fitting = (
        kind
        for kind, pattern in kinds
        if any(re.search(pattern, text, re.IGNORECASE) for text in texts)
    )
    return next(fitting, "person")


def _address(name, address):
    hidden = re.fullmatch(rf"\d+\+([^@]+{re.escape(_NOREPLY)})", address.lower())
    return hidden[1] if hidden else address.lower() or name.lower() or "(nobody)"
