"""Possible responses of a tracker by mining phase, with their outcomes."""

from __future__ import annotations

import pytest

from tests.support.fakes.fake_github import GithubReply, message, moved

PHASES = {
    "describe": "/repos/ada/orchard",
    "list": "/repositories/1/issues",
    "timeline": "/repositories/1/issues/3/timeline",
}
FORBIDDEN = message(403, "Resource not accessible", X_Accepted_GitHub_Permissions="issues=read")
PRIMARY = {"X-RateLimit-Remaining": 0, "X-RateLimit-Reset": 1717203000}
SECONDARY = "You have exceeded a secondary rate limit."
HTML = GithubReply(200, b"<html>Log in</html>", {"Content-Type": "text/html"})


def case(row, reply, match, tries=1, name=None):
    label = name or f"{row} {reply.status}"
    return pytest.param(row, reply, match, tries, id=label)


EVERYWHERE = [
    case("token refused", message(401, "Bad credentials"), "not accepted. Create a new token"),
    case("right missing", FORBIDDEN, "may not read this .it needs issues=read.: Resource"),
    case("limit, with a time", message(403, SECONDARY, Retry_After="90"), "used up until 2024-"),
    case("limit, with a time", message(429, "Slow down", Retry_After="90"), "used up until 2024-"),
    case("limit, without a time", message(403, SECONDARY), "Later runs resume"),
    case("limit, without a time", message(429), "Later runs resume"),
    case(
        "limit used up",
        GithubReply(403, {"message": "API rate limit exceeded"}, PRIMARY),
        "00:50:00",
    ),
    case(
        "limit used up",
        GithubReply(429, {"message": "API rate limit exceeded"}, PRIMARY),
        "00:50:00",
    ),
    case("request refused", message(400, "Bad"), "refuses a request .status 400: Bad"),
    case("request refused", message(405), "status 405"),
    case("request refused", message(422, "Validation Failed"), "status 422: Validation"),
    *(case("server failing", message(n), f"status {n}, 4 times", 4) for n in (500, 502, 503, 504)),
    case("server failing", message(418), "status 418", 4),
    case("server failing", GithubReply(301, {}), "status 301", 4, "301 that leads nowhere"),
    case("no response yet", message(202), "no response yet, 4 times", 4),
    case("no JSON", HTML, "not JSON .text/html., 4 times", 4, "HTML"),
    case("no JSON", GithubReply(200), "an empty response", 4, "empty"),
    case("no JSON", GithubReply(200, b'[{"id": 1, "ti'), "not JSON", 4, "half"),
    case("another shape", GithubReply(200, b"\xff\xfe"), "neither", 4, "other bytes"),
    case("no JSON", GithubReply(204), "204", 4),
    case("another shape", GithubReply(200, "hello"), "neither", 4, "a text"),
    case("another shape", GithubReply(200, 17), "neither", 4, "a number"),
    case("another shape", GithubReply(200, None), "neither", 4, "null"),
    case("another shape", GithubReply(200, b"[" * 9999), "4 times", 4, "a tower of lists"),
    case("proxy login", message(407), "the proxy requires a login"),
    case("endless redirects", moved("/elsewhere"), "5 redirects", 20, "301 to itself"),
]
IN_ONE_PHASE = [
    *(("describe", "repository not there", message(n), f"status {n}", 1) for n in (404, 410, 451)),
    *(("list", "no list there", message(n), f"not there .status {n}", 1) for n in (404, 410, 451)),
    ("describe", "another shape", GithubReply(200, []), "another shape", 4),
    ("describe", "nobody knows it", GithubReply(200, {}), "id is null", 1),
    ("describe", "nobody knows it", GithubReply(200, {"id": 1, "url": 5}), "url is 5", 1),
    ("list", "another shape", GithubReply(200, {"id": 1}), "another shape", 4),
    ("list", "another shape", GithubReply(200, [{}, 5]), "another shape", 4),
    ("list", "another shape", GithubReply(200, [[]]), "another shape", 4),
    ("timeline", "another shape", GithubReply(200, {"id": 1}), "another shape", 4),
    ("timeline", "another shape", GithubReply(200, [None]), "another shape", 4),
]  # fmt: skip
