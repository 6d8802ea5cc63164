"""The pages of skills: what stands on them, for whom, and in how many queries."""

from __future__ import annotations

from datetime import date

import pytest

from pmo.models import Assessment, Benchmark, Person, Skill
from projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill(alder):
    return Skill.objects.get(organisation=alder.organisation, key="scheduling")


@pytest.fixture
def hard(alder, skill):
    """The project at tier 3, whose lead is two levels below in scheduling, and somebody fitter."""
    Project.objects.filter(pk=alder.project.pk).update(tier=3)
    for role, level in (("project_manager", 2), ("team_member", 5)):
        Assessment.objects.create(
            organisation=alder.organisation, person=alder.person(role), skill=skill, kind="assessor", level=level,
            assessed_on=date(2026, 9, 1), evidence="Seen.", recorded_by=alder.people["pmo_analyst"],
        )  # fmt: skip
    return alder.project


def page(alder, role: str, path: str) -> str:
    answer = alder.client(role).get(f"/o/alder/{path}")
    assert answer.status_code == 200, (role, path, answer.status_code)
    return answer.content.decode()


def test_the_page_of_a_project_says_what_its_tier_asks_and_who_could_lead(alder, hard):
    text = page(alder, "pmo_director", f"projects/{hard.code}/skills/")
    assert "2 levels" in text and "Tier 3 asks" in text
    assert text.index("Tom Alder") < text.index("Meets 0 of 15; largest gap: Scheduling, 2 where 4 is needed")


def test_the_lead_sees_their_own_gaps_and_nobody_elses(alder, hard):
    text = page(alder, "project_manager", f"projects/{hard.code}/skills/")
    assert "2 levels" in text and "Tom Alder" not in text and "Who could lead" not in text
    assert alder.client("budget_owner").get(f"/o/alder/projects/{hard.code}/skills/").status_code == 403


def test_the_list_filters_by_gap_and_exports_what_is_shown(alder, hard):
    assert "Milo Alder" in page(alder, "pmo_analyst", "skills/people/?gap=wide")
    assert "Nobody matches" in page(alder, "pmo_analyst", "skills/people/?gap=none")
    answer = alder.client("pmo_analyst").get("/o/alder/skills/people/?format=csv&gap=wide")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].startswith("Milo Alder,1,3,0 / 15,2,")


def test_a_person_is_assessed_on_a_page_and_the_words_of_a_framework_are_never_markup(alder, skill):
    Skill.objects.filter(pk=skill.pk).update(description="<script>alert(1)</script>")
    milo = alder.person("project_manager")
    path = f"/o/alder/skills/people/{milo.pk}/assess/"
    client = alder.client("pmo_analyst")
    assert "<script>alert" not in client.get(path).content.decode()
    sent = {"assessed_on": "2026-09-01", f"skill-{skill.pk}": "3", "evidence": ""}
    refused = client.post(path, sent)
    assert refused.status_code == 422 and "Say what it rests on" in refused.content.decode()
    assert client.post(path, {**sent, "evidence": "Plan review."}).status_code == 302
    assert "Plan review." in page(alder, "project_manager", "skills/me/")


def test_the_grid_is_saved_and_a_cell_that_is_no_level_keeps_what_was_typed(alder, skill):
    client = alder.client("pmo_analyst")
    path = "/o/alder/skills/benchmarks/?role=sponsor"
    seen = client.get(path).context["seen"]
    refused = client.post(path, {"seen": seen, f"cell/{skill.pk}/1": "9"})
    assert refused.status_code == 422 and 'value="9"' in refused.content.decode()
    assert client.post(path, {"seen": seen, f"cell/{skill.pk}/1": "5"}).status_code == 302
    assert Benchmark.objects.get(skill=skill, role="sponsor", tier=1).level == 5


def test_the_list_of_people_takes_as_many_queries_for_many_as_for_one(
    alder, hard, skill, django_assert_max_num_queries
):
    client = alder.client("pmo_director")
    for number in range(20):
        person = Person.objects.create(organisation=alder.organisation, name=f"Lead {number}")
        Assessment.objects.create(
            organisation=alder.organisation, person=person, skill=skill, kind="self", level=1,
            assessed_on=date(2026, 9, 1),
        )  # fmt: skip
    with django_assert_max_num_queries(22):
        assert client.get("/o/alder/skills/people/").status_code == 200
