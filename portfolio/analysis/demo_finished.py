"""Projects of the demo council that are over, to look back on their estimates. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from portfolio.analysis.demo import draft
from portfolio.analysis.demo_drafts import ProjectDraft, Shape, Story

ENTRIES: Final = 60  # each
_T, _E, _N = ("CAP", "TRN", "works"), ("CAP", "EST", "works"), ("CAP", "ENV", "green")
_S, _C, _H = ("DIG", "SRV", "digital"), ("DIG", "COR", "digital"), ("HSG", "HSG", "works")


def _over(bac: int, months: int, elapsed: float, cpi: float, reported: float | None) -> Shape:
    colour = "red" if cpi < 0.9 else "amber" if cpi < 0.95 else "green"
    return Shape(bac, months, elapsed, cpi, 1.0, 2, 1, True, reported, colour, "", "closed")


FINISHED: Final[tuple[tuple[Story, Shape], ...]] = (
    (Story("TRN-004", "Market Street resurfacing",
        "The town's busiest shopping street got a new surface and drains, one side at a time. It ended dearer than "
        "planned because a culvert was not on any map.", *_T, "Nadine Ferrow", "Oonagh Brannigan", "Rashid Elmoor",
        ("Holloway Surfacing", "Pell & Harrow Engineers"), ("road", "drains")),
     _over(1_850_000, 14, 1.5, .90, 1.08)),
    (Story("TRN-007", "School street closures",
        "Eleven streets close to through traffic when school begins and ends. Posts and signs cost less than hoped.",
        *_T, "Matthias Tveiten", "Oonagh Brannigan", "Rashid Elmoor", ("Sentinel Roadside",), ("school", "safety")),
     _over(420_000, 10, 1.9, 1.09, .94)),
    (Story("EST-006", "Town hall lifts",
        "Two lifts of 1968 were replaced while the building stayed open. The shafts had to be lined anew.", *_E,
        "Jocelyn Pryde", "Benedikt Oxley", "Tamsin Orrell", ("Ascend Lift Company", "Careful Movers Ltd"),
        ("lift", "access")),
     _over(960_000, 12, 1.7, .86, 1.15)),
    (Story("ENV-002", "Streetlight LED conversion, stage 1",
        "Four thousand lanterns changed to LED. The contract was let as a unit price and held.", *_N,
        "Elspeth Solvang", "Oonagh Brannigan", "Rashid Elmoor", ("Lumen Street", "Sentinel Roadside"),
        ("lighting", "energy")),
     _over(2_100_000, 15, 1.6, 1.03, .98)),
    (Story("SRV-011", "Council tax online",
        "Bills, instalments and changes of address moved online. Accessibility work near the end cost two months of "
        "the team.", *_S, "Aurelia Dunstane", "Perpetua Lindqvist", "Ingrid Aske",
        ("Fieldfare Digital", "Quill Data Services"), ("council tax",)),
     _over(780_000, 12, 1.4, .93, 1.05)),
    (Story("SRV-016", "Library self-service",
        "Readers borrow and return at machines in nine branches, and pay by card.", *_S, "Aurelia Dunstane",
        "Perpetua Lindqvist", "Ingrid Aske", ("Fieldfare Digital",), ("library",)),
     _over(540_000, 9, 1.8, 1.06, None)),
    (Story("COR-012", "Laptop renewal",
        "Nineteen hundred laptops were replaced, department by department. A second supplier had to step in when the "
        "first could not deliver.", *_C, "Tobias Brandreth", "Dougal Penhallow", "Ingrid Aske",
        ("Cumulet Hosting", "Lattice Systems"), ("devices",)),
     _over(1_640_000, 11, 1.3, .96, 1.04)),
    (Story("HSG-003", "Kitchens and bathrooms, round 2",
        "Three hundred and sixty kitchens and bathrooms reached the decent homes standard. Asbestos in every third "
        "flat made the second half dear.", *_H, "Rupert Okehampton", "Wilfred Amory", "Tamsin Orrell",
        ("Homeright Interiors", "Careful Movers Ltd"), ("decent homes", "asbestos")),
     _over(3_900_000, 18, 1.4, .88, 1.1)),
)  # fmt: skip


def finished_projects(count: int, seed: int, today: date) -> Iterator[ProjectDraft]:
    """The first `count` of them, with ENTRIES ledger lines each: the same for the same seed and day."""
    for number, (tale, shape) in enumerate(FINISHED[:count], start=1):
        yield draft(tale, shape, ENTRIES, today, Random(f"{seed}:finished:{number}"), rich=True)
