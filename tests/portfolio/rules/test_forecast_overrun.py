from tests.portfolio.factories import facts, figures, found


def test_a_forecast_over_budget_is_found_and_says_how_it_was_made():
    [finding] = found("forecast-overrun", facts(figures(eac=1_120_000, eac_method="cpi_spi")))
    assert finding.title == "Forecast is 12.0 % over budget"
    assert finding.detail == "£1,120k expected at completion, budget £1,000k."
    assert finding.evidence[-1].value == "the rest done at the cost and schedule efficiency so far"
    assert finding.severity == "high"


def test_a_forecast_within_budget_is_not_found():
    assert found("forecast-overrun", facts(figures(eac=900_000))) == []


def test_a_forecast_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found("forecast-overrun", facts(figures(eac=1_100_000))) == []
    assert len(found("forecast-overrun", facts(figures(eac=1_100_001)))) == 1


def test_far_over_budget_is_critical():
    assert found("forecast-overrun", facts(figures(eac=1_250_001)))[0].severity == "critical"


def test_without_a_forecast_nothing_is_said():
    assert found("forecast-overrun", facts(figures(eac=None))) == []


def test_an_unknown_method_is_said_to_be_unknown():
    [finding] = found("forecast-overrun", facts(figures(eac=1_200_000, eac_method="")))
    assert finding.evidence[-1].value == "unknown"
