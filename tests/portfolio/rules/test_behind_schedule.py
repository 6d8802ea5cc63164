from tests.portfolio.factories import facts, figures, found


def test_less_work_than_planned_is_found():
    [finding] = found("behind-schedule", facts(figures(pv=500_000, ev=400_000)))
    assert finding.title == "Behind schedule, SPI 0.80"
    assert finding.detail == "Work worth £500k planned by 31 Oct 2026, £400k done."
    assert finding.severity == "medium"


def test_work_ahead_of_plan_is_not_found():
    assert found("behind-schedule", facts(figures(pv=500_000, ev=600_000))) == []


def test_spi_exactly_at_the_tolerance_is_not_found_and_just_below_is():
    assert found("behind-schedule", facts(figures(pv=1_000_000, ev=900_000))) == []
    assert len(found("behind-schedule", facts(figures(pv=1_000_000, ev=899_999)))) == 1


def test_far_behind_is_one_step_more_severe():
    severities = [found("behind-schedule", facts(figures(pv=100, ev=ev)))[0].severity for ev in (75, 74)]
    assert severities == ["medium", "high"]


def test_a_project_that_should_not_have_started_yet_is_not_judged():
    assert found("behind-schedule", facts(figures(pv=0, ev=0))) == []
