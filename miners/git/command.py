"""
Run git with a clean environment, pinned settings and limits.

GitPython starts the processes; the output is what git wrote, byte for byte. Nothing in a
repository, a user's configuration or the environment can run a program or change the output.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import git

from miners.git.hardening import ENVIRONMENT, FLAGS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from miners.plan import HostEnvironment


class GitFailed(Exception):
    """A git command that failed."""

    def __init__(
        self, command: str, status: int, stderr: str, *, has_timed_out: bool = False
    ) -> None:
        super().__init__(f"git {command} ended with {status}: {stderr.strip()}")
        self.command = command
        self.status = status
        self.stderr = stderr
        self.has_timed_out = has_timed_out


@dataclass(frozen=True, kw_only=True)
class SafeGit:
    """git on one of Quarry's own repositories."""

    git_dir: Path
    host: HostEnvironment
    protocol: str = "none"
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    flags: tuple[str, ...] = ()
    timeout_seconds: float = 3600.0

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """
        Run git and return its output.

        Errors:  GitFailed on any exit code but 0, whatever was printed before.
        """
        with self.stream(*arguments, stdin=stdin) as output:
            return output.read()

    def lines(self, *arguments: str, stdin: bytes = b"") -> list[str]:
        """Run git and return its lines, with escapes for bytes that are not UTF-8."""
        text = self.run(*arguments, stdin=stdin).decode("utf-8", "backslashreplace")
        return text.removesuffix("\n").split("\n") if text else []

    def warnings(self, *arguments: str, stdin: bytes = b"") -> list[str]:
        """
        Run git and return the lines of its stderr.

        Errors:  GitFailed on any exit code but 0.
        """
        with self._supervised(arguments, stdin) as (output, watch):
            output.read()
        return watch.stderr.splitlines()

    @contextmanager
    def stream(self, *arguments: str, stdin: bytes = b"") -> Iterator[IO[bytes]]:
        """
        Run git and yield its output as a stream.

        Errors:  GitFailed when the block ends and git failed: discard what was read. Also instead
                 of an error inside the block, which truncated output may cause.
        """
        with self._supervised(arguments, stdin) as (output, _):
            yield output

    @contextmanager
    def _supervised(
        self, arguments: Sequence[str], stdin: bytes
    ) -> Iterator[tuple[IO[bytes], _Supervisor]]:
        with tempfile.TemporaryFile() as stdin_file:
            stdin_file.write(stdin)
            stdin_file.seek(0)
            process = self._start(arguments, stdin_file)
            watch = _Supervisor(process, self.timeout_seconds)
            try:
                yield _pipe(process.stdout), watch
            except Exception as error:
                failure = watch.failure(arguments[0])
                if failure and failure.status != -signal.SIGPIPE:
                    raise failure from error
                raise
            except BaseException:
                _kill(process)
                watch.finish()
                raise
            if failure := watch.failure(arguments[0]):
                raise failure

    def _start(self, arguments: Iterable[str], stdin: IO[bytes]) -> subprocess.Popen[bytes]:
        environment = {**self.host.kept, **ENVIRONMENT, "GIT_ALLOW_PROTOCOL": self.protocol}
        environment |= self.variables
        dropped = [name for name in self.host.dropped if name not in environment]
        command = [*_wrapper(dropped, self.host.git_memory_bytes), "git", *FLAGS, *self.flags]
        command += ["-c", f"protocol.{self.protocol}.allow=always"]
        command += [f"--git-dir={self.git_dir}", *arguments]
        handle = git.Git(self.git_dir.parent).execute(
            command,
            istream=cast("BinaryIO", stdin),
            as_process=True,
            env=environment,
            start_new_session=True,
        )
        process = cast("subprocess.Popen[bytes]", handle.proc)
        # The handle would signal a process that has ended, whose number another may have.
        handle.proc = None
        return process


class _Supervisor:
    """Reads the stderr of a process and kills its process group at the deadline."""

    def __init__(self, process: subprocess.Popen[bytes], timeout_seconds: float) -> None:
        self.has_timed_out = False
        self._process = process
        self._stderr = b""
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        self._timer = threading.Timer(timeout_seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def failure(self, command: str) -> GitFailed | None:
        """Wait for the end; return the failure, if any."""
        status = self.finish()
        if status == 0:
            return None
        return GitFailed(command, status, self.stderr, has_timed_out=self.has_timed_out)

    @property
    def stderr(self) -> str:
        return self._stderr.decode("utf-8", "backslashreplace")

    def finish(self) -> int:
        _pipe(self._process.stdout).close()
        status = self._process.wait()
        self._timer.cancel()
        self._reader.join()
        return status

    def _drain(self) -> None:
        with _pipe(self._process.stderr) as stderr:
            self._stderr = stderr.read()

    def _expire(self) -> None:
        self.has_timed_out = True
        _kill(self._process)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", stream)  # GitPython always opens both


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def die_with_parent() -> list[str]:
    """Return the prefix of a command that ends with its parent, where the system has the tool."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def one_per_line(words: Iterable[str]) -> bytes:
    """Return object names or revisions as git reads them from its standard input."""
    return "".join(f"{word}\n" for word in words).encode()


def _wrapper(dropped: Iterable[str], memory_bytes: int) -> list[str]:
    """
    Limit git's memory and end it with its parent, where the system has the tools.

    The limit is on what git allocates: a pack that it maps may be larger than the memory.
    """
    limit = ["prlimit", f"--data={memory_bytes}"] if shutil.which("prlimit") else []
    return [*limit, *die_with_parent(), "env", *(part for name in dropped for part in ("-u", name))]
