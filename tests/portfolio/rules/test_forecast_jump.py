from datetime import date

from tests.portfolio.factories import facts, figures, found

RULE = "forecast-jump"
DAYS = {"reported_before_on": date(2026, 9, 30), "reported_eac_on": date(2026, 10, 31)}


def test_a_forecast_that_jumps_is_found_with_both_statements():
    [finding] = found(RULE, facts(figures(reported_before=1_000_000, reported_eac=1_150_000, **DAYS)))
    assert finding.title == "Reported forecast went up by 15.0 % at once"
    assert finding.detail == "£1,000k on 30 Sep 2026, £1,150k on 31 Oct 2026."


def test_a_forecast_that_creeps_is_not_found():
    assert found(RULE, facts(figures(reported_before=1_000_000, reported_eac=1_050_000, **DAYS))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found(RULE, facts(figures(reported_before=1_000_000, reported_eac=1_100_000, **DAYS))) == []
    assert len(found(RULE, facts(figures(reported_before=1_000_000, reported_eac=1_100_001, **DAYS)))) == 1


def test_a_jump_down_is_one_too_and_a_large_one_is_high():
    [finding] = found(RULE, facts(figures(reported_before=1_000_000, reported_eac=700_000, **DAYS)))
    assert finding.title.startswith("Reported forecast went down by 30.0 %")
    assert finding.severity == "high"


def test_a_first_statement_jumps_from_nothing():
    assert found(RULE, facts(figures(reported_eac=1_500_000, reported_eac_on=date(2026, 10, 31)))) == []
