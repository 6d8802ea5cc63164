"""A rule is one module, with an id and a slug of its own, a test file and a line in docs/rules.md."""

from collections import Counter
from pathlib import Path

import pytest

from portfolio.analysis.registry import PACKAGE, all_rules

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "portfolio" / "rules").glob("*.py") if path.stem != "__init__")


def test_every_module_holds_exactly_one_rule_named_by_its_file():
    held = Counter(rule.module for rule in all_rules())
    assert held == {f"{PACKAGE}.{name}": 1 for name in MODULES}
    assert {rule.slug.replace("-", "_") for rule in all_rules()} == set(MODULES)


def test_ids_and_titles_are_unique():
    for attribute in ("id", "title"):
        counts = Counter(getattr(rule, attribute) for rule in all_rules())
        assert [value for value, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug)
def test_a_rule_has_tests_a_documented_line_and_a_next_step(rule):
    assert (ROOT / "tests" / "portfolio" / "rules" / f"test_{rule.slug.replace('-', '_')}.py").exists()
    lines = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(f"| {rule.id} | `{rule.slug}` |")], "no line in docs/rules.md"
    assert rule.hint.endswith(".")
    assert all(help_text.endswith(".") for help_text in rule.tolerance_help.values())
