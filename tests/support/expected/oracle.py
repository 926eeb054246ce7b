"""Expected facts of a repository, from git commands Quarry does not use."""

from __future__ import annotations

import re

from tests.support.git.repositories import git

_NAMES = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type_changed",
}
_HEADER = re.compile(rb"([0-9a-f]{40,64})\0")
_RAW = re.compile(rb":\d{6} \d{6} [0-9a-f]+ [0-9a-f]+ ([A-Z])\d*\0([^\0]*)\0")
_COUNT = re.compile(rb"(\d+|-)\t(\d+|-)\t([^\0]*)\0")
_PATH = re.compile(rb"([^\0]*)\0")
_IN_TWO_PARTS = "RC"
_FIELDS = ("%H", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%s", "%b")
_SHOWN = (*_FIELDS, "%(trailers:only,unfold)")


def diff_tree(folder, commits):
    """Read git diff-tree: {(commit, number): (path, old path, change, added, deleted)}."""
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    command = ("diff-tree", "--stdin", "-r", "-z", "--root", "-M", "--raw", "--numstat")
    answer, at, found = git(folder, *command, stdin=stdin), 0, {}

    def take(pattern):
        nonlocal at
        match = pattern.match(answer, at)
        at = match.end() if match else at
        return match

    while header := take(_HEADER):
        kinds = []
        while raw := take(_RAW):
            kinds.append(raw[1].decode())
            if kinds[-1] in _IN_TWO_PARTS:
                take(_PATH)
        for number, kind in enumerate(kinds, start=1):
            count = take(_COUNT)
            old = take(_PATH)[1] if kind in _IN_TWO_PARTS else None
            path = take(_PATH)[1] if kind in _IN_TWO_PARTS else count[3]
            lines = [None if n == b"-" else int(n) for n in count.groups()[:2]]
            found[header[1].decode(), number] = (path, old, _NAMES[kind], *lines)
    assert at == len(answer)
    return found


def mined_files(home):
    """Bring the stored files into the form of diff_tree."""
    found = {}
    for row in home.rows("commit_files").iter_rows(named=True):
        paths = [
            row[f"{which}_bytes"] or (row[which].encode() if row[which] is not None else None)
            for which in ("path", "old_path")
        ]
        key = (row["commit_hash"], row["file_number"])
        found[key] = (*paths, row["change"], row["lines_added"], row["lines_deleted"])
    return found


def log(folder, commits):
    """Read git log: {commit: (name, e-mail, time and zone, subject, body, trailers)} for both."""
    form = "%x00".join(_SHOWN)
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    command = ("log", "--no-walk=unsorted", "--stdin", "-z", "--date=raw", f"--format={form}")
    answer = git(folder, "-c", "log.mailmap=false", *command, stdin=stdin)
    values = answer.decode("utf-8", "backslashreplace").removesuffix("\0").split("\0")
    rows = [values[i : i + 10] for i in range(0, len(values), 10)]
    return {name: (*most, body.rstrip("\n"), trailers) for name, *most, body, trailers in rows}


def mined_log(home):
    """Bring the stored commits and trailers into the form of log."""
    trailers = {}
    for row in home.rows("commit_trailers").iter_rows(named=True):
        line = f"{row['token']}: {row['value']}\n"
        trailers[row["commit_hash"]] = trailers.get(row["commit_hash"], "") + line
    return {
        name: (
            row["author_name"],
            row["author_email"],
            _raw_date(row["authored_at"], row["author_offset_minutes"]),
            row["committer_name"],
            row["committer_email"],
            _raw_date(row["committed_at"], row["committer_offset_minutes"]),
            row["subject"],
            row["body"],
            trailers.get(name, ""),
        )
        for name, row in home.commits().items()
    }


def _raw_date(instant, offset):
    sign = "-" if offset < 0 else "+"
    return f"{int(instant.timestamp())} {sign}{abs(offset) // 60:02}{abs(offset) % 60:02}"
