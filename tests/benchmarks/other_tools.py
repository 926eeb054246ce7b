"""
One repository's history with counts per file, by Quarry and other tools.

    python -m tests.benchmarks.other_tools --python ENVIRONMENT/bin/python [REPOSITORY]

The other tools need an environment of their own:

    uv venv ENVIRONMENT
    uv pip install --python ENVIRONMENT/bin/python pydriller perceval GitPython pygit2 git-fame

All read the history of HEAD and count the lines that each commit adds to and deletes from a file.
git-fame only sums them by person. Quarry alone also stores its rows. Default: the history of pytest
in ../shared.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.first_run import PYTEST
from tests.benchmarks.measure import MeasuredCommand, measure, print_table
from tests.support.git.repositories import git

RUNS = 3
NEEDED = ("pydriller", "perceval", "git", "pygit2", "gitfame")
PYDRILLER = """
from pydriller import Repository
for commit in Repository(repository).traverse_commits():
    if not commit.merge:
        files = [(f.new_path, f.added_lines, f.deleted_lines) for f in commit.modified_files]
"""
PERCEVAL = """
from perceval.backends.core.git import Git
for item in Git(repository, scratch).fetch():
    files = [(f["file"], f.get("added"), f.get("removed")) for f in item["data"]["files"]]
"""
GITPYTHON = """
from git import Repo
for commit in Repo(repository).iter_commits(no_merges=True):
    files = commit.stats.files
"""
PYGIT2 = """
import pygit2
found = pygit2.Repository(repository)
for commit in found.walk(found.head.target):
    if len(commit.parents) < 2:
        tree = commit.tree
        parents = [parent.tree for parent in commit.parents]
        diff = parents[0].diff_to_tree(tree) if parents else tree.diff_to_tree(swap=True)
        diff.find_similar()
        files = [(p.delta.new_file.path, *p.line_stats) for p in diff]
"""
PROGRAMS = {
    "PyDriller": PYDRILLER,
    "Perceval, git backend": PERCEVAL,
    "GitPython, iter_commits and stats": GITPYTHON,
    "pygit2, walk and diff": PYGIT2,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("--python", required=True, help="of the environment with the other tools")
    parser.add_argument("--runs", type=int, default=RUNS)
    arguments = parser.parse_args()
    lacks = subprocess.run([arguments.python, "-c", f"import {', '.join(NEEDED)}"], check=False)
    if lacks.returncode:
        sys.exit(f"{arguments.python} lacks another tool; see the docstring of {__file__}")
    with tempfile.TemporaryDirectory() as scratch:
        repository = arguments.repository or head_of(PYTEST, Path(scratch))
        cases = all_cases(repository.resolve(), arguments.python, Path(scratch))
        print_table(f"The history of {repository.name}", measure(cases, arguments.runs))


def all_cases(repository, python, scratch):
    home, clone = scratch / "home", scratch / "perceval"
    once = (sys.executable, "-m", "tests.benchmarks.mining", str(repository), "--once", str(home))
    subprocess.run([*once, "2"], check=True, capture_output=True)
    given = f"repository, scratch = {str(repository)!r}, {str(clone)!r}\n"

    def forget():
        shutil.rmtree(home / "store", ignore_errors=True)
        shutil.rmtree(clone, ignore_errors=True)
        git(scratch, "clone", "--quiet", "--mirror", str(repository), str(clone))

    fame = (python, "-m", "gitfame", "--loc=ins,del", "--silent-progress", str(repository))
    return [
        MeasuredCommand("mining, two workers", (*once, "2"), forget),
        MeasuredCommand("mining, one worker", (*once, "1"), forget),
        MeasuredCommand("`git log --numstat`", ("git", "-C", str(repository), "log", "--numstat")),
        *(
            MeasuredCommand(name, (python, "-c", given + program), forget)
            for name, program in PROGRAMS.items()
        ),
        MeasuredCommand("git-fame, insertions and deletions", fame),
    ]


def head_of(bundle, scratch):
    """Copy the history of HEAD alone."""
    if not bundle.exists():
        sys.exit(f"There is no {bundle}; name a repository instead.")
    target = scratch / f"{bundle.parent.name}.git"
    git(scratch, "init", "--quiet", "--bare", "--initial-branch=main", str(target))
    git(target, "fetch", "--quiet", str(bundle), "HEAD:refs/heads/main")
    return target


if __name__ == "__main__":
    main()
