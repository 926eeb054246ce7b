"""Test random reports: one wrong figure gives one finding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.random_reports import made_reports, written
from tests.support.running.examples import examples
from warehouse.reconcile.findings import State, reconcile


@examples(150)
@given(made_reports())
def test_a_consistent_report_has_no_finding(parts):
    text, _ = written(parts)
    report = reconcile(text)

    assert report.findings == []
    assert report.counts[State.AGREES] + report.counts[State.ROUNDING] > 0


@examples(150)
@given(made_reports(), st.data())
def test_one_wrong_figure_gives_one_finding_there(parts, data):
    wrong_index = data.draw(st.integers(0, len(parts) - 1))
    text, line = written(parts, wrong_index)
    findings = [(finding.figure.line, finding.says) for finding in reconcile(text).findings]

    assert len(findings) == 1, (text, findings)
    assert findings[0][0] == line
    assert parts[wrong_index].wrong in findings[0][1]


@examples(200)
@given(st.text(alphabet="0123456789 %+-~/().,:=×|#*\n→QhmdGBto개회시간년월", max_size=200))
def test_any_text_is_read(text):
    """Each figure that is found begins on its line."""
    lines = text.split("\n")

    for result in reconcile(text).results:
        assert result.figure.text[0] in lines[result.figure.line - 1]
