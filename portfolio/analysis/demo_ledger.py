"""The ledger of a demo project: invoices, payroll, orders, accruals and the mistakes that were put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from portfolio.analysis.demo_drafts import EntryDraft, Story
from portfolio.analysis.demo_plan import MIXES, split

SMALL: Final = 100_000  # pence of an interval that still makes invoices
MAIN_VENDOR: Final = 0.62  # of the invoices go to the vendor named first
WHAT: Final = {
    "labour": ("Own staff, hours of the month", "Site team, hours of the month"),
    "material": ("Materials delivered", "Steel and timber", "Stone and concrete", "Pipes and fittings"),
    "equipment": ("Plant hire", "Equipment, first instalment", "Equipment, balance"),
    "services": ("Design, stage payment", "Consultancy days", "Configuration, sprint", "Survey and report"),
    "travel": ("Site visits", "Training travel"),
    "facilities": ("Site cabins and power", "Storage"),
    "contingency": ("Extra work, instructed", "Unforeseen works"),
    "other": ("Licences", "Permits and fees"),
}
Interval = tuple[date, date, int, int]  # first day, last day, pence, phase


def ledger(story: Story, intervals: Sequence[Interval], count: int, today: date, random: Random) -> list[EntryDraft]:
    """`count` entries whose actual cost adds up to the intervals; none where there are no intervals.

    Corrections and accruals cancel out; open orders come on top as commitments.
    """
    if not intervals or count <= 0:
        return []
    # Each takes two lines: a mistake or an accrual, and its reversal.
    extras = min(count // 12, 40) if count >= 24 else 0
    orders = max(count // 10, 1) if count >= 8 else 0
    plain = count - 2 * extras - orders
    spent = _merged(intervals, plain)
    entries: list[EntryDraft] = []
    shares = _at_least_one(plain, [interval[2] for interval in spent])
    for interval, lines in zip(spent, shares, strict=True):
        _invoices(entries, story, interval, lines, today, random)
    entries.sort(key=lambda entry: entry.incurred_on)
    for _ in range(extras):
        _cancelled(entries, story, spent, today, random)
    for number in range(orders):
        _order(entries, story, spent[-3:], number, today, random)
    return entries


def _merged(intervals: Sequence[Interval], most: int) -> list[Interval]:
    """At most `most` intervals, each with enough money for its lines; what is too little joins another."""
    enough = max(sum(pence for _, _, pence, _ in intervals) // (most * 2), 1) if most < len(intervals) else SMALL
    merged: list[Interval] = []
    for first, last, pence, phase in intervals:
        if merged and (merged[-1][2] < enough or pence < SMALL or len(merged) == most):
            begin, _, before, earlier = merged.pop()
            merged.append((begin, last, before + pence, earlier))
        else:
            merged.append((first, last, pence, phase))
    return merged


def _at_least_one(total: int, weights: Sequence[int]) -> list[int]:
    if total <= len(weights):
        return [1] * len(weights)
    return [1 + extra for extra in split(total - len(weights), [weight + 1 for weight in weights])]


def _invoices(
    entries: list[EntryDraft], story: Story, interval: Interval, lines: int, today: date, random: Random
) -> None:
    first, last, pence, phase = interval
    mix = MIXES[story.kind][phase - 1]
    categories = [name for name, _ in mix]
    weights = [weight for _, weight in mix]
    days = (last - first).days
    for part in split(pence, [random.uniform(0.4, 1.6) for _ in range(lines)]):
        category = random.choices(categories, weights)[0]
        incurred = first + timedelta(days=random.randint(0, days)) if days > 0 else last
        vendor = "" if category == "labour" else _vendor(story, random)
        prefix = "PAY" if not vendor else "INV"
        entries.append(
            EntryDraft(
                phase,
                "actual",
                category,
                part,
                incurred,
                min(incurred + timedelta(days=random.randint(1, 6)), today),
                vendor,
                f"{prefix}-{random.randint(10_000, 99_999)}",
                random.choice(WHAT[category]),
            )
        )


def _vendor(story: Story, random: Random) -> str:
    vendors = story.vendors
    if not vendors:
        return ""
    return vendors[0] if len(vendors) == 1 or random.random() < MAIN_VENDOR else random.choice(vendors[1:])


def _cancelled(entries: list[EntryDraft], story: Story, spent: Sequence[Interval], today: date, random: Random) -> None:
    """Two lines that cancel out: an accrual taken back in the next month, or an invoice booked twice."""
    first, last, pence, phase = random.choice(spent)
    latest = spent[-1][1]
    amount = max(pence // random.randint(8, 20), 1)
    if random.random() < 0.5:
        kind, what, back, on = "accrual", "Work done, invoice to come", "Accrual taken back", last
        undone = last + timedelta(days=1)
    else:
        kind, what, back = "actual", "Booked a second time by mistake", "Reversal: booked twice"
        on = first + timedelta(days=random.randint(0, max((last - first).days, 0)))
        undone = on + timedelta(days=random.randint(2, 12))
    undone = min(undone, max(latest, on))
    category = "services" if kind == "accrual" else "material"
    vendor = _vendor(story, random)
    reference = f"{'ACC' if kind == 'accrual' else 'INV'}-{random.randint(10_000, 99_999)}"
    recorded = min(on + timedelta(days=2), today)
    entries.append(EntryDraft(phase, kind, category, amount, on, recorded, vendor, reference, what))
    recorded = min(undone + timedelta(days=1), today)
    entries.append(
        EntryDraft(phase, kind, category, -amount, undone, recorded, vendor, reference, back, len(entries) - 1)
    )


def _order(
    entries: list[EntryDraft], story: Story, recent: Sequence[Interval], number: int, today: date, random: Random
) -> None:
    """An order that is not invoiced yet, of the last months."""
    first, last, pence, phase = recent[number % len(recent)]
    on = first + timedelta(days=random.randint(0, max((last - first).days, 0)))
    amount = max(pence // random.randint(6, 14), 1)
    category = "services" if story.kind == "digital" else "material"
    entries.append(
        EntryDraft(
            phase,
            "commitment",
            category,
            amount,
            on,
            min(on + timedelta(days=random.randint(0, 3)), today),
            _vendor(story, random),
            f"PO-{random.randint(10_000, 99_999)}",
            "Ordered, not invoiced yet",
        )
    )
