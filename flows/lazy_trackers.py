"""
The miners of trackers, imported at their first call.

Their HTTP libraries load slowly, and a run over Git alone does not need them.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.plan import MiningPlan, Progress
    from miners.store import Receipt
    from miners.tracker.address import Host, ListedRepository, TrackerSource
    from miners.tracker.estimate import Estimate

# A shorter token may be a part of any word, of which it would only remove letters.
_LONG = 8


def mine_tracker(
    source: TrackerSource, plan: MiningPlan, progress: Progress
) -> tuple[Receipt, ...]:
    """
    Mine what is new in one tracker.

    Errors:  MiningError.
    """
    from miners.tracker.mine import mine_tracker as mine  # noqa: PLC0415 - see above

    with redact_token(source.host):
        return mine(source, plan, progress)


def list_group(host: Host, path: str, plan: MiningPlan) -> list[ListedRepository]:
    """
    List the repositories of an organisation or group.

    Errors:  MiningError.
    """
    from miners.tracker.discover import list_group as listed  # noqa: PLC0415 - see above

    with redact_token(host):
        return listed(host, path, plan)


def estimate(source: TrackerSource, plan: MiningPlan) -> Estimate:
    """
    Estimate the cost of the next mining of a tracker with a few requests.

    Errors:  MiningError.
    """
    from miners.tracker.estimate import estimate as estimated  # noqa: PLC0415 - see above

    with redact_token(source.host):
        return estimated(source, plan)


@contextmanager
def redact_token(host: Host) -> Iterator[None]:
    """Remove a token from errors: a server may repeat it, a library quote its header."""
    try:
        yield
    except Exception as error:
        if not host.token or host.token not in f"{error!r} {error}":
            raise
        _mask(error, host.token)
        raise error from None


def _mask(error: Exception, token: str) -> None:
    error.args = tuple(_masked(part, token) for part in error.args)
    for name, value in vars(error).items():
        setattr(error, name, _masked(value, token))


def _masked(value: object, token: str) -> object:
    if not isinstance(value, str):
        return value
    found = re.escape(token) if len(token) >= _LONG else rf"(?<!\w){re.escape(token)}(?!\w)"
    return re.sub(found, "(the token)", value)
