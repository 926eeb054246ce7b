"""Whatever the figures: a report that is consistent gives no alarm, one bent figure gives one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rows.random_reports import made_reports, written
from warehouse.reconcile.findings import State, reconcile


@settings(max_examples=150, deadline=None)
@given(made_reports())
def test_a_consistent_report_gives_no_alarm(parts):
    text, _ = written(parts)
    report = reconcile(text)

    assert report.alarms == []
    assert report.counts[State.AGREES] + report.counts[State.ROUNDING] > 0


@settings(max_examples=150, deadline=None)
@given(made_reports(), st.data())
def test_one_bent_figure_gives_one_alarm_there(parts, data):
    bent = data.draw(st.integers(0, len(parts) - 1))
    text, line = written(parts, bent)
    found = [(one.figure.line, one.says) for one in reconcile(text).alarms]

    assert len(found) == 1, (text, found)
    assert found[0][0] == line
    assert parts[bent].wrong in found[0][1]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 %+-~/().,:=×|#*\n→QhmdGBto개회시간년월", max_size=200))
def test_any_text_is_read(text):
    reconcile(text)
