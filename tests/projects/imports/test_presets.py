import pytest

from projects.imports import mapping, preset


@pytest.mark.parametrize("ready", preset.all_presets(), ids=lambda ready: ready.key)
def test_every_ready_mapping_is_valid_and_says_what_it_does(ready):
    plan = mapping.parse(ready.target, ready.mapping, ready.options)
    assert plan.options.source and ready.about.endswith(".")
    assert len(ready.signature) >= 3


def test_a_file_of_another_kind_is_not_recognised():
    assert preset.sniff(["Project ID", "Project Name", "Budget"]) is None
