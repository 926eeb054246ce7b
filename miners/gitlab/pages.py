"""Objects and list pages of GitLab's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from requests.utils import parse_header_links

from miners.errors import SourceUnavailable
from miners.tracker.pages import Page, is_list_of_objects, read_pages
from miners.tracker.responses import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from miners.tracker.fields import Raw
    from miners.tracker.http import ApiResponse, RestApi
    from miners.tracker.pages import FetchPage, FetchSince

PER_PAGE = 100


def get_object(api: RestApi, path: str) -> Raw:
    """Request one object."""
    return cast("Raw", _get(api, path, {}, lambda body: isinstance(body, dict)).body)


def fetch_pages(api: RestApi, path: str, order: Mapping[str, str] | None = None) -> FetchPage:
    """
    Return a function that requests a page of a list by its number.

    Its requests are not conditional: GitLab counts an unchanged response like any other, and its
    ETag covers the entries alone, so that a full page stays the same when another follows it.
    """

    def fetch(number: int) -> Page:
        parameters = {"per_page": PER_PAGE, "page": number, **(order or {})}
        response = _get(api, path, parameters, is_list_of_objects)
        return Page(response.body, _has_next(response.headers, len(response.body)))

    return fetch


def fetch_since(api: RestApi, path: str, order: Mapping[str, str], after: str) -> FetchSince:
    """Return a function that lists entries from an instant, given in the parameter `after`."""

    def fetch(since: str | None, number: int) -> Page:
        return fetch_pages(api, path, {**order, **({after: since} if since else {})})(number)

    return fetch


def read_all(api: RestApi, path: str, order: Mapping[str, str] | None) -> list[Raw]:
    """Read a short list to its end."""
    return read_pages(fetch_pages(api, path, order))


def _get(
    api: RestApi, path: str, parameters: Mapping[str, object], is_right: Callable[[object], bool]
) -> ApiResponse:
    """Send a request; one that GitLab refuses cannot succeed in another way."""
    try:
        return api.get(path, parameters, is_right=is_right)
    except Refused as error:
        page = f"page {parameters['page']} of {path}" if "page" in parameters else path
        problem = f"{page} is refused ({error})"
        raise SourceUnavailable(api.guard.source, problem, "The next run tries again") from error


def _has_next(headers: Mapping[str, str], entry_count: int) -> bool:
    """
    Return whether another page follows; long lists have no totals.

    If a proxy removed the headers, a full page means that another follows.
    """
    if "x-next-page" in headers:
        return bool(headers["x-next-page"].strip())
    if "link" in headers:
        return any(link.get("rel") == "next" for link in parse_header_links(headers["link"]))
    return entry_count >= PER_PAGE
