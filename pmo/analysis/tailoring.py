"""What of a standard counts for a project, and the tier it is in. Pure: facts in, the tailored checklist out.

Rules are read from top to bottom; for each requirement, and for each figure, the last rule that speaks decides. A
condition about something unknown (a project without a budget) does not hold: nothing is left out by guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pmo.analysis.standard_content import GateContent, RuleContent, StandardContent

EFFECTS: Final = ("leave_out", "mandatory", "recommended", "report_days", "approval_limit", "quorum")
ON_REQUIREMENTS: Final = frozenset({"leave_out", "mandatory", "recommended", "quorum"})
# condition -> (fact, how the fact is compared with the value)
BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    f"{fact}_{bound}": (fact, bound)
    for fact in ("budget", "months", "team", "complexity")
    for bound in ("from", "below")
}
CONDITIONS: Final = ("tier", *BOUNDS)


@dataclass(frozen=True, slots=True)
class TailoringFacts:
    """A project as the conditions see it. `budget` in the organisation's currency, `complexity` the score."""

    tier: int | None = None
    budget: Decimal | None = None
    months: int | None = None
    team: int | None = None
    complexity: int | None = None


@dataclass(frozen=True, slots=True)
class TailoredRequirement:
    """`kind` activity, deliverable or gate; `phase` and `key` as in the standard; `reason` the deciding rule's name."""

    kind: str
    phase: str
    key: str
    name: str
    applies: bool
    obligation: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tailored:
    """`quorum` by gate key, for every gate. `report_days` and `approval_limit` None where no rule says."""

    requirements: tuple[TailoredRequirement, ...]
    report_days: int | None = None
    approval_limit: Decimal | None = None
    quorum: Mapping[str, int] = field(default_factory=dict)
    phases_left_out: frozenset[str] = frozenset()

    def applying(self, kind: str) -> tuple[TailoredRequirement, ...]:
        return tuple(each for each in self.requirements if each.kind == kind and each.applies)


def holds(conditions: Mapping[str, Any], project: TailoringFacts) -> bool:
    """Whether every condition holds. An unknown condition, or one about an unknown fact, does not."""
    for name, value in conditions.items():
        if name == "tier":
            if project.tier is None or project.tier not in value:
                return False
            continue
        fact_name, bound = BOUNDS.get(name, ("", ""))
        fact = getattr(project, fact_name, None) if fact_name else None
        limit = number(value)
        if fact is None or limit is None:
            return False
        if bound == "from" and not fact >= limit or bound == "below" and not fact < limit:
            return False
    return True


def number(value: Any) -> Decimal | None:
    """A finite number of text or int; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def tailored(version: StandardContent, project: TailoringFacts) -> Tailored:
    """Every requirement of the version with whether it applies, how strictly, and by which rule."""
    rules = [rule for rule in version.rules if holds(rule.conditions, project)]
    requirements: list[TailoredRequirement] = []
    quorum: dict[str, int] = {}
    left_out = set()
    for phase in version.phases:
        if _decides(rules, ("leave_out", "mandatory", "recommended"), {"*", f"phase:{phase.key}"}) == "leave_out":
            left_out.add(phase.key)
        for kind, found in phase.requirements():
            names = {"*", f"phase:{phase.key}", f"{kind}:{found.key}"}
            applies, obligation, reason = True, found.obligation, ""
            for rule in rules:
                if rule.effect not in ("leave_out", "mandatory", "recommended") or names.isdisjoint(rule.targets):
                    continue
                applies = rule.effect != "leave_out"
                obligation = rule.effect if applies else obligation
                reason = rule.name
            requirements.append(
                TailoredRequirement(kind, phase.key, found.key, found.name, applies, obligation, reason)
            )
            if isinstance(found, GateContent):
                quorum[found.key] = _quorum(rules, found, names)
    in_use = {each.phase for each in requirements if each.applies}
    return Tailored(
        tuple(requirements),
        report_days=_whole(_last(rules, "report_days")),
        approval_limit=number(_last(rules, "approval_limit")),
        quorum=quorum,
        phases_left_out=frozenset(left_out - in_use),
    )


def _decides(rules: list[RuleContent], effects: tuple[str, ...], names: set[str]) -> str:
    speaking = [rule.effect for rule in rules if rule.effect in effects and not names.isdisjoint(rule.targets)]
    return speaking[-1] if speaking else ""


def _quorum(rules: list[RuleContent], gate: GateContent, names: set[str]) -> int:
    """Never more than there are approvers to ask, never less than one."""
    asked = gate.quorum
    for rule in rules:
        if rule.effect == "quorum" and not names.isdisjoint(rule.targets):
            asked = _whole(rule.value) or asked
    return max(1, min(asked, len(gate.approver_roles) or asked))


def _last(rules: list[RuleContent], effect: str) -> str | None:
    values = [rule.value for rule in rules if rule.effect == effect]
    return values[-1] if values else None


def _whole(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == found.to_integral_value() else None


@dataclass(frozen=True, slots=True)
class Band:
    """`from_value`: the least value in the band."""

    key: str
    name: str
    from_value: Decimal


@dataclass(frozen=True, slots=True)
class Factor:
    key: str
    text: str
    scores: frozenset[int]
    help: str = ""


@dataclass(frozen=True, slots=True)
class TierModelContent:
    """`size_bands`: by measure (budget, months, team), rising, the same keys in each. `grid`: [size][complexity]."""

    factors: tuple[Factor, ...]
    size_bands: Mapping[str, tuple[Band, ...]]
    complexity_bands: tuple[Band, ...]
    grid: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class SizeFacts:
    budget: Decimal | None = None
    months: int | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True)
class TierResult:
    """`tier` None where it cannot be said, with the `reason`; `missing`: keys of the questions without an answer."""

    tier: int | None
    score: int | None = None
    complexity: str = ""
    size_band: str = ""
    missing: tuple[str, ...] = ()
    reason: str = ""


def tier_of(model: TierModelContent, answers: Mapping[str, int], size: SizeFacts) -> TierResult:
    """The tier of a project: the sum of its answers gives the complexity, its largest measure the size."""
    missing = tuple(
        factor.key for factor in model.factors
        if isinstance(answers.get(factor.key), bool) or answers.get(factor.key) not in factor.scores
    )  # fmt: skip
    size_band = _largest(model, size)
    if missing:
        return TierResult(None, size_band=size_band, missing=missing, reason="Not every question is answered.")
    score = sum(answers[factor.key] for factor in model.factors)
    complexity = _band(model.complexity_bands, Decimal(score))
    if not size_band:
        return TierResult(None, score, complexity, reason="Neither budget, duration nor team is known.")
    tier = model.grid.get(size_band, {}).get(complexity)
    reason = "" if tier is not None else "The model has no tier for this size and complexity."
    return TierResult(tier, score, complexity, size_band, reason=reason)


def _largest(model: TierModelContent, size: SizeFacts) -> str:
    """The highest band any measure reaches: a project is as large as its largest side."""
    best: tuple[int, str] = (-1, "")
    for measure, bands in model.size_bands.items():
        value = getattr(size, measure, None)
        if value is None:
            continue
        key = _band(bands, Decimal(value))
        best = max(best, (next((i for i, band in enumerate(bands) if band.key == key), -1), key))
    return best[1]


def _band(bands: tuple[Band, ...], value: Decimal) -> str:
    reached = [band.key for band in bands if value >= band.from_value]
    return reached[-1] if reached else (bands[0].key if bands else "")


def tier_model_content(data: Mapping[str, Any]) -> TierModelContent:
    """From the JSON of pmo.models.TierModel: factors, size_bands, complexity_bands, grid."""
    return TierModelContent(
        factors=tuple(
            Factor(each["key"], each["text"], frozenset(int(a["score"]) for a in each["answers"]), each.get("help", ""))
            for each in data["factors"]
        ),
        size_bands={measure: _bands(bands) for measure, bands in data["size_bands"].items()},
        complexity_bands=_bands(data["complexity_bands"]),
        grid={size: {key: int(tier) for key, tier in row.items()} for size, row in data["grid"].items()},
    )


def _bands(bands: list[Mapping[str, Any]]) -> tuple[Band, ...]:
    return tuple(Band(each["key"], each["name"], Decimal(str(each["from"]))) for each in bands)
