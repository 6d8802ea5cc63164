"""The demo portfolio: projects that look like those of a real council, the same for the same seed and day.

Spread after published portfolios of several hundred public projects: variance at completion with a median of about
+4 %, from −20 to +94 %; a third without any measure of progress; some not heard of for more than a month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from portfolio.analysis.demo_drafts import (
    DeclarationDraft,
    ForecastDraft,
    PhaseDraft,
    ProgressDraft,
    ProjectDraft,
    Shape,
    Story,
)
from portfolio.analysis.demo_ledger import Interval, ledger
from portfolio.analysis.demo_names import story
from portfolio.analysis.demo_plan import Curve, budget_lines, dates, phase_dates, split
from portfolio.analysis.demo_stories import TWENTY_FOUR
from projects.analysis.periods import month_index, month_last

RICH: Final = 500  # up to so many projects, budgets and progress go into every detail
PROMPT: Final = 10  # days
TROUBLED: Final = "HSG1"  # this programme's projects overrun together


def projects(
    count: int, cost_entries: int, seed: int, today: date, told: Sequence[tuple[Story, Shape]] = TWENTY_FOUR
) -> Iterator[ProjectDraft]:
    """`count` projects with `cost_entries` ledger lines between them: those told by hand first, then drawn ones."""
    cast: list[tuple[Story, Shape]] = list(told[:count])
    for number in range(len(cast) + 1, count + 1):
        random = Random(f"{seed}:cast:{number}")
        tale = story(number, random, count)
        cast.append((tale, drawn_shape(random, troubled=tale.programme == TROUBLED)))
    random = Random(f"{seed}:ledger")
    weights = [random.uniform(0.6, 1.4) if shape.spent is not None else 0.0 for _, shape in cast]
    shares = split(cost_entries, weights) if any(weights) else [0] * len(cast)
    for number, ((tale, shape), share) in enumerate(zip(cast, shares, strict=True), start=1):
        yield draft(tale, shape, share, today, Random(f"{seed}:project:{number}"), rich=count <= RICH)


def drawn_shape(random: Random, *, troubled: bool = False) -> Shape:
    """A shape with the spread of real portfolios. VAC% is 100 − 100 / CPI where there is progress.

    `troubled`: one of a programme whose projects overrun together. A few projects are stuck (they spend, and say
    nothing of progress any more), a few silent.
    """
    measurable = random.random() > 0.33
    vac = min(max(random.gauss(4.6, 6), -19), 45) / 100
    if random.random() < 0.08:
        vac = random.uniform(-0.19, -0.10)
    saved = min(max(random.gauss(0.04, 0.06), -0.2), 0.9)
    if random.random() < 0.04:  # stopped early, or cut down to little
        saved = random.uniform(0.2, 0.94)
    months, elapsed, said = random.randint(8, 34), random.uniform(0.2, 0.92), random.randint(1, 26)
    spent = max(said - random.randint(0, 3), PROMPT + 1 if said > PROMPT else 1)
    fate = random.random()
    if troubled:
        vac = max(random.gauss(-12, 3), -19) / 100
    elif fate < 0.04:  # stuck
        months, elapsed, vac, said = months + 10, max(elapsed, 0.6), 0.12, random.randint(45, 75)
    elif fate < 0.10:  # silent
        said = random.randint(36, 150)
        spent = max(said - random.randint(0, 4), 36)
    status = random.choices(("active", "on_hold", "closed", "proposed", "cancelled"), (86, 4, 6, 2, 2))[0]
    cpi = 1 / (1 - vac)
    spi = min(random.gauss(1.015, 0.045), 1.12) - max(0.0, 1 - cpi) * random.uniform(0, 0.6)
    colour = "red" if vac < -0.1 else "amber" if vac < -0.05 or spi < 0.92 else "green"
    if colour != "green" and random.random() < 0.4:
        colour = "green" if colour == "amber" else random.choice(("green", "amber"))
    return Shape(
        bac=int(10 ** random.uniform(5.3, 7.1)) // 10_000 * 10_000,
        months=months,
        elapsed=1.05 if status == "closed" else elapsed,
        cpi=cpi,
        spi=1.0 if status == "closed" else max(spi, 0.6),
        said=said if measurable else None,
        spent=None if status == "proposed" else spent,
        approved=status != "proposed" and random.random() > 0.03,
        reported=round(1 - saved, 3) if random.random() < 0.8 else None,
        declared="" if status == "proposed" else colour,
        status=status,
        missing=tuple(role for role in ("sponsor", "budget_owner") if random.random() < 0.02),
    )


def draft(tale: Story, shape: Shape, count: int, today: date, random: Random, *, rich: bool) -> ProjectDraft:
    """One project in full, with `count` lines in its ledger."""
    start, finish = dates(shape, today)
    spans = phase_dates(start, finish)
    lines = budget_lines(shape, tale.kind, spans, rich=rich)
    curve = Curve(lines)
    ends = _ends(start, min(today, finish) if shape.status == "closed" else today)
    earned = _earned(curve, shape, ends, random)
    progress = _progress(curve, shape, ends, earned, start, today, rich=rich)
    intervals = _intervals(curve, shape, ends, earned, start, random)
    done = curve.percent_by_phase(earned[-1])
    phases = [_phase(order, span, done, shape, today) for order, span in enumerate(spans, start=1)]
    current = next((phase.order for phase in phases if phase.actual_finish is None), 5)
    ended = finish if shape.status == "closed" and finish <= today else None
    late = timedelta(days=round(max(1 / max(shape.spi, 0.5) - 1, 0) * (finish - start).days * 0.6))
    return ProjectDraft(
        story=tale,
        shape=shape,
        tier=1 if shape.bac < 1_000_000 else 2 if shape.bac < 5_000_000 else 3,
        start=start,
        finish=finish,
        actual_start=start + timedelta(days=random.randint(0, 9)) if shape.spent is not None else None,
        actual_finish=ended,
        forecast_finish=max(finish + late, today + timedelta(days=7)) if ended is None else None,
        current_phase=current,
        phases=tuple(phases),
        approved_on=start - timedelta(days=random.randint(4, 30)),
        lines=tuple(lines),
        reserve=shape.bac * 5,
        entries=tuple(ledger(tale, intervals, count, today, random)),
        progress=tuple(progress),
        forecasts=tuple(_forecasts(shape, ends, today, random)),
        declarations=tuple(_declarations(shape, ends, rich=rich)),
    )


def _ends(start: date, until: date) -> list[date]:
    """Month ends from the start on, and the last day itself."""
    first, now = month_index(start), month_index(until)
    return [*(month_last(index) for index in range(first, now)), until]


def _earned(curve: Curve, shape: Shape, ends: Sequence[date], random: Random) -> list[float]:
    """Earned pence at each end: the plan times an index that drifts from near 1 to the shape's."""
    earned: list[float] = []
    for place, end in enumerate(ends):
        done = min(curve.planned(end) * _drift(shape.spi, place, len(ends), random), curve.total)
        earned.append(max(done, earned[-1] if earned else 0.0))
    return earned


def _drift(aim: float, place: int, count: int, random: Random) -> float:
    """From near 1 to `aim`: at first slowly, then in full; exactly `aim` at the last place."""
    noise = random.uniform(-0.02, 0.02)
    if place == count - 1:
        return aim
    share = (place + 1) / count
    return 1 + (aim - 1) * float(share**1.4) + noise


def _until(ends: Sequence[date], earned: Sequence[float], start: date, silent: int) -> list[tuple[date, float]]:
    """What is known of the work at each end up to the day `silent` days before the last one.

    Who reported within PROMPT days reported what is true today: figures then rest on one state of the work. Of others
    it is what was done by then, in proportion of the days.
    """
    last = max(ends[-1] - timedelta(days=silent), start)
    known = [(end, done) for end, done in zip(ends, earned, strict=True) if end < last]
    if silent <= PROMPT:
        return [*known, (last, earned[-1])]
    place = len(known)
    begin, before = (known[-1][0], known[-1][1]) if known else (start - timedelta(days=1), 0.0)
    share = (last - begin).days / max((ends[place] - begin).days, 1)
    return [*known, (last, before + (earned[place] - before) * share)]


def _progress(
    curve: Curve,
    shape: Shape,
    ends: Sequence[date],
    earned: Sequence[float],
    start: date,
    today: date,
    *,
    rich: bool,
) -> list[ProgressDraft]:
    """Monthly statements up to the last one; by phase where rich, of the whole project in the last year where not."""
    if shape.said is None:
        return []
    told: dict[int, int] = {}
    statements = []
    for end, done in _until(ends, earned, start, shape.said)[0 if rich else -12 :]:
        recorded = min(end + timedelta(days=2), today)
        if not rich:
            hundredths = round(done / curve.total * 10_000) if curve.total else 0
            statements.append(ProgressDraft(None, end, hundredths, recorded))
            continue
        for phase, hundredths in enumerate(curve.percent_by_phase(done), start=1):
            if hundredths != told.get(phase, 0) or phase not in told and phase == 1:
                told[phase] = hundredths
                statements.append(ProgressDraft(phase, end, hundredths, recorded))
    return statements


def _intervals(
    curve: Curve, shape: Shape, ends: Sequence[date], earned: Sequence[float], start: date, random: Random
) -> list[Interval]:
    """What was spent in each month up to the last cost: earned value over a cost index that drifts to the shape's."""
    if shape.spent is None:
        return []
    known = _until(ends, earned, start, shape.spent)
    intervals: list[Interval] = []
    so_far, begin = 0, start
    for place, (end, done) in enumerate(known):
        index = shape.cpi if place == len(known) - 1 else _drift(shape.cpi, place, len(ends), random)
        target = round(done / max(index, 0.05))
        if end >= begin and target > so_far:
            done_by_phase = curve.percent_by_phase(done)
            phase = next((order for order, share in enumerate(done_by_phase, start=1) if share < 10_000), 5)
            intervals.append((begin, end, target - so_far, phase))
            so_far, begin = target, end + timedelta(days=1)
    return intervals


def _phase(order: int, span: tuple[date, date], done: Sequence[int], shape: Shape, today: date) -> PhaseDraft:
    begun = shape.spent is not None and span[0] <= today and (done[order - 1] > 0 or order == 1)
    over = begun and (shape.status == "closed" or done[order - 1] >= 10_000)
    late = timedelta(days=round(max(1 - shape.spi, 0) * 60))
    return PhaseDraft(
        order,
        span[0],
        span[1],
        min(span[0] + (late if order > 1 else timedelta(0)), today) if begun else None,
        min(span[1] + late, today - timedelta(days=1)) if over else None,
    )


def _forecasts(shape: Shape, ends: Sequence[date], today: date, random: Random) -> list[ForecastDraft]:
    """Quarterly reported estimates, from the budget towards the latest one."""
    if shape.reported is None or shape.spent is None:
        return []
    silent = today - timedelta(days=0 if shape.said is None else shape.said)
    past = [end for end in ends[:-1] if end <= silent]
    reports = [end for end in past if end.month % 3 == 0][-4:]
    if past and past[-1] not in reports:
        reports.append(past[-1])
    if not reports:
        reports = [min(ends[-1], silent)]
    found = []
    for place, end in enumerate(reports, start=1):
        share = 1 + (shape.reported - 1) * place / len(reports)
        pounds = round(shape.bac * share, -3) if place < len(reports) else round(shape.bac * shape.reported)
        found.append(ForecastDraft(end, int(pounds) * 100, random.choice(("Monthly review", "Steering group", ""))))
    return found


def _declarations(shape: Shape, ends: Sequence[date], *, rich: bool) -> list[DeclarationDraft]:
    """Every month end where rich, else the last three. Bad news comes late: red two months ago, amber before it."""
    if not shape.declared:
        return []
    days = (ends[:-1] or ends)[0 if rich else -3 :]
    found = []
    for ago, day in enumerate(reversed(days)):
        colour = shape.declared
        if ago >= 5 or colour == "amber" and ago >= 3:
            colour = "green"
        elif colour == "red" and ago >= 2:
            colour = "amber"
        reason = shape.reason if ago < 2 else ""
        if colour != "green" and not reason:
            reason = "Costs or dates are under pressure."
        found.append(DeclarationDraft(day, colour, reason, day + timedelta(days=45)))
    return found[::-1]
