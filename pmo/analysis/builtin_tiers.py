"""The tier model that every organisation starts with: seven questions after the factors of GAPPS's CIFTER table.

The factors and the thresholds of the sum (up to 11, 12 to 18, from 19) follow that table; questions and answers are in
our own words and are no publication of GAPPS. Size bands and the grid are a sensible start, to be fitted to the office.
"""

from __future__ import annotations

from typing import Any, Final

NAME: Final = "Size and complexity"
SOURCE: Final = (
    "Seven factors and thresholds after the CIFTER table of GAPPS (Global Alliance for the Project Professions); "
    "words our own, changed, not GAPPS’s"
)


def _factor(key: str, text: str, help_text: str, *answers: str) -> dict[str, Any]:
    scored = [{"score": score, "text": answer} for score, answer in enumerate(answers, start=1)]
    return {"key": key, "text": text, "help": help_text, "answers": scored}


FACTORS: Final = [
    _factor(
        "stability",
        "How steady are the surroundings of the project?",
        "Law, market, organisation, technology: how likely is it that they change while the project runs?",
        "Very steady: hardly anything will change",
        "Steady: small changes are likely",
        "Unsteady: changes that matter are likely",
        "Very unsteady: much will be different at the end",
    ),
    _factor(
        "disciplines",
        "How many different disciplines and methods have to work together?",
        "Building, software, law, training and so on, each with its own way of working.",
        "One or two",
        "Three or four",
        "Five to seven",
        "Eight or more",
    ),
    _factor(
        "implications",
        "How far do legal, social or environmental effects reach?",
        "What happens to people outside if it is done, or done badly?",
        "Hardly at all",
        "To some people, within known rules",
        "To many people, or with approvals to be obtained",
        "Very far: public attention, hard approvals, lasting effects",
    ),
    _factor(
        "finance",
        "How much does its money matter to those who have a stake in it?",
        "Compared with what they have, for the better or the worse.",
        "Little",
        "Somewhat",
        "Much",
        "Their future depends on it",
    ),
    _factor(
        "strategy",
        "How important is it to what the organisation wants to become?",
        "Would the strategy still stand if it failed?",
        "A useful improvement",
        "It helps one objective",
        "One objective rests on it",
        "Several objectives rest on it",
    ),
    _factor(
        "cohesion",
        "How far do those with a stake agree on what is to come out?",
        "Ask three of them separately; compare the answers.",
        "They agree",
        "They agree in the main",
        "They differ in points that matter",
        "They want different things",
    ),
    _factor(
        "interfaces",
        "With how many others does it have to agree on something?",
        "Other projects, systems, suppliers, authorities.",
        "Hardly any",
        "A few, all well known",
        "Several, some of them new",
        "Many, of many kinds",
    ),
]


def _band(key: str, name: str, least: int | str) -> dict[str, Any]:
    return {"key": key, "name": name, "from": least}


SIZE_BANDS: Final = {
    "budget": [_band("small", "Small", "0"), _band("medium", "Medium", "250000"), _band("large", "Large", "2500000")],
    "months": [_band("small", "Small", 0), _band("medium", "Medium", 6), _band("large", "Large", 24)],
    "team": [_band("small", "Small", 0), _band("medium", "Medium", 6), _band("large", "Large", 21)],
}
COMPLEXITY_BANDS: Final = [
    _band("simple", "Simple", 7),
    _band("demanding", "Demanding", 12),
    _band("complex", "Complex", 19),
]
TIERS: Final = [
    {"tier": 1, "name": "Light", "says": "Few people, known ground: the least that keeps it honest."},
    {"tier": 2, "name": "Standard", "says": "The usual checklist, gates with the people who answer for them."},
    {"tier": 3, "name": "Full", "says": "Everything the standard has, shorter reports, eyes from outside."},
]
GRID: Final = {
    "small": {"simple": 1, "demanding": 1, "complex": 2},
    "medium": {"simple": 1, "demanding": 2, "complex": 3},
    "large": {"simple": 2, "demanding": 3, "complex": 3},
}


def tier_model() -> dict[str, Any]:
    """The fields of pmo.models.TierModel."""
    return {
        "name": NAME,
        "source": SOURCE,
        "factors": FACTORS,
        "size_bands": SIZE_BANDS,
        "complexity_bands": COMPLEXITY_BANDS,
        "tiers": TIERS,
        "grid": GRID,
    }
