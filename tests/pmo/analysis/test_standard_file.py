"""A standard as a file: there and back without a difference, and every hostile file refused in a plain sentence."""

from __future__ import annotations

import json

import pytest

from pmo.analysis.standard_content import (
    ActivityContent,
    CriterionContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.analysis.standard_fields import Problem
from pmo.analysis.standard_file import MOST_BYTES, standard_from_yaml, standard_to_yaml
from pmo.selectors.shipped import SHIPPED, shipped_standard

HARD = "no: “quoted” #not a comment\n  indented\n\n- list? 012 'x' \\ \t | yes"
FULL = StandardContent(
    "full", "Yes", HARD, "2026-01-01", "null", "1.0",
    (
        PhaseContent(
            "one", "~", HARD,
            (ActivityContent("a", "true", "recommended", "sponsor", HARD, "x: y", "charter", "start", -3),),
            (DeliverableContent("d", "D", "mandatory", "auditor", HARD, HARD, ""),),
            (
                GateContent("g", "*G", "mandatory", "", HARD, "start", ("sponsor", "pmo_director"), 2, True,
                            (CriterionContent("c", "&C", False), CriterionContent("c2", "!C", True))),
            ),
        ),
        PhaseContent("two", "Two"),
    ),
    (
        RuleContent("R", "leave_out", {"tier": [1, 2], "budget_from": "100.50", "team_below": 3}, ("activity:a", "*")),
        RuleContent("Q", "quorum", {}, ("gate:g",), "1"),
    ),
)  # fmt: skip


def test_a_written_standard_is_read_back_without_a_difference():
    assert standard_from_yaml(standard_to_yaml(FULL)) == FULL
    assert standard_to_yaml(standard_from_yaml(standard_to_yaml(FULL))) == standard_to_yaml(FULL)


@pytest.mark.parametrize("slug", SHIPPED)
def test_each_shipped_standard_names_its_source_and_survives_the_way_there_and_back(slug):
    content = shipped_standard(slug)
    assert standard_from_yaml(standard_to_yaml(content)) == content
    assert content.source
    assert content.licence
    assert all(phase.activities for phase in content.phases)
    assert any(phase.gates for phase in content.phases)
    assert content.rules


def test_the_shipped_standards_are_as_deep_as_they_are_said_to_be():
    counts = {
        slug: (len(content.phases), sum(len(phase.activities) for phase in content.phases))
        for slug in SHIPPED
        for content in [shipped_standard(slug)]
    }
    assert counts == {"five-phases": (5, 29), "pm2": (4, 27), "gates-0-5": (6, 29), "small-change": (3, 8)}


def test_pm2_and_the_six_gates_follow_the_facts_published_about_them(shared_data):
    facts = json.loads((shared_data / "standards.json").read_text(encoding="utf-8"))
    known = {each["id"]: each for each in facts["frameworks"]}
    pm2 = shipped_standard("pm2")
    assert [phase.name for phase in pm2.phases] == [each["phase"] for each in known["pm2"]["phases"]]
    assert "acknowledgement" in pm2.licence
    gates = [gate.name for phase in shipped_standard("gates-0-5").phases for gate in phase.gates]
    assert [name.split(":")[0] for name in gates] == [f"Gate {number}" for number, _name in known["uk-gov"]["gates"]]
    assert "Open Government Licence v3.0" in shipped_standard("gates-0-5").licence


HEAD = "format: plumbline-standard-1\nslug: s\nname: S\n"
ONE = HEAD + "phases:\n  - key: p\n    name: P\n"
ACTIVITY = "    activities:\n      - {key: a, name: A}\n"
RULE = "rules:\n  - {name: R, effect: "
BILLION = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing"),
        ("just words", "“just words”"),
        ("[1, 2]", "a list"),
        ("format: other\n", "format"),
        (HEAD, "phases: a standard needs at least one phase"),
        (HEAD + "phases: 7\n", "phases: a list is needed here, not “7”"),
        (HEAD + "phases: [7]\n", "phases[1]: a mapping is needed here, not “7”"),
        (HEAD + "phases:\n  - name: P\n", "phases[1].key: is missing"),
        (HEAD + "colour: red\n", "colour: a standard has no such field"),
        (ONE.replace("key: p", "key: Päß"), "phases[1].key: “Päß” is no key"),
        (ONE + "    activities:\n      - {key: a, name: A, due_days: soon}\n", "activities[1].due_days: “soon”"),
        (ONE + "    activities:\n      - {key: a, name: A, responsible_role: boss}\n", "responsible_role: “boss”"),
        (ONE + ACTIVITY + ACTIVITY.partition("\n")[2], "activities[2].key: “a” is taken"),
        (ONE + "    activities:\n      - {key: a, name: [A]}\n", "name: text is needed here, not a list"),
        (ONE + "    gates:\n      - {key: g, name: G, approver_roles: []}\n", "gates[1].approver_roles: somebody"),
        (ONE + "    gates:\n      - {key: g, name: G, approver_roles: [sponsor], quorum: 3}\n", "quorum: 3 approvals"),
        (ONE + "rules:\n  - {name: R, effect: explode}\n", "rules[1].effect: “explode” is not one of"),
        (ONE + RULE + "leave_out, targets: ['activity:x']}\n", "targets[1]: “activity:x” is nothing"),
        (ONE + "rules:\n  - {name: R, effect: leave_out}\n", "targets: names nothing"),
        (ONE + "rules:\n  - {name: R, effect: report_days, value: often}\n", "value: “often” is not a number of days"),
        (ONE + RULE + "report_days, value: 7, conditions: {tier: [9]}}\n", "tier: “9” is not between"),
        (ONE + RULE + "report_days, value: 7, conditions: {moon: 1}}\n", "no such condition"),
        (ONE + "name: T\n", "the field “name” is there twice"),
        ("a: [", "line 1"),
        ("a: \x01", "not YAML"),
        (BILLION, "references (& and *) are not taken"),
        ("a: !!python/object/apply:os.system ['true']", "the tag"),
        ("a: " + "[" * 3_000, "deeper than"),
        ("? [a]\n: b\n", "the name of a field is text"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_naming_place_and_value(text, says):
    with pytest.raises(Problem) as refused:
        standard_from_yaml(text)
    assert says in str(refused.value)


def test_a_file_that_is_too_large_or_no_text_is_refused():
    with pytest.raises(Problem, match="KB"):
        standard_from_yaml(b"#" * (MOST_BYTES + 1))
    with pytest.raises(Problem, match="UTF-8"):
        standard_from_yaml(b"name: \xff\xfe")


def test_plain_words_that_yaml_takes_for_something_else_stay_words():
    text = ONE.replace("name: P", "name: no") + "    purpose: 2026-01-01\n"
    phase = standard_from_yaml(text).phases[0]
    assert (phase.name, phase.purpose) == ("no", "2026-01-01")
