"""Fields of document templates: a closed list, replaced once, with amounts that can be left out."""

import pytest

from pmo.analysis.document_fields import FIELDS, asks_for_money, blocks, filled, shown, unknown_fields
from pmo.analysis.document_texts import SHIPPED

VALUES = dict.fromkeys(FIELDS, "x") | {"project.name": "Bridge", "figures.bac": "1,200.00 GBP"}


def test_fields_are_filled_and_amounts_are_left_out_for_those_who_may_not_see_them():
    text = filled("{{ project.name }} costs {{figures.bac}}.", VALUES)
    assert shown(text, money=True) == "Bridge costs 1,200.00 GBP."
    assert shown(text, money=False) == "Bridge costs (not shown)."


def test_a_value_cannot_bring_fields_or_amounts_of_its_own():
    values = VALUES | {"project.name": "{{ figures.bac }} {{= 9 }}"}
    text = filled("{{ project.name }}", values)
    assert shown(text, money=False) == "{ { figures.bac } } { {= 9 } }"
    assert filled(text, values) == text


@pytest.mark.parametrize(
    "name", ["project.budget", "project.__class__", "settings.SECRET_KEY", "", "project.name|upper", "1+1"]
)
def test_what_is_not_in_the_list_is_named_and_never_looked_up(name):
    assert unknown_fields(f"a {{{{ {name} }}}} b {{{{ project.name }}}}") == [name]
    with pytest.raises(KeyError):
        filled(f"{{{{ {name} }}}}", VALUES)


def test_tags_of_template_engines_are_plain_text():
    text = "{% load x %} {{ project.name }} ${7*7}"
    assert filled(text, VALUES) == "{% load x %} Bridge ${7*7}"


def test_filling_again_changes_nothing():
    once = filled("{{ figures.bac }}", VALUES)
    assert filled(once, VALUES) == once


def test_the_templates_that_come_along_hold_only_fields_that_exist_and_ask_for_money():
    for _name, body in SHIPPED.values():
        assert unknown_fields(body) == []
        assert asks_for_money(body)
    assert not asks_for_money("{{ project.name }}")


def test_a_text_falls_into_headings_items_and_paragraphs():
    assert list(blocks("# One\nline a\nline b\n\n- item\n## Two\n#no heading")) == [
        ("heading", "One"), ("text", "line a line b"), ("item", "item"), ("subheading", "Two"), ("text", "#no heading"),
    ]  # fmt: skip
