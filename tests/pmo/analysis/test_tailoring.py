"""Tailoring: what counts for which project, and which tier a project is in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pmo.analysis.standard_content import (
    ActivityContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.analysis.tailoring import (
    SizeFacts,
    TailoringFacts,
    TierModelContent,
    holds,
    tailored,
    tier_model_content,
    tier_of,
)

START = PhaseContent(
    "start",
    "Start",
    activities=(ActivityContent("charter", "Charter"), ActivityContent("list", "List", "recommended")),
    deliverables=(DeliverableContent("case", "Case"),),
    gates=(GateContent("go", "Go", approver_roles=("sponsor", "pmo_director"), quorum=2),),
)
END = PhaseContent("end", "End", activities=(ActivityContent("lessons", "Lessons"),))


def standard(*rules: RuleContent) -> StandardContent:
    return StandardContent("s", "S", phases=(START, END), rules=rules)


def applying(result, kind="activity"):
    return [each.key for each in result.applying(kind)]


def test_without_rules_everything_applies_as_written():
    result = tailored(standard(), TailoringFacts(tier=1))
    assert applying(result) == ["charter", "list", "lessons"]
    assert result.quorum == {"go": 2}
    assert (result.report_days, result.approval_limit) == (None, None)


def test_a_rule_speaks_only_for_its_tiers_and_names_itself_as_the_reason():
    rule = RuleContent("Small ones", "leave_out", {"tier": [1, 2]}, ("activity:charter",))
    assert applying(tailored(standard(rule), TailoringFacts(tier=3))) == ["charter", "list", "lessons"]
    small = tailored(standard(rule), TailoringFacts(tier=2))
    assert applying(small) == ["list", "lessons"]
    assert next(each for each in small.requirements if not each.applies).reason == "Small ones"


def test_the_last_rule_that_speaks_decides():
    out = RuleContent("Out", "leave_out", {}, ("phase:start",))
    back = RuleContent("Back", "recommended", {}, ("activity:charter",))
    result = tailored(standard(out, back), TailoringFacts())
    assert applying(result) == ["charter", "lessons"]
    assert result.requirements[0].obligation == "recommended"
    assert applying(tailored(standard(back, out), TailoringFacts())) == ["lessons"]


def test_a_phase_is_left_out_only_when_nothing_in_it_comes_back():
    out = RuleContent("Out", "leave_out", {}, ("phase:start",))
    back = RuleContent("Back", "mandatory", {}, ("gate:go",))
    assert tailored(standard(out), TailoringFacts()).phases_left_out == {"start"}
    assert tailored(standard(out, back), TailoringFacts()).phases_left_out == frozenset()


@pytest.mark.parametrize(
    ("conditions", "facts", "expected"),
    [
        ({"budget_from": "100000"}, TailoringFacts(budget=Decimal(100000)), True),
        ({"budget_from": "100000"}, TailoringFacts(budget=Decimal("99999.99")), False),
        ({"budget_below": "100000"}, TailoringFacts(budget=Decimal(100000)), False),
        ({"budget_below": "100000"}, TailoringFacts(), False),
        ({"tier": [1]}, TailoringFacts(), False),
        ({"months_from": 6, "team_below": 5}, TailoringFacts(months=6, team=4), True),
        ({"months_from": 6, "team_below": 5}, TailoringFacts(months=6, team=5), False),
        ({"complexity_from": 12}, TailoringFacts(complexity=12), True),
        ({"colour": "red"}, TailoringFacts(tier=1), False),
        ({}, TailoringFacts(), True),
    ],
)
def test_a_condition_holds_at_its_bound_and_never_about_what_is_unknown(conditions, facts, expected):
    assert holds(conditions, facts) is expected


def test_figures_are_set_by_the_last_rule_and_a_quorum_stays_within_its_approvers():
    rules = (
        RuleContent("Monthly", "report_days", {}, (), "30"),
        RuleContent("Weekly", "report_days", {"tier": [3]}, (), "7"),
        RuleContent("Limit", "approval_limit", {}, (), "250000.00"),
        RuleContent("Many", "quorum", {}, ("gate:go",), "9"),
    )
    large = tailored(standard(*rules), TailoringFacts(tier=3))
    assert (large.report_days, large.approval_limit, large.quorum) == (7, Decimal("250000.00"), {"go": 2})
    assert tailored(standard(*rules), TailoringFacts(tier=1)).report_days == 30


def model() -> TierModelContent:
    answers = [{"score": score, "text": str(score)} for score in (1, 2, 3, 4)]
    return tier_model_content(
        {
            "factors": [{"key": key, "text": key, "answers": answers} for key in ("a", "b", "c")],
            "size_bands": {
                "budget": [{"key": "small", "name": "Small", "from": "0"}, {"key": "big", "name": "B", "from": "1000"}],
                "months": [{"key": "small", "name": "Small", "from": "0"}, {"key": "big", "name": "B", "from": "12"}],
            },
            "complexity_bands": [
                {"key": "simple", "name": "Simple", "from": 0},
                {"key": "hard", "name": "Hard", "from": 8},
            ],
            "grid": {"small": {"simple": 1, "hard": 2}, "big": {"simple": 2, "hard": 3}},
        }
    )


@pytest.mark.parametrize(
    ("scores", "size", "tier"),
    [
        ((1, 1, 1), SizeFacts(budget=Decimal(10)), 1),
        ((4, 3, 1), SizeFacts(budget=Decimal(10)), 2),
        ((3, 3, 1), SizeFacts(budget=Decimal(1000)), 2),
        ((4, 4, 4), SizeFacts(budget=Decimal(10), months=12), 3),
    ],
)
def test_size_and_complexity_give_the_tier_and_the_largest_measure_counts(scores, size, tier):
    assert tier_of(model(), dict(zip("abc", scores, strict=True)), size).tier == tier


def test_without_all_answers_or_any_size_there_is_no_tier_but_a_reason():
    unanswered = tier_of(model(), {"a": 1, "b": 5, "c": True}, SizeFacts(months=3))
    assert (unanswered.tier, unanswered.missing) == (None, ("b", "c"))
    sizeless = tier_of(model(), {"a": 1, "b": 1, "c": 1}, SizeFacts())
    assert (sizeless.tier, sizeless.score, bool(sizeless.reason)) == (None, 3, True)
