"""Example of the README: a small repository of two years."""

from __future__ import annotations

import random

from tests.support.git.repositories import FIRST_SECOND, Repository

DAY = 86_400
AUTHORS = (
    b"Ada Park <ada@example.org>",
    b"Ben Okafor <ben@example.org>",
    b"Chae Lim <chae@example.org>",
    b"renovate[bot] <bot@example.org>",
)


def make_orchard(path):
    """Make 40 branches of one to four commits, each merged after some days."""
    chance = random.Random(7)
    orchard = Repository.make(path)
    orchard.seconds = FIRST_SECOND
    files = {"README.md": b"# Orchard\n"}
    tip = orchard.commit(b"Plant the first tree\n", files, author=_who(AUTHORS[0], FIRST_SECOND))
    for number in range(1, 41):
        author, base = chance.choice(AUTHORS), tip
        orchard.seconds += chance.randint(4, 14) * DAY
        for step in range(chance.randint(1, 4)):
            files[f"trees/{number:02d}.txt"] = b"leaf\n" * chance.randint(3, 40)
            subject = f"Grow tree {number}, step {step + 1}\n".encode()
            tip = _commit(orchard, subject, files, [tip], author)
            orchard.seconds += chance.randint(1, 30) * 3600
        subject = f"Merge branch 'tree-{number}'\n".encode()
        tip = _commit(orchard, subject, files, [base, tip], AUTHORS[0])
    return path


def _commit(orchard, subject, files, parents, author):
    stamp = _who(author, orchard.seconds)
    return orchard.commit(subject, files, parents, author=stamp, committer=stamp)


def _who(author, seconds):
    return b"%s %d +0000" % (author, seconds)
