from decimal import Decimal

import pytest

from portfolio.analysis.evaluation import Setting, evaluate, tolerance_of
from portfolio.analysis.facts import VendorSpend
from portfolio.analysis.registry import all_rules, rule, rule_by_slug
from tests.portfolio.factories import facts, figures

OVER = figures(1, pv=100, ev=100, ac=120)


def titles(evaluation):
    return [(each.rule, each.severity) for each in evaluation.seen]


def test_a_quiet_project_gives_no_finding_of_any_rule():
    assert evaluate(facts(figures()), all_rules(), {}).seen == ()


def test_an_organisation_moves_the_severity_of_all_findings_of_a_rule():
    settings = {"cost-overrun": Setting(severity="medium")}
    assert titles(evaluate(facts(OVER, figures(2, ev=100, ac=200)), [rule_by_slug("cost-overrun")], settings)) == [
        ("cost-overrun", "medium"),
        ("cost-overrun", "high"),
    ]


def test_a_rule_switched_off_sees_nothing_but_counts_as_evaluated():
    evaluation = evaluate(facts(OVER), all_rules(), {"cost-overrun": Setting(enabled=False)})
    assert evaluation.seen == ()
    assert evaluation.evaluated("cost-overrun", "project:1")


def test_only_what_the_facts_cover_counts_as_evaluated():
    evaluation = evaluate(facts(OVER, changed=frozenset({1}), subjects=frozenset({"vendor:7"})), all_rules(), {})
    assert evaluation.evaluated("stale-data", "project:1")
    assert not evaluation.evaluated("stale-data", "project:11")
    assert evaluation.evaluated("vendor-overruns", "vendor:7:GBP")
    assert not evaluation.evaluated("vendor-overruns", "vendor:70:GBP")
    assert not evaluation.evaluated("no-such-rule", "project:1")


def test_a_subject_that_is_not_loaded_completely_is_not_judged():
    projects = [figures(n, ev=100, ac=200) for n in (1, 2, 3)]
    spend = tuple(VendorSpend(7, "Brackwell", n, Decimal(100)) for n in (1, 2, 3))
    partly = facts(*projects, spend=spend, changed=frozenset({1}), subjects=frozenset({"vendor:8"}))
    assert "vendor-overruns" not in {each.rule for each in evaluate(partly, all_rules(), {}).seen}


def test_tolerances_not_set_keep_their_defaults_and_unknown_ones_are_ignored():
    cost = rule_by_slug("cost-overrun")
    assert tolerance_of(cost, Setting(tolerance={"percent": Decimal(20), "old": Decimal(1)})) == {
        "percent": Decimal(20),
        "severe_percent": Decimal(25),
    }


def test_a_tolerance_without_an_explanation_is_refused():
    with pytest.raises(ValueError, match="explanation"):
        rule(
            id="R-99",
            slug="x",
            title="",
            group="",
            severity="low",
            says="",
            hint="",
            tolerance={"a": "1"},
            tolerance_help={},
        )
