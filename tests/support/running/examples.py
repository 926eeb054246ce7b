"""Numbers of random examples, and long comparisons."""

from __future__ import annotations

import os

from hypothesis import settings

# Whether comparisons are made whole that take a minute each, as in .ci/run.
IS_LONG = "QUARRY_TEST_LONG" in os.environ
# Few examples in `ci`, 500 in `night`, or as many as the fault suite asks for.
CI, NIGHT = "ci", "night"
NIGHT_EXAMPLES = int(os.environ.get("QUARRY_TEST_EXAMPLES", "500"))


def register_profiles():
    """Register both profiles; `ci`, the default, tries the same examples in every run."""
    settings.register_profile(CI, derandomize=True, deadline=None)
    settings.register_profile(NIGHT, max_examples=NIGHT_EXAMPLES, deadline=None)
    settings.load_profile(CI)


def count_of(few):
    """Return how many examples to try, of which a run of `ci` has time for a few."""
    is_night = settings.get_current_profile_name() == NIGHT
    return max(few, NIGHT_EXAMPLES) if is_night else few


def examples(few, **options):
    """Set the number of examples of a test."""
    return settings(max_examples=count_of(few), **options)
