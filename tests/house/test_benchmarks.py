"""A benchmark that misses a bound fails; nothing here is timed."""

import pytest

from benchmarks._bounds import Figures
from benchmarks._load import Outcome
from benchmarks._reports import ANSWERS, _Fields
from tests.builders import REPORT_PAGE, hidden_fields


@pytest.mark.parametrize(("seconds", "code"), [(0.5, 0), (1.0, 0), (1.5, 1)])
def test_a_missed_bound_is_told_and_ends_with_a_failure(seconds: float, code: int, capsys) -> None:
    figures = Figures()
    figures.at_most("a million points", seconds, 1.0, " s")
    with pytest.raises(SystemExit) as ended:
        figures.close()
    assert ended.value.code == code
    assert ("MISSED" in capsys.readouterr().out) == bool(code)


def test_the_slowest_hundredth_is_not_an_average() -> None:
    outcome = Outcome(seconds=2.0, latencies_s=[0.01] * 98 + [0.2, 0.3])
    assert outcome.per_second == 50
    assert (outcome.percentile_ms(50), outcome.percentile_ms(99)) == (10, 300)


def test_a_benchmarks_report_fills_in_what_the_page_asks(client) -> None:
    page = client.get(REPORT_PAGE).text
    fields = _Fields()
    fields.feed(page)
    choices = {"main_waste", "size", "land_type", "witnessed", "wants_news"}
    assert set(ANSWERS) - set(fields.values) == choices
    assert hidden_fields(page).keys() <= fields.values.keys()
    assert fields.files == ["photos"]
