"""Choose the default branch, also where HEAD names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.git.refs import DETACHED, HEAD, DefaultBranch
from miners.text import listed

if TYPE_CHECKING:
    from miners.git.address import GitSource
    from miners.git.refs import RefAdvertisement

SETTING, TRACKER, CLONED = "setting", "tracker", "cloned_from"
ONLY_BRANCH, USUAL_NAME = "only_branch", "usual_name"
USUAL_NAMES = ("main", "master", "trunk", "develop")
_BRANCHES = "refs/heads/"
# How many branches a message lists.
_SHOWN = 5


def choose_default_branch(
    advertised: RefAdvertisement, source: GitSource, tracker_branch: str | None
) -> DefaultBranch:
    """
    Choose the default branch: the first of these that exists.

    The branch of the settings, of the tracker, of HEAD; where HEAD names none, that of the
    repository it was cloned from, the only branch, one with a usual name; HEAD's commit where
    there is no branch.

    Errors:  SourceDenied if the settings name a missing branch, or if no choice is clear.
    """
    branches = [name for name in advertised.refs if name.startswith(_BRANCHES)]
    setting = source.default_branch and _BRANCHES + source.default_branch
    if setting and branches and setting not in branches:
        problem = f"there is no branch {source.default_branch}"
        raise SourceDenied(source.id, problem, "Correct default_branch of this source")
    if setting in branches:
        return DefaultBranch(setting, SETTING)
    if tracker_branch and _BRANCHES + tracker_branch in branches:
        return DefaultBranch(_BRANCHES + tracker_branch, TRACKER)
    if advertised.head_branch and "HEAD" in advertised.refs:
        return DefaultBranch(advertised.head_branch, HEAD)
    return _without_head(advertised, source, branches)


def _without_head(
    advertised: RefAdvertisement, source: GitSource, branches: list[str]
) -> DefaultBranch:
    if advertised.cloned_branch in branches:
        return DefaultBranch(advertised.cloned_branch, CLONED)
    if not branches:
        is_detached = "HEAD" in advertised.refs
        return DefaultBranch(None, DETACHED) if is_detached else DefaultBranch()
    if len(branches) == 1:
        return DefaultBranch(branches[0], ONLY_BRANCH)
    usual = [_BRANCHES + name for name in USUAL_NAMES if _BRANCHES + name in branches]
    if usual:
        return DefaultBranch(usual[0], USUAL_NAME)
    raise SourceDenied(source.id, _unclear(branches), "Write default_branch for this source")


def _unclear(branches: list[str]) -> str:
    names = [name.removeprefix(_BRANCHES) for name in sorted(branches)]
    shown = listed(names, _SHOWN)
    return f"HEAD names no branch, and it is not clear which is the default branch: {shown}"
