import pytest

from projects.imports import headers, mapping
from projects.imports.mapping import MappingError


def test_a_column_is_found_despite_line_breaks_case_and_footnotes():
    names = ["GMPP ID", "Project - Start Date \n(Latest Approved Start Date)", "Budget [1]", "Finish*"]
    assert headers.find("project - start date (latest approved start date)", names) == 1
    assert headers.find("Project - Start Date*", names) == 1
    assert headers.find("budget", names) == 2
    assert headers.find("Finish", names) == 3
    assert headers.find("Start", names) is None


def test_an_ambiguous_beginning_finds_nothing_rather_than_the_wrong_column():
    assert headers.find("Cost", ["Cost planned", "Cost actual"]) is None


def test_the_whole_language_is_understood():
    plan = mapping.parse(
        "projects",
        {
            "name": {"column": ["A", "B"], "join": "/"},
            "budget": {"column": "C", "scale": "1000000", "negate": True},
            "start": {"column": "D", "format": "%d/%m/%Y"},
            "health": {"column": "E", "values": {"Green": "green"}, "default": "amber"},
        },
        {"delimiter": "tab", "skip_footer": 2, "key": "A", "on_duplicate": "newest", "create_missing": True},
    )
    assert plan.rules["name"].columns == ("A", "B")
    assert plan.rules["budget"].negate and plan.rules["budget"].scale == 1_000_000
    assert plan.rules["health"].values == {"green": "green"}
    assert plan.options.read.delimiter == "\t" and plan.options.read.skip_footer == 2
    assert plan.options.key == ("A",)


@pytest.mark.parametrize(
    ("target", "rules", "options", "field"),
    [
        ("moon", {}, {}, "target"),
        ("projects", [], {}, "mapping"),
        ("projects", {"colour": "A"}, {}, "mapping.colour"),
        ("projects", {"name": {"colum": "A"}}, {}, "mapping.name"),
        ("projects", {"name": {"scale": 1}}, {}, "mapping.name.column"),
        ("projects", {"budget": {"column": "A", "scale": "many"}}, {}, "mapping.budget.scale"),
        ("projects", {"budget": {"column": "A", "scale": 0}}, {}, "mapping.budget.scale"),
        ("projects", {"budget": {"column": "A", "negate": "yes"}}, {}, "mapping.budget.negate"),
        ("projects", {"name": "A"}, {"colour": 1}, "options.colour"),
        ("projects", {"name": "A"}, {"date_order": "DYM"}, "options.date_order"),
        ("projects", {"name": "A"}, {"skip_rows": -1}, "options.skip_rows"),
        ("projects", {"name": "A"}, {"delimiter": "ab"}, "options.delimiter"),
        ("projects", {"name": "A"}, {"empty_values": {"a": 1}}, "options.empty_values"),
        ("projects", {"name": "A"}, {"on_duplicate": "guess"}, "options.on_duplicate"),
    ],
)
def test_a_wrong_mapping_is_refused_naming_the_part_at_fault(target, rules, options, field):
    with pytest.raises(MappingError) as refusal:
        mapping.parse(target, rules, options)
    assert refusal.value.field == field
    assert refusal.value.message.endswith(".")
