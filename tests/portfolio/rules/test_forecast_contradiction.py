from tests.portfolio.factories import facts, figures, found

RULE = "forecast-contradiction"


def test_a_report_far_below_what_cpi_leads_to_is_found():
    [finding] = found(RULE, facts(figures(ev=400_000, ac=500_000, reported_eac=1_000_000)))
    assert finding.title == "Reported forecast is 20.0 % below what CPI leads to"
    assert finding.detail == "£1,000k reported; at the CPI of 0.80 it is £1,250k."
    assert finding.severity == "medium"


def test_a_report_that_agrees_with_cpi_is_not_found():
    assert found(RULE, facts(figures(ev=400_000, ac=500_000, reported_eac=1_250_000))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found(RULE, facts(figures(reported_eac=1_100_000))) == []
    assert len(found(RULE, facts(figures(reported_eac=1_100_001)))) == 1


def test_far_below_is_high_and_far_above_is_not():
    [below] = found(RULE, facts(figures(reported_eac=700_000)))
    [above] = found(RULE, facts(figures(reported_eac=1_400_000)))
    assert (below.severity, above.severity) == ("high", "medium")


def test_at_the_beginning_cpi_tells_too_little():
    assert found(RULE, facts(figures(reported_eac=700_000, percent_complete=14))) == []


def test_without_a_report_or_an_index_nothing_is_said():
    assert found(RULE, facts(figures())) == []
    assert found(RULE, facts(figures(ev=None, reported_eac=700_000))) == []
