"""Setting rules."""

from decimal import Decimal

import pytest

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import AuditEvent, OutboxMark
from portfolio.analysis.registry import all_rules
from portfolio.models import Finding, RuleSetting
from portfolio.selectors.rules import rule_get, rules_in_force
from portfolio.services.rules import rule_setting_update
from portfolio.services.standings import standings_refresh

pytestmark = pytest.mark.django_db


def test_a_rule_is_as_shipped_until_somebody_sets_it(director):
    rules = rules_in_force(director)
    assert [each.rule for each in rules] == list(all_rules())
    assert all(each.as_shipped and each.version == 0 for each in rules)


def test_a_tolerance_is_set_for_one_organisation_and_its_projects_are_looked_at_anew(director, office, other_office):
    after = rule_setting_update(actor=director, slug="cost-overrun", version=0, tolerance={"percent": Decimal("12.50")})
    assert dict(after.tolerance) == {"percent": Decimal("12.5"), "severe_percent": Decimal("25")}
    assert after.version == 1
    assert RuleSetting.objects.get().tolerance == {"percent": "12.5"}
    assert OutboxMark.objects.filter(kind="portfolio", subject_id=0, organisation=office.organisation).exists()
    assert rule_get(other_office.member("pmo_director"), "cost-overrun").as_shipped
    assert AuditEvent.objects.get(action="rule.set").after["tolerance"]["percent"] == "12.5"


def test_a_rule_switched_off_resolves_its_findings_and_on_again_reopens_them(director, office):
    project = office.project("A", sponsor=None)
    office.compute()
    standings_refresh(office.organisation.pk)
    finding = Finding.objects.get(rule="missing-owner")
    for enabled, status in ((False, "resolved"), (True, "open")):
        version = rule_get(director, "missing-owner").version
        rule_setting_update(actor=director, slug="missing-owner", version=version, enabled=enabled)
        standings_refresh(office.organisation.pk, [0])
        finding.refresh_from_db()
        assert finding.status == status
    assert finding.concerned.get().project == project


def test_severity_moves_findings_and_going_back_to_the_shipped_one_is_kept_as_such(director, office):
    rule_setting_update(actor=director, slug="missing-owner", version=0, severity="critical")
    assert rule_get(director, "missing-owner").severity == "critical"
    after = rule_setting_update(actor=director, slug="missing-owner", version=1, severity="medium")
    assert after.as_shipped
    assert RuleSetting.objects.get().severity == ""


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "1e12"])
def test_a_tolerance_that_is_none_is_refused(director, value):
    with pytest.raises(ApplicationError, match="not a tolerance"):
        rule_setting_update(actor=director, slug="cost-overrun", version=0, tolerance={"percent": Decimal(value)})


def test_an_unknown_tolerance_rule_or_severity_is_refused(director):
    with pytest.raises(ApplicationError, match="has no tolerance"):
        rule_setting_update(actor=director, slug="cost-overrun", version=0, tolerance={"pct": Decimal(1)})
    with pytest.raises(ApplicationError, match="not a severity"):
        rule_setting_update(actor=director, slug="cost-overrun", version=0, severity="awful")
    with pytest.raises(NotFound):
        rule_setting_update(actor=director, slug="cost-underrun", version=0)


def test_of_two_who_set_it_at_once_one_is_told(director):
    rule_setting_update(actor=director, slug="cost-overrun", version=0, enabled=False)
    for stale in (0, 7):
        with pytest.raises(StaleVersion):
            rule_setting_update(actor=director, slug="cost-overrun", version=stale, enabled=True)


def test_only_the_office_sets_rules(office):
    with pytest.raises(Forbidden):
        rule_setting_update(actor=office.member("project_manager"), slug="cost-overrun", version=0, enabled=False)
