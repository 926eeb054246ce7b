"""What GitLab answers: objects, and pages of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from requests.utils import parse_header_links

from miners.errors import SourceUnavailable
from miners.tracker.pages import Page, is_list_of_objects, to_the_end
from miners.tracker.responses import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from miners.tracker.fields import Raw
    from miners.tracker.http import Answer, RestApi
    from miners.tracker.pages import FetchPage, FetchSince

PER_PAGE = 100


def get_object(api: RestApi, path: str) -> Raw:
    """Ask for one thing."""
    return cast("Raw", _get(api, path, {}, lambda body: isinstance(body, dict)).body)


def fetch_pages(api: RestApi, path: str, order: Mapping[str, str] | None = None) -> FetchPage:
    """
    Make a reader of a list by the numbers of its pages.

    Its requests are not conditional: GitLab counts an unchanged answer like any other, and its
    ETag is of the entries alone, so that a full page stays the same when another comes after it.
    """

    def fetch(number: int) -> Page:
        parameters = {"per_page": PER_PAGE, "page": number, **(order or {})}
        answer = _get(api, path, parameters, is_list_of_objects)
        return Page(answer.body, _has_next(answer.headers, len(answer.body)))

    return fetch


def fetch_since(api: RestApi, path: str, order: Mapping[str, str], after: str) -> FetchSince:
    """Make a reader of a list from an instant on, which the parameter named after takes."""

    def fetch(since: str | None, number: int) -> Page:
        return fetch_pages(api, path, {**order, **({after: since} if since else {})})(number)

    return fetch


def read_all(api: RestApi, path: str, order: Mapping[str, str] | None) -> list[Raw]:
    """Read a short list to its end."""
    return to_the_end(fetch_pages(api, path, order))


def _get(
    api: RestApi, path: str, parameters: Mapping[str, object], is_right: Callable[[object], bool]
) -> Answer:
    """Ask for something; what GitLab refuses cannot be had in another way."""
    try:
        return api.get(path, parameters, is_right=is_right)
    except Refused as error:
        page = f"page {parameters['page']} of {path}" if "page" in parameters else path
        problem = f"{page} is refused ({error})"
        raise SourceUnavailable(api.guard.source, problem, "The next run tries again") from error


def _has_next(headers: Mapping[str, str], entry_count: int) -> bool:
    """
    Tell whether another page follows; totals are not asked, for long lists have none.

    Only where a proxy took the headers away does a full page have to say it.
    """
    if "x-next-page" in headers:
        return bool(headers["x-next-page"].strip())
    if "link" in headers:
        return any(link.get("rel") == "next" for link in parse_header_links(headers["link"]))
    return entry_count >= PER_PAGE
