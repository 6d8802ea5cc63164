from tests.portfolio.factories import facts, figures, found

PROGRAMME = {"programme_id": 3, "programme_name": "Harbour"}


def member(id: int, **changes):
    return figures(id, **(PROGRAMME | changes))


def test_a_programme_whose_forecasts_drift_together_is_found_with_its_numbers():
    projects = [member(1, eac=1_080_000), member(2, eac=1_120_000), member(3, eac=1_000_000)]
    [finding] = found("programme-drift", facts(*projects))
    assert finding.title == "Harbour: projects drift together in cost"
    assert finding.detail == "2 of 3 forecast over budget, median 8.0 % over: P-001 and P-002."
    assert (finding.subject, finding.project_ids, finding.severity) == ("programme:3:GBP", (1, 2), "high")


def test_one_bad_project_in_a_programme_is_not_a_drift():
    assert found("programme-drift", facts(member(1, eac=2_000_000), member(2), member(3))) == []


def test_exactly_half_of_the_projects_is_not_found():
    four = [member(1, eac=1_200_000), member(2, eac=1_200_000), member(3), member(4)]
    assert found("programme-drift", facts(*four)) == []


def test_a_median_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    edge = [member(n, eac=1_050_000) for n in (1, 2, 3)]
    assert found("programme-drift", facts(*edge)) == []
    assert len(found("programme-drift", facts(*(member(n, eac=1_050_001) for n in (1, 2, 3))))) == 1


def test_spi_exactly_at_the_tolerance_is_not_found_and_below_is():
    assert found("programme-drift", facts(*(member(n, pv=100, ev=95) for n in (1, 2, 3)))) == []
    [finding] = found("programme-drift", facts(*(member(n, pv=100, ev=94) for n in (1, 2, 3))))
    assert finding.title == "Harbour: projects drift together in schedule"
    assert finding.detail == "3 of 3 behind schedule, median SPI 0.94: P-001, P-002 and P-003."


def test_drifting_in_both_is_critical():
    both = [member(n, eac=1_200_000, pv=100, ev=80) for n in (1, 2, 3)]
    [finding] = found("programme-drift", facts(*both))
    assert finding.title == "Harbour: projects drift together in cost and schedule"
    assert finding.severity == "critical"


def test_two_measured_projects_are_too_few():
    assert (
        found("programme-drift", facts(member(1, eac=2_000_000), member(2, eac=2_000_000), member(3, eac=None))) == []
    )


def test_currencies_are_judged_apart():
    mixed = [member(1, eac=2_000_000), member(2, eac=2_000_000), member(3, eac=2_000_000, currency="EUR")]
    assert found("programme-drift", facts(*mixed)) == []
