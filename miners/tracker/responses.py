"""
Map HTTP responses to errors.

docs/ERRORS.md has the same table for people.
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
# The wait where a limit states no time.
_REST_SECONDS = 60
_HOUR = timedelta(hours=1)
_OK, _CREATED, _NOT_MODIFIED = 200, 201, 304
_ABSENT = {404: HIDDEN, 410: DELETED, 451: HIDDEN}


class Transient(Exception):
    """A failure that may pass within seconds; it is tried again a few times."""


class NotModified(Exception):
    """The response is the same as the stored one."""


class NotFound(Exception):
    """The requested thing does not exist, or the token may not see it."""

    def __init__(self, fate: str, status: int) -> None:
        super().__init__(f"status {status}")
        self.fate = fate
        self.status = status


class SwitchedOff(NotFound):
    """The repository states that it does not have this part."""

    def __init__(self) -> None:
        Exception.__init__(self, "switched off")
        self.fate, self.status = HIDDEN, 0


class Forbidden(SourceDenied):
    """The token may not read this one thing; it may be able to read the others."""


class Refused(Exception):
    """The server does not accept these parameters, such as a page too deep."""


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
    """The remaining requests of a host, the time of the reset, and the requests per hour."""

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


def raise_for_response(
    source: str,
    response: requests.Response,
    names: ResponseHeaders,
    began_at: datetime,
    seconds: float,
) -> None:
    """
    Raise the error of a response, unless its body can be read.

    Errors:  NotModified, NotFound, Refused, Transient, RateLimited, SourceDenied.
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
        raise RateLimited(source, problem, "Later runs resume", resets_at)
    elif status in {401, 403}:
        raise _denied(source, response, names)
    elif status == 407:  # noqa: PLR2004
        raise SourceDenied(source, "the proxy requires a login", "Put it into https_proxy")
    elif status in _ABSENT:
        raise NotFound(_ABSENT[status], status)
    elif status in {400, 405, 422}:
        raise Refused(f"status {status}: {_message(response)}")
    else:
        raise Transient(f"status {status}")


@contextmanager
def as_mining_errors(source: str) -> Iterator[None]:
    """
    Raise errors of single requests as errors of the source.

    Errors:  SourceUnavailable.
    """
    remedy = "The next run tries again; check that api of its [[hosts]] entry is its REST API"
    try:
        yield
    except NotFound as error:
        problem = f"a part of it is not there ({error})"
        raise SourceUnavailable(source, problem, remedy) from error
    except Refused as error:
        raise SourceUnavailable(source, f"it refuses a request ({error})", remedy) from error
    except MalformedRecord as error:
        problem = f"its response cannot be read ({error.reason})"
        raise SourceUnavailable(source, problem, remedy) from error


def _check_body(response: requests.Response) -> None:
    kind = response.headers.get("Content-Type", "")
    if response.status_code not in {_OK, _CREATED}:
        raise Transient(f"status {response.status_code}, which has no response yet")
    if "json" not in kind:
        raise Transient(f"a response that is not JSON ({kind or 'no content type'})")
    content = response.content.strip()
    if not content:
        raise Transient("an empty response")
    if content[:1] not in b"[{":
        raise Transient("a response that is neither a JSON object nor a list")


def _resets_at(
    response: requests.Response, names: ResponseHeaders, began_at: datetime, seconds: float
) -> datetime | None:
    """Return when a limited request may be sent again, by the server's clock; None: no limit."""
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
    """Return the time that a response states; None if it states none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None


def _denied(source: str, response: requests.Response, names: ResponseHeaders) -> SourceDenied:
    if response.status_code == 401:  # noqa: PLR2004
        problem = "the token is not accepted"
        return SourceDenied(
            source, problem, "Create a new token and put it in place of the old one"
        )
    stated = (response.headers.get(name) for name in names.permissions)
    accepted = next(filter(None, stated), None)
    needed = f" (it needs {accepted})" if accepted else ""
    problem = f"the token may not read this{needed}: {_message(response)}"
    return Forbidden(source, problem, "Give it read access to issues, code and deployments")


def _message(response: requests.Response) -> str:
    """Return the message of the server, on one line and not too long."""
    try:
        body = response.json()
        message = body.get("message") or body.get("error_description") or body.get("error") or ""
    except (ValueError, AttributeError):
        message = response.text
    return " ".join(str(message).split())[:200]
