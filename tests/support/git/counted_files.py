"""Expected lines and paths of a project, without those of generated files."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase

_NAMES = ("linguist-generated", "linguist-vendored")
_VALUES = {"set": True, "true": True, "unset": False, "false": False}


def read_attributes(folder, paths):
    """Ask git which paths are generated or vendored; without .gitattributes below the top."""
    git = ["git", "-C", str(folder)]
    shown = subprocess.run([*git, "show", "HEAD:.gitattributes"], capture_output=True, check=False)
    stated = {}
    with tempfile.NamedTemporaryFile() as file:
        file.write(shown.stdout)
        file.flush()
        answer = subprocess.run(
            [
                *git,
                "-c",
                f"core.attributesFile={file.name}",
                "check-attr",
                "-z",
                "--stdin",
                *_NAMES,
            ],
            input="\0".join(sorted(paths)).encode("utf-8", "surrogateescape"),
            check=True,
            capture_output=True,
        ).stdout.decode("utf-8", "surrogateescape")
    fields = answer.split("\0")
    for path, value in zip(fields[::3], fields[2::3], strict=False):
        if value in _VALUES:
            stated[path] = _VALUES[value] or stated.get(path, False)
    return stated


@dataclass
class Files:
    """Which files count: attributes come first, then patterns of names and of folders."""

    attributes: dict
    patterns: list

    def counts(self, path):
        if path in self.attributes:
            return not self.attributes[path]
        *folders, name = path.lower().split("/")
        return not any(
            pattern[:-1] in folders if pattern.endswith("/") else fnmatchcase(name, pattern)
            for pattern in self.patterns
        )

    def lines(self, commit, *, counted=True):
        """Add up what a commit added, and what it deleted."""
        own = [n for path, n in commit.files.items() if self.counts(path) == counted]
        return sum(added for added, _ in own), sum(deleted for _, deleted in own)
