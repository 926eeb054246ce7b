"""Tables that fit a terminal."""

from __future__ import annotations

import pytest

from warehouse.query.fitting import fitting_columns, table_width


@pytest.mark.parametrize(
    ("widths", "width", "columns"),
    [
        ([5, 5], 17, [0, 1]),
        ([5, 5], 16, [0, None]),
        ([100], 20, [0]),
        ([100, 5], 60, [0, 1]),
        ([10] * 9, 80, [0, 1, 2, None, 7, 8]),
        ([10] * 9, 1000, list(range(9))),
        ([10, 10, 10], 10, [0, None]),
    ],
)
def test_columns_in_the_middle_are_omitted_first(widths, width, columns):
    assert fitting_columns(widths, width) == columns


@pytest.mark.parametrize("width", range(20, 200, 7))
def test_what_is_chosen_fits(width):
    widths = [3, 17, 60, 8, 8, 25, 4, 11]
    chosen = [1 if i is None else min(widths[i], 40) for i in fitting_columns(widths, width)]

    assert table_width(chosen) <= width or len(chosen) == 2
