"""
What an answer of a tracker means: each status ends in one named outcome.

The table of docs/ERRORS.md says the same for people.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from miners.errors import MalformedRecord, RateLimited, SourceDenied, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

DELETED, TRANSFERRED, HIDDEN, REMOVED = "deleted", "transferred", "hidden", "removed"
# The time to wait that a server asks for where its limit states none.
_REST_SECONDS = 60
_HOUR = timedelta(hours=1)
_OK, _CREATED, _NOT_MODIFIED = 200, 201, 304
_ABSENT = {404: HIDDEN, 410: DELETED, 451: HIDDEN}


class Transient(Exception):
    """A failure that may pass within seconds; it is tried again a few times."""


class NotModified(Exception):
    """The answer is the one that is known already."""


class NotThere(Exception):
    """What was asked for is not there, or not for us."""

    def __init__(self, fate: str, status: int) -> None:
        super().__init__(f"status {status}")
        self.fate = fate
        self.status = status


class Forbidden(SourceDenied):
    """The token may not read this one thing; it may well read the others."""


class Refused(Exception):
    """The server does not take these parameters (a page too deep, say)."""


@dataclass(frozen=True)
class ResponseHeaders:
    """
    The headers with which a kind of tracker states its limits and the permissions that it needs.

    Shape:   limits is a prefix, before Remaining, Reset and Limit; the count is per window.
    """

    limits: str
    window: timedelta
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """How many requests a host still takes, when the count begins anew, and its pace."""

    left: int | None = None
    resets_at: datetime | None = None
    per_hour: int | None = None


def limits_of(headers: Mapping[str, str], names: ResponseHeaders) -> Limits | None:
    """Read the limits that a response states; None where it states none."""
    left, reset, limit = (
        headers.get(f"{names.limits}{name}", "") for name in ("Remaining", "Reset", "Limit")
    )
    if not (left.isdigit() and reset.isdigit()):
        return None
    pace = int(limit) * (_HOUR // names.window) if limit.isdigit() else None
    return Limits(int(left), datetime.fromtimestamp(int(reset), UTC), pace)


def judge(
    source: str,
    response: requests.Response,
    names: ResponseHeaders,
    began_at: datetime,
    seconds: float,
) -> None:
    """
    Raise what an answer means, unless it is one to be read.

    Errors:  NotModified, NotThere, Refused, Transient, and of the tree RateLimited, SourceDenied.
    """
    status = response.status_code
    if status == _NOT_MODIFIED:
        raise NotModified
    if response.is_redirect:
        return
    if 200 <= status < 300:  # noqa: PLR2004
        _check_body(response)
    elif status in {403, 429} and (resets_at := _resets_at(response, names, began_at, seconds)):
        when = f"{resets_at:%Y-%m-%d %H:%M:%S} UTC"
        problem = f"its rate limit is used up until {when}"
        raise RateLimited(source, problem, "A run after that goes on from there", resets_at)
    elif status in {401, 403}:
        raise _denied(source, response, names)
    elif status == 407:  # noqa: PLR2004
        raise SourceDenied(source, "the proxy asks for a login", "Put it into https_proxy")
    elif status in _ABSENT:
        raise NotThere(_ABSENT[status], status)
    elif status in {400, 405, 422}:
        raise Refused(f"status {status}: {_message(response)}")
    else:
        raise Transient(f"status {status}")


@contextmanager
def outcomes(source: str) -> Iterator[None]:
    """
    Give a place in the tree of errors to what nobody has a use for where it was met.

    Errors:  SourceUnavailable.
    """
    remedy = "The next run tries again; check that api of its [[hosts]] entry is its REST API"
    try:
        yield
    except NotThere as error:
        problem = f"a part of it that must be there is not ({error})"
        raise SourceUnavailable(source, problem, remedy) from error
    except Refused as error:
        raise SourceUnavailable(source, f"it refuses a request ({error})", remedy) from error
    except MalformedRecord as error:
        problem = f"its answer cannot be understood ({error.reason})"
        raise SourceUnavailable(source, problem, remedy) from error


def _check_body(response: requests.Response) -> None:
    kind = response.headers.get("Content-Type", "")
    if response.status_code not in {_OK, _CREATED}:
        raise Transient(f"status {response.status_code}, which holds no answer yet")
    if "json" not in kind:
        raise Transient(f"an answer that is no JSON ({kind or 'no content type'})")
    content = response.content.strip()
    if not content:
        raise Transient("an empty answer")
    if content[:1] not in b"[{":
        raise Transient("an answer that is neither a JSON object nor a list")


def _resets_at(
    response: requests.Response, names: ResponseHeaders, began_at: datetime, seconds: float
) -> datetime | None:
    """Say when a limited request may be made again, by the server's own clock; None: no limit."""
    headers = response.headers
    now = server_time(headers.get("Date")) or began_at + timedelta(seconds=seconds)
    wait = headers.get("Retry-After", "")
    if wait.isdigit():
        return now + timedelta(seconds=int(wait))
    limits = limits_of(headers, names)
    if limits and limits.left == 0:
        return limits.resets_at
    if response.status_code == 429 or "rate limit" in _message(response).lower():  # noqa: PLR2004
        return now + timedelta(seconds=_REST_SECONDS)
    return None


def server_time(date: str | None) -> datetime | None:
    """Read the time of day that an answer carries; None where it carries none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None


def _denied(source: str, response: requests.Response, names: ResponseHeaders) -> SourceDenied:
    if response.status_code == 401:  # noqa: PLR2004
        problem = "the token is not accepted"
        return SourceDenied(source, problem, "Make a new one and put it where the old one is")
    stated = (response.headers.get(name) for name in names.permissions)
    accepted = next(filter(None, stated), None)
    needed = f" (it takes {accepted})" if accepted else ""
    problem = f"the token may not read this{needed}: {_message(response)}"
    return Forbidden(source, problem, "Give it read access to issues, code and deployments")


def _message(response: requests.Response) -> str:
    """Quote what the server says, on one line and not too long."""
    try:
        body = response.json()
        said = body.get("message") or body.get("error_description") or body.get("error") or ""
    except (ValueError, AttributeError):
        said = response.text
    return " ".join(str(said).split())[:200]
