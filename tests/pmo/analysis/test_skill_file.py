import pytest

from pmo.analysis.skill_file import (
    COLUMNS,
    framework_from_csv,
    framework_from_file,
    framework_from_yaml,
    framework_to_yaml,
)
from pmo.analysis.standard_fields import Problem
from pmo.selectors.shipped import SHIPPED_SKILLS, shipped_framework

LEVELS = "\n".join(f"      - {{level: {n}, name: L{n}, description: Does {n}}}" for n in range(6))
FILE = f"""format: plumbline-skills-1
key: own
name: Our own
skills:
  - key: pace
    name: Pace
    levels:
{LEVELS}
    benchmarks:
      project_manager: [1, 2, 3, 4]
"""


def test_a_file_is_read_and_written_back_the_same():
    content = framework_from_yaml(FILE)
    assert content.skills[0].benchmarks == {"project_manager": (1, 2, 3, 4)}
    assert framework_from_yaml(framework_to_yaml(content)) == content


def test_the_shipped_framework_names_source_and_licence_and_describes_every_level_in_its_own_words():
    for key in SHIPPED_SKILLS:
        content = shipped_framework(key)
        assert content.source and content.licence
        assert 12 <= len(content.skills) <= 15
        words = [level.description for skill in content.skills for level in skill.levels]
        assert len(words) == 6 * len(content.skills) == len(set(words))
        for skill in content.skills:
            for role, levels in skill.benchmarks.items():
                assert list(levels) == sorted(levels), f"{skill.key} {role}: a harder tier wants no less"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("plumbline-skills-1", "other", "begins with “format: plumbline-skills-1”"),
        ("[1, 2, 3, 4]", "[1, 2, 9, 4]", "benchmarks.project_manager.3: “9” is not between 0 and 5"),
        ("[1, 2, 3, 4]", "[1, 2]", "4 levels are needed here"),
        ("project_manager:", "emperor:", "“emperor” is not a role"),
        ("      - {level: 5, name: L5, description: Does 5}\n", "", "Pace needs the levels 0 to 5, each once"),
        ("name: Pace", "name: ''", "skills[1].name: may not be empty"),
        ("key: pace", "key: Pace!", "skills[1].key: “Pace!” is no key"),
        ("name: Our own", "name: Our own\ncolour: red", "colour"),
    ],
)
def test_a_refusal_names_the_place_and_the_value(before, after, said):
    assert before in FILE
    with pytest.raises(Problem) as refused:
        framework_from_yaml(FILE.replace(before, after, 1))
    assert said in str(refused.value)


def table(*rows: str) -> bytes:
    return "\r\n".join([",".join(COLUMNS), *rows]).encode()


def lines(key: str = "pace") -> list[str]:
    return [f"own,Our own,{key},Pace,Time,Being quick,{n},L{n},Does {n}" for n in range(6)]


def test_a_csv_file_holds_one_line_a_level():
    content = framework_from_file(table(*lines(), *lines("other")))
    assert [(skill.key, len(skill.levels)) for skill in content.skills] == [("pace", 6), ("other", 6)]
    assert framework_from_csv(table(*lines()).replace(b",", b";")).key == "own"


def test_a_csv_refusal_names_the_line():
    with pytest.raises(Problem, match=r"line 3.level: “x” is not a whole number"):
        framework_from_csv(table(lines()[0], lines()[1].replace(",1,", ",x,")))
    with pytest.raises(Problem, match="one framework: “other” is not “own”"):
        framework_from_csv(table(lines()[0], lines()[1].replace("own,", "other,", 1)))
    with pytest.raises(Problem, match="the column “level_description” is missing"):
        framework_from_csv(b"framework_key,framework_name,skill_key,skill_name,group,description,level,level_name\n")
    with pytest.raises(Problem, match="holds no skill"):
        framework_from_csv(table())
