"""The standards that come with the product, read from their files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from pmo.analysis.skill_file import FrameworkContent, framework_from_yaml
from pmo.analysis.standard_content import StandardContent
from pmo.analysis.standard_file import standard_from_yaml

FOLDER: Final = Path(__file__).resolve().parents[1] / "standards"
# In the order in which they are installed: new projects follow the first unless they choose another.
SHIPPED: Final = ("five-phases", "pm2", "gates-0-5", "small-change")


@lru_cache(maxsize=len(SHIPPED))
def shipped_standard(slug: str) -> StandardContent:
    """The standard of that slug. KeyError for one that is not shipped."""
    if slug not in SHIPPED:
        raise KeyError(slug)
    return standard_from_yaml((FOLDER / f"{slug}.yaml").read_bytes())


def shipped_standards() -> list[StandardContent]:
    return [shipped_standard(slug) for slug in SHIPPED]


SKILLS_FOLDER: Final = Path(__file__).resolve().parents[1] / "skill_frameworks"
SHIPPED_SKILLS: Final = ("gapps",)


@lru_cache(maxsize=len(SHIPPED_SKILLS))
def shipped_framework(key: str) -> FrameworkContent:
    """The framework of skills of that key. KeyError for one that is not shipped."""
    if key not in SHIPPED_SKILLS:
        raise KeyError(key)
    return framework_from_yaml((SKILLS_FOLDER / f"{key}.yaml").read_bytes())
