"""The standards and policies of a house of the test world: published ones, drafts, and who has acknowledged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo.analysis.builtin_tiers import tier_model
from pmo.analysis.standard_content import (
    ActivityContent,
    CriterionContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.models import (
    Activity,
    Deliverable,
    DocumentTemplate,
    Gate,
    GateCriterion,
    Phase,
    PolicyAcknowledgement,
    StandardVersion,
    TailoringRule,
    TierModel,
)
from pmo.services.policies import policy_create, policy_draft_begin, policy_publish
from pmo.services.standard_writing import standard_put
from pmo.services.standards import draft_begin

if TYPE_CHECKING:
    from tests.world import House


def standards(house: House) -> None:
    """A standard with the canary in every text: version 1 published, version 2 a draft; the same of a policy."""
    word, organisation = house.canary, house.cast.organisation
    template, _fresh = DocumentTemplate.objects.get_or_create(
        organisation=organisation, key="charter", number=1, defaults={"name": f"{word} charter", "body": f"{word} body"}
    )
    version = standard_put(organisation, _content(word, template.key), publish=True)
    draft = draft_begin(actor=house.cast.actor("pmo_analyst"), standard_id=version.standard_id)
    house.keep("standard", "own", version.standard)
    house.keep("standard_version", "own", version)
    house.keep("standard_draft", "own", draft)
    # One without a draft, to begin one of.
    house.keep("other_version", "own", StandardVersion.objects.get(organisation=organisation, standard__slug="pm2"))
    for kind, model, path in (
        ("phase", Phase, "version"),
        ("activity", Activity, "phase__version"),
        ("deliverable", Deliverable, "phase__version"),
        ("gate", Gate, "phase__version"),
        ("criterion", GateCriterion, "gate__phase__version"),
        ("tailoring_rule", TailoringRule, "version"),
    ):
        house.keep(kind, "own", model.objects.get(**{path: version}))
        house.keep(f"draft_{kind}", "own", model.objects.get(**{path: draft}))
    house.keep("tier_model", "own", TierModel.objects.get(organisation=organisation))
    words = {**tier_model(), "name": f"{word} tiers"}
    house.keep("tier_model_draft", "own", TierModel.objects.create(organisation=organisation, number=2, **words))
    _policies(house)


def _content(word: str, template: str) -> StandardContent:
    says = f"{word} says so"
    phase = PhaseContent(
        "way",
        f"{word} phase",
        says,
        (ActivityContent("act", f"{word} activity", "mandatory", "project_manager", says, says, template),),
        (DeliverableContent("thing", f"{word} thing", "recommended", "sponsor", says, says, template),),
        (GateContent("gate", f"{word} gate", purpose=says, approver_roles=("sponsor",),
                     criteria=(CriterionContent("fine", f"{word} is fine"),)),),
    )  # fmt: skip
    rule = RuleContent(f"{word} rule", "leave_out", {"tier": [1]}, ("activity:act",))
    return StandardContent(
        "house", f"{word} standard", says, f"{word} source", f"{word} licence", says, (phase,), (rule,)
    )


def _policies(house: House) -> None:
    word, analyst, director = house.canary, house.cast.actor("pmo_analyst"), house.cast.actor("pmo_director")
    policy = policy_create(
        actor=analyst,
        about={"slug": "gifts", "name": f"{word} gifts"},
        text={"text": f"# {word}\n\nNo gifts.", "binds_roles": ["project_manager", "pmo_director", "pmo_analyst"]},
        owner=house.cast.person("pmo_director"),
    )
    version = policy.versions.get()
    policy_publish(
        actor=director, version_id=version.pk, revision=version.revision, effective_on=date(2026, 1, 1),
        summary=f"{word} begins",
    )  # fmt: skip
    house.keep("policy", "own", policy)
    house.keep("policy_version", "own", version)
    house.keep("policy_draft", "own", policy_draft_begin(actor=analyst, policy_id=policy.pk))
    for role, user in house.cast.people.items():
        which = "unassigned" if role == "colleague" else role
        made = PolicyAcknowledgement.objects.create(organisation=house.cast.organisation, version=version, user=user)
        house.keep("acknowledgement", which, made)
