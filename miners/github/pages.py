"""Objects and list pages of GitHub's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from miners.tracker.pages import Page, is_list_of_objects, read_pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.fields import Raw
    from miners.tracker.http import ApiResponse, RestApi
    from miners.tracker.pages import FetchPage

PER_PAGE = 100


def get_object(api: RestApi, path: str) -> Raw:
    """Request one object."""
    raw: Raw = api.get(path, is_right=lambda body: isinstance(body, dict)).body
    return raw


def get_page(
    api: RestApi,
    path: str,
    parameters: Mapping[str, Any],
    within: str | None = None,
    *,
    is_conditional: bool = False,
) -> Page:
    """
    Request a page of a list: its entries, and whether another follows.

    Only a link called next means that one does: pages may be short, or empty, before the end.
    """
    response = api.get(
        path,
        parameters,
        is_list=is_conditional,
        is_right=lambda body: is_list_of_objects(_entries(body, within)),
    )
    return page_of(response, within)


def page_of(response: ApiResponse, within: str | None = None) -> Page:
    """Return the page in a response."""
    links = parse_header_links(response.headers.get("link", ""))
    following = next((str(link["url"]) for link in links if link.get("rel") == "next"), None)
    has_next = following is not None
    if response.is_unchanged:
        return Page([], has_next, is_unchanged=True)
    (cursor,) = parse_qs(urlsplit(following or "").query).get("after", [None])[:1]
    return Page(_entries(response.body, within), has_next, next_cursor=cursor)


def read_all(api: RestApi, path: str, **order: object) -> list[Raw]:
    """Read a short list to its end."""
    return read_pages(
        lambda number: get_page(api, path, {"per_page": PER_PAGE, "page": number, **order})
    )


def fetch_from(api: RestApi, path: str, within: str | None = None, **order: object) -> FetchPage:
    """Return a function that requests a page of a list by its number."""

    def fetch(number: int) -> Page:
        parameters = {"per_page": PER_PAGE, "page": number, **order}
        return get_page(api, path, parameters, within, is_conditional=True)

    return fetch


def noting_unchanged(fetch: FetchPage, are_unchanged: set[bool]) -> FetchPage:
    """Return a function that requests pages and notes whether the server had any unchanged."""

    def fetch_noted(number: int) -> Page:
        page = fetch(number)
        are_unchanged.add(page.is_unchanged)
        return page

    return fetch_noted


def _entries(body: Any, within: str | None) -> Any:
    return body.get(within) if within and isinstance(body, dict) else body
