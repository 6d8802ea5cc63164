"""The tier model: shipped, copied into a draft, checked, published for good."""

from __future__ import annotations

import copy

import pytest
from django.db import DatabaseError, transaction

from pmo.analysis.builtin_tiers import tier_model
from pmo.analysis.standard_fields import Problem
from pmo.analysis.tailoring import SizeFacts, tier_model_content, tier_of
from pmo.analysis.tier_check import tier_model_checked
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import TierModel
from pmo.services.tiers import tier_digest, tier_draft_begin, tier_draft_change, tier_publish


def test_the_shipped_model_has_seven_questions_and_the_published_thresholds():
    model = tier_model_checked(tier_model())
    assert len(model["factors"]) == 7
    assert [(each["key"], each["from"]) for each in model["complexity_bands"]] == [
        ("simple", "7"),
        ("demanding", "12"),
        ("complex", "19"),
    ]
    assert "CIFTER" in model["source"]


@pytest.mark.parametrize(
    ("score", "months", "tier"), [(1, 3, 1), (2, 3, 1), (3, 3, 2), (4, 6, 3), (1, 24, 2), (2, 24, 3), (1, 6, 1)]
)
def test_the_shipped_model_gives_every_pair_its_tier(score, months, tier):
    model = tier_model_content(tier_model())
    answers = {factor.key: score for factor in model.factors}
    assert tier_of(model, answers, SizeFacts(months=months)).tier == tier


def broken(**changes):
    return {**copy.deepcopy(tier_model()), **changes}


GIVEN = tier_model()
ANSWERS = GIVEN["factors"][0]["answers"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (broken(name=""), "name: may not be empty"),
        (broken(factors=[]), "factors: has 0 questions"),
        (broken(factors=7), "factors: a list is needed here, not “7”"),
        (broken(factors=[{"key": "a", "text": "A", "answers": ANSWERS[:3]}]), "four answers are needed"),
        (broken(factors=[GIVEN["factors"][0]] * 2), "“stability” is there twice"),
        (broken(size_bands={"budget": []}), "bands of budget, months, team are needed"),
        (broken(complexity_bands=[{"key": "a", "name": "A", "from": "x"}]), "complexity_bands[1].from: “x”"),
        (
            broken(complexity_bands=[{"key": "a", "name": "A", "from": 9}, {"key": "b", "name": "B", "from": 9}]),
            "“9” does not rise above “9”",
        ),
        (broken(tiers=[]), "names no tier"),
        (broken(grid={}), "grid.small.simple: nothing is none of the tiers"),
        (broken(grid={**GIVEN["grid"], "small": {"simple": 9}}), "“9” is none of the tiers"),
    ],
)
def test_a_model_that_cannot_work_is_refused_naming_the_place(given, says):
    with pytest.raises(Problem) as refused:
        tier_model_checked(given)
    assert says in str(refused.value)


@pytest.mark.django_db
def test_a_new_number_is_drafted_changed_and_published_and_then_stays(alder):
    analyst, director = alder.actor("pmo_analyst"), alder.actor("pmo_director")
    draft = tier_draft_begin(actor=analyst)
    assert (draft.number, draft.published_at) == (2, None)
    with pytest.raises(ApplicationError, match="a draft already"):
        tier_draft_begin(actor=analyst)
    seen = tier_digest(draft)
    tier_draft_change(actor=analyst, model_id=draft.pk, values={"name": "Ours"}, seen=seen)
    with pytest.raises(StaleVersion):
        tier_draft_change(actor=director, model_id=draft.pk, values={"name": "Mine"}, seen=seen)
    with pytest.raises(Forbidden):
        tier_publish(actor=analyst, model_id=draft.pk)
    assert tier_publish(actor=director, model_id=draft.pk).name == "Ours"
    with pytest.raises(ApplicationError, match="published ones never change"):
        tier_draft_change(actor=analyst, model_id=draft.pk, values={"name": "Else"})
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        TierModel.objects.filter(pk=draft.pk).update(name="Else")
