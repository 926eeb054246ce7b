"""Map git's error output to errors of the source."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from miners.errors import MiningError, SourceDenied, SourceUnavailable
from miners.git.local_repository import NO_PATH, NO_REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from miners.git.command import GitFailed


@dataclass(frozen=True)
class _FailureKind:
    pattern: re.Pattern[str]
    error: type[MiningError]
    problem: str
    remedy: str


def _outcome(pattern: str, error: type[MiningError], problem: str, remedy: str) -> _FailureKind:
    return _FailureKind(re.compile(pattern, re.IGNORECASE), error, problem, remedy)


# Phrases, not words: a word may be part of the address that git repeats.
_DAMAGED = (
    r"is corrupt|repository corruption|corrupt (loose|output|packed|delta|commit)|error: inflate"
    r"|inflate returned|bad (object|tree|pack header|packed)|missing (blob|tree|commit|object)"
    r"|unable to (read|parse|find|unpack) (?!askpass)|loose object|(cannot|failed to) read object"
    r"|did not (send all necessary|receive expected)|far too short|fsck error|unresolved deltas"
    r"|not a valid object|unknown object type|could not parse|collision found"
    r"|not a git repository: |bad config|delta base|does not match (index|its)"
    r"|could not read (?!username|password|from remote)"
)
# A lost connection ends with these as well.
_BROKEN_OFF = r"invalid index-pack|index-pack (failed|died)|unpack-objects"
_IS_DAMAGED = "the repository is damaged"
_REPAIR = "Run git fsck in it and repair it, or clone it again; nothing of this mining was kept"
_REDIRECTED = "the host redirects to another address, which Quarry does not follow with credentials"
_ABSENT = "there is no repository here, or the credentials may not see it"

# The first match decides, so the narrow ones are first.
_OUTCOMES = (
    _outcome(
        r"out of memory|cannot allocate|mmap failed|malloc",
        SourceUnavailable,
        "reading it needs more memory than git is given",
        "Mine it on a larger machine, or remove the source",
    ),
    _outcome(
        r"fatal: too many paths",
        SourceDenied,
        "a commit of it has more paths than Quarry reads",
        "Remove the source: a few trees that contain each other make billions of paths",
    ),
    _outcome(
        r"no space left",
        SourceUnavailable,
        "the disk is full",
        "Free some space under the home folder, then run again",
    ),
    _outcome(_DAMAGED, SourceDenied, _IS_DAMAGED, _REPAIR),
    _outcome(
        r"dubious ownership",
        SourceDenied,
        "the repository belongs to another user of this machine",
        "If you trust it, set owner_is_trusted = true for this source in quarry.toml",
    ),
    _outcome(
        r"could not read (username|password)|authentication failed|error: 401|terminal prompts",
        SourceDenied,
        "the host requires a login, and the credentials are missing or wrong",
        "Name the environment variable with a token as token_env, or set credential_helper, "
        "for this source in quarry.toml",
    ),
    _outcome(
        r"error: 403|permission denied|access denied",
        SourceDenied,
        "access was denied",
        "Give the token or key the right to read this repository, then run again",
    ),
    _outcome(
        r"error: 30\d|redirect",
        SourceDenied,
        _REDIRECTED,
        "Put the repository's new address into quarry.toml",
    ),
    _outcome(
        r"error: 429",
        SourceUnavailable,
        "the host limits the requests",
        "The next run tries again",
    ),
    _outcome(
        r"host key verification failed",
        SourceDenied,
        "the host's SSH key is not known",
        "Check the key and add it with ssh-keyscan to ~/.ssh/known_hosts",
    ),
    _outcome(
        r"certificate|SSL",
        SourceDenied,
        "the host's certificate was not accepted",
        "Point SSL_CERT_FILE to your organisation's certificates; Quarry never skips the check",
    ),
    _outcome(
        r"not found|error: 404|error: 410|does not appear to be a git repository|does not exist"
        r"|no such file",
        SourceDenied,
        _ABSENT,
        "Correct the address in quarry.toml, or remove the source",
    ),
    _outcome(
        r"could not resolve|failed to connect|connection (refused|reset|timed out)|timed? ?out"
        r"|error: 5\d\d|network is unreachable|too slow|early EOF|hung up|empty reply"
        r"|remote end closed",
        SourceUnavailable,
        "the host did not respond",
        "The next run tries again; if it lasts, check the address and the network",
    ),
    _outcome(_BROKEN_OFF, SourceDenied, _IS_DAMAGED, _REPAIR),
)


_OBJECT_NAME = re.compile(r"\b(?:[0-9a-f]{40}|[0-9a-f]{64})\b")
_OWN_WORDS = re.compile(r"^(?:remote: )?(?:fatal|error): (.+)$", re.MULTILINE)
_FAULT = re.compile(r"object ([0-9a-f]{40,64}): (\w+): ")
_REFUSED = re.compile(r"fsck error|cannot demote", re.IGNORECASE)
# What git ends with whatever happened.
_STOCK = re.compile(r"upload-pack: |protocol error|index-pack failed|early EOF|unpack-objects")
_MOST_QUOTED = 200
_NOT_THERE = re.compile(r"upload-pack: not our ref ([0-9a-f]{40,64})")


def missing_object(failure: GitFailed) -> str | None:
    """Return the name of an object that a source advertised and does not have."""
    match = _NOT_THERE.search(failure.stderr)
    return match[1] if match else None


def tolerated_faults(lines: Iterable[str]) -> Counter[str]:
    """Count the objects by the faults that git warns of."""
    found = {match.groups() for line in lines if (match := _FAULT.search(line))}
    return Counter(fault for _, fault in found)


def is_refused_object(failure: GitFailed) -> bool:
    """Return whether a fetch failed because git's rules of form refuse an object."""
    return _REFUSED.search(failure.stderr) is not None


def refused_fault(failure: GitFailed) -> str:
    """Return git's name of the fault for which it refused an object."""
    match = _FAULT.search(failure.stderr)
    return match[2] if match else "unnamed"


def translate(source: str, failure: GitFailed) -> MiningError:
    """Return the error of the source for a failed git command."""
    if failure.has_timed_out:
        return SourceUnavailable(
            source,
            f"git {failure.command} was not finished in time",
            "The next run tries again; raise source_timeout_minutes if it is only large",
        )
    outcome, words = _outcome_of(failure), _words(failure)
    if outcome and outcome.problem == _IS_DAMAGED:
        return outcome.error(source, f"{outcome.problem} ({words})", outcome.remedy)
    if outcome:
        return outcome.error(source, outcome.problem, outcome.remedy)
    return SourceUnavailable(
        source, f"git {failure.command} failed ({words})", "Run git ls-remote on it"
    )


def _words(failure: GitFailed) -> str:
    """Return what git says first: of an object if it names one, else how it ended."""
    said = _OWN_WORDS.findall(failure.stderr)
    fatal = [text for text in said if f"fatal: {text}" in failure.stderr]
    named = [text for text in said if _OBJECT_NAME.search(text)]
    telling = [text for text in fatal if not _STOCK.search(text)]
    first = next(iter([*named, *telling, *fatal, *said, failure.stderr.strip()]), "")
    text = "".join(sign if sign.isprintable() else " " for sign in first)
    return text[:_MOST_QUOTED].strip() or f"exit {failure.status}"


def is_damage(failure: GitFailed) -> bool:
    """Return whether a failure is about damaged or missing objects."""
    outcome = _outcome_of(failure)
    is_so = outcome is not None and outcome.problem == _IS_DAMAGED
    return is_so and not failure.has_timed_out


def says_absent(error: MiningError) -> bool:
    """Return whether an error says that a repository is no longer at its address."""
    return error.problem in {_REDIRECTED, _ABSENT, NO_PATH, NO_REPOSITORY}


def _outcome_of(failure: GitFailed) -> _FailureKind | None:
    return next((o for o in _OUTCOMES if o.pattern.search(failure.stderr)), None)
