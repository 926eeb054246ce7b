"""Sets of rules for projects whose figures are calculated independently."""

from __future__ import annotations

DEPLOYMENTS = (("deployments", "tag"), ("deployment_tags", "v*"))
NOBODY_ELSE = (("left_out_authors", "bot"), ("left_out_authors", "ai_agent"))
EVERYTHING = (
    *DEPLOYMENTS,
    ("incident_labels", "bug"),
    ("incident_titles", r"\b(fail(s|ure|ed)?|crash|broken|segfault)\b"),
    ("hotfix_labels", "bug"),
    ("hotfix_titles", r"\bfix(es)? .*(build|overflow|leak)"),
    ("hotfix_branches", "*hotfix*"),
    ("started_labels", "assurance"),
    ("started_labels", "next-*"),
    ("test_labels", "ci"),
    ("test_titles", r"\btests?\b"),
    ("left_out_labels", "invalid"),
    ("generated", "*.m4"),
    ("generated", "sage/"),
    *NOBODY_ELSE,
)
# Incidents that all came to an end, so that there are times without one until the last poll.
FEW = (
    *DEPLOYMENTS,
    ("incident_titles", r"\b(fails?|crash)\b"),
    ("started_labels", "*"),
    ("left_out_labels", "*refactor"),
)
MADE = (
    *DEPLOYMENTS,
    ("incident_titles", "crashes"),
    ("incident_labels", "bug"),
    ("hotfix_labels", "hot"),
    ("started_labels", "doing"),
    ("test_titles", "test"),
    ("test_labels", "test"),
)
# Another project calls other things so, and excludes some.
APART = (
    DEPLOYMENTS[0],
    *(("deployment_tags", pattern) for pattern in ("v1*", "v*3", "v*6")),
    ("incident_titles", "crashes"),
    ("hotfix_labels", "bug"),
    ("started_labels", "hot"),
    ("test_labels", "part"),
    ("left_out_labels", "chore"),
    *NOBODY_ELSE,
)
