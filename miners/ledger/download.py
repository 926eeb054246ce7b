"""Download a ledger within limits of time and size."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests

from miners.errors import SourceDenied, SourceUnavailable
from miners.ledger.address import check_address
from miners.ledger.files import MOST_BYTES
from miners.tracker.address import origin
from miners.web import (
    READ_SECONDS,
    DeadlineAdapter,
    TooLarge,
    deadline,
    innermost,
    proxies_for,
    read_body,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.ledger.address import LedgerSource

_REDIRECTS = 5
_SECONDS = 60.0
_TOO_MANY, _SERVER_FAILS = 429, 500
_NEXT_RUN = "The next run tries again"
_ASK = "Ask who owns the sheet for its own address"
_SHARE = "Publish the sheet to the web as CSV, or allow everybody with the link to read it"
_REFUSALS = {
    401: "it requires a login",
    403: "it refuses",
    404: "it does not exist",
    410: "it was deleted",
}


def download(source: LedgerSource, url: str, variables: Mapping[str, str]) -> bytes:
    """
    Return the content of a URL; redirects are followed while they are safe.

    Errors:  SourceDenied, SourceUnavailable; neither contains more of the URL than its host.
    """
    target = url
    for _ in range(_REDIRECTS):
        check_address(source.location, target)
        has_token = source.token is not None and origin(target) == origin(url)
        headers = {"Authorization": f"Bearer {source.token}"} if has_token else {}
        data, location = _exchange(source, target, headers, variables)
        if location is None:
            return data
        target = redirected(source, target, location)
    problem = f"{_REDIRECTS} redirects in a row"
    raise SourceUnavailable(source.id, problem, _NEXT_RUN)


def redirected(source: LedgerSource, url: str, location: str) -> str:
    """
    Return where a redirect leads.

    Errors:  SourceDenied where it leads to no encryption or into a private network.
    """
    target = urljoin(url, location)
    check_address(source.location, target)
    here, there = urlsplit(url), urlsplit(target)
    if here.scheme == "https" and there.scheme != "https":
        raise SourceDenied(source.location, "it redirects to an address without encryption", _ASK)
    if is_near(there.hostname or "") and not is_near(here.hostname or ""):
        raise SourceDenied(source.location, "it redirects to an address of a private network", _ASK)
    return target


def is_near(host: str) -> bool:
    """Return whether a host is this machine, or one in a network that is not public."""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return any(not ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


def _exchange(
    source: LedgerSource, url: str, headers: Mapping[str, str], variables: Mapping[str, str]
) -> tuple[bytes, str | None]:
    """Send one request; return the content, or the URL of a redirect."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = dict(proxies_for(url, variables))
        session.verify = variables.get("SSL_CERT_FILE", True)
        for scheme in ("https://", "http://"):
            session.mount(scheme, DeadlineAdapter())
        try:
            with (
                deadline(_SECONDS),
                session.get(
                    url,
                    headers=dict(headers),
                    stream=True,
                    timeout=READ_SECONDS,
                    allow_redirects=False,
                ) as response,
            ):
                if response.is_redirect:
                    return b"", response.headers["Location"]
                return _body(source, response), None
        except requests.exceptions.SSLError as error:
            problem = f"its certificate is not trusted ({innermost(error)})"
            raise SourceDenied(source.id, problem, "Set SSL_CERT_FILE") from None
        except (requests.RequestException, OSError) as error:
            problem = str(error) if isinstance(error, TimeoutError) else _reason(error, url)
            raise SourceUnavailable(source.id, problem, _NEXT_RUN) from None


def _body(source: LedgerSource, response: requests.Response) -> bytes:
    status = response.status_code
    if status == _TOO_MANY or status >= _SERVER_FAILS:
        raise SourceUnavailable(source.id, f"it responds with {status}", _NEXT_RUN)
    if not response.ok:
        problem = f"{_REFUSALS.get(status, 'it refuses')} (it responds with {status})"
        raise SourceDenied(source.id, problem, _SHARE)
    try:
        data = read_body(response, MOST_BYTES)
    except TooLarge as error:
        raise SourceDenied(source.id, f"it is {error}", "Split the sheet by years") from None
    is_page = "html" in response.headers.get("Content-Type", "")
    if is_page or re.match(rb"\s*<(!doctype html|html|head|body)\b", data, re.IGNORECASE):
        problem = "it responds with a web page, perhaps for a login, and not with CSV"
        raise SourceDenied(source.id, problem, _SHARE)
    return data


def _reason(error: Exception, url: str) -> str:
    """Return why a request failed, without the URL, which libraries quote."""
    parts = urlsplit(url)
    secrets = (url, f"{parts.path}?{parts.query}", parts.path, parts.query)
    reason = innermost(error)
    for secret in filter(lambda text: len(text) > 1, secrets):
        reason = reason.replace(secret, "…")
    return f"no response ({reason})"
