"""What GitHub answers: objects, and pages of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from miners.tracker.pages import Page, is_list_of_objects, to_the_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.fields import Raw
    from miners.tracker.http import Answer, RestApi
    from miners.tracker.pages import FetchPage

PER_PAGE = 100


def get_object(api: RestApi, path: str) -> Raw:
    """Ask for one thing."""
    found: Raw = api.get(path, is_right=lambda body: isinstance(body, dict)).body
    return found


def get_page(
    api: RestApi,
    path: str,
    parameters: Mapping[str, Any],
    within: str | None = None,
    *,
    is_conditional: bool = False,
) -> Page:
    """
    Ask for a page of a list: its entries, and whether another follows.

    Only a link called next says that one does: pages may be short, or empty, before the end.
    """
    answer = api.get(
        path,
        parameters,
        is_list=is_conditional,
        is_right=lambda body: is_list_of_objects(_entries(body, within)),
    )
    return page_of(answer, within)


def page_of(answer: Answer, within: str | None = None) -> Page:
    """Take the page out of an answer."""
    links = parse_header_links(answer.headers.get("link", ""))
    following = next((str(link["url"]) for link in links if link.get("rel") == "next"), None)
    has_next = following is not None
    if answer.is_unchanged:
        return Page([], has_next, is_unchanged=True)
    (cursor,) = parse_qs(urlsplit(following or "").query).get("after", [None])[:1]
    return Page(_entries(answer.body, within), has_next, next_cursor=cursor)


def read_all(api: RestApi, path: str) -> list[Raw]:
    """Read a short list to its end."""
    return to_the_end(lambda number: get_page(api, path, {"per_page": PER_PAGE, "page": number}))


def fetch_from(api: RestApi, path: str, within: str | None = None, **order: object) -> FetchPage:
    """Make what fetches a list by the numbers of its pages."""

    def fetch(number: int) -> Page:
        parameters = {"per_page": PER_PAGE, "page": number, **order}
        return get_page(api, path, parameters, within, is_conditional=True)

    return fetch


def _entries(body: Any, within: str | None) -> Any:
    return body.get(within) if within and isinstance(body, dict) else body
