"""Test the states of the columns of a year."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from warehouse.report.year_table import IS_SEALED, IS_SO_FAR, _state

SEALED, OVER, RUNNING = (
    SimpleNamespace(is_sealed=is_sealed, is_complete=is_complete)
    for is_sealed, is_complete in ((True, True), (False, True), (False, False))
)


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ([], ""),
        ([SEALED, SEALED], IS_SEALED),
        ([SEALED, OVER], ""),
        ([SEALED, RUNNING], ""),
        ([OVER, RUNNING], ""),
        ([RUNNING, RUNNING], IS_SO_FAR),
    ],
)
def test_a_column_has_the_state_of_all_of_its_figures(figures, state):
    assert _state(figures) == state
