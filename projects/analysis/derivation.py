"""The formula of a figure with the numbers of one project put in."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.earned_schedule import bracket, earned_schedule
from projects.analysis.earned_value import Performance
from projects.analysis.facts import PerformanceFacts
from projects.analysis.forecast import EAC_FORMULAS, left_to_spend, reported_by
from projects.analysis.methods import shares_of
from projects.analysis.metrics import METRIC, TERMS, fields, in_symbols, shown
from projects.analysis.periods import MONTHS, month_index, month_share, time_at_start
from projects.analysis.planned_value import ZERO, Plan, plan_of

UNKNOWN = "–"
TERMS_SHOWN = 6


class NumberedFormula(NamedTuple):
    """`inputs` are (key, name, value, note); `with_numbers` is "EV / AC = 480.00 / 1,000.00 = 0.48"."""

    formula: str
    with_numbers: str
    inputs: tuple[tuple[str, str, Decimal | None, str], ...]


def template_of(key: str, performance: Performance) -> str:
    """The formula behind a figure, keys in braces: for `eac` that of the method really used."""
    if key == "eac":
        return EAC_FORMULAS.get(performance.eac_method, METRIC[key].template)
    return METRIC[key].template


def numbered(key: str, facts: PerformanceFacts, performance: Performance) -> NumberedFormula:
    """The formula of `key`, in symbols and in numbers. KeyError for a key not in METRICS."""
    template = template_of(key, performance)
    known = values(fields(template), facts, performance)
    inputs = tuple((name, _name(name), value, _note(name, performance)) for name, value in known.items())
    formula = in_symbols(template)
    result = _shown(METRIC[key].unit, getattr(performance, key))
    if key in ("bac", "pv", "ev", "ac", "committed", "es"):
        middle = "" if result == UNKNOWN else _summed(key, facts, performance)
    else:
        middle = template.format_map({name: _in_formula(name, value) for name, value in known.items()})
    steps = [formula, result] if middle in ("", formula, result) else [formula, middle, result]
    return NumberedFormula(formula, " = ".join(steps), inputs)


def values(names: tuple[str, ...], facts: PerformanceFacts, performance: Performance) -> dict[str, Decimal | None]:
    """The value of each metric or term a formula names."""
    found: dict[str, Decimal | None] = {}
    for name in names:
        if name in METRIC:
            found[name] = getattr(performance, name)
        elif name == "bottom_up_etc":
            found[name] = left_to_spend(facts, performance.status_date)
        elif name == "reported_eac":
            found[name] = reported_by(facts, performance.status_date)
        else:
            time = _time(facts, performance)
            found[name] = None if time is None else time[name == "pd"]
    return found


def _time(facts: PerformanceFacts, performance: Performance) -> tuple[Decimal, Decimal] | None:
    """AT and PD, where earned schedule is defined."""
    if performance.ev is None:
        return None
    t = performance.status_date
    time = earned_schedule(plan_of(facts), performance.ev, min(t, facts.actual_finish or t))
    return None if time is None else (time.at, time.pd)


def _summed(key: str, facts: PerformanceFacts, performance: Performance) -> str:
    """Figures read straight from rows, as the sum they are."""
    t = performance.status_date
    plan = plan_of(facts)
    if key == "bac":
        return f"{len(facts.planned)} budget lines"
    if key in ("ac", "committed"):
        kinds = ("commitment",) if key == "committed" else ("actual", "accrual")
        sums = {kind: sum((c.amount for c in facts.costs if c.kind == kind and c.period <= t), ZERO) for kind in kinds}
        return " + ".join(f"{_in_brackets(shown('money', amount))} ({kind})" for kind, amount in sums.items())
    if key == "pv":
        return _planned(plan, t)
    if key == "ev":
        return _earned(plan, facts, t)
    return _schedule(plan, performance)


def _planned(plan: Plan, t: date) -> str:
    if plan.reason is not None:
        return ""
    now = month_index(t)
    passed = sum((amount for index, amount in plan.months.items() if index < now), ZERO)
    terms = [f"{shown('money', passed)} (months passed)"] if plan.months else []
    if plan.months.get(now):
        gone, whole = month_share(t)
        terms.append(f"{shown('money', plan.months[now])} × {gone} / {whole} (working days of {MONTHS[t.month - 1]})")
    if plan.spreads:
        spread = sum((spread.value(t) for spread in plan.spreads), ZERO)
        terms.append(f"{shown('money', spread)} (spread over working days)")
    return " + ".join(terms)


def _earned(plan: Plan, facts: PerformanceFacts, t: date) -> str:
    if len(plan.budgets) > TERMS_SHOWN:
        return f"{len(plan.budgets)} packages"
    budgets = {package: _in_brackets(shown("money", budget)) for package, budget in plan.budgets.items()}
    return " + ".join(
        f"{budgets[package]} × {shown('percent', share.percent)}" for package, share in shares_of(facts, t).items()
    )


def _schedule(plan: Plan, performance: Performance) -> str:
    ev = performance.ev
    if ev is None or plan.start is None or performance.es is None or ev <= 0:
        return ""
    found = bracket(plan, ev)
    if found is None:
        return "the whole planned duration"
    before, low, after, high = found
    step = "" if after - before == 1 else f" × {after - before:.2f}"
    money = [_in_brackets(shown("money", amount)) for amount in (ev, low, high)]
    since = before - time_at_start(plan.start)
    return f"{since:.2f} + ({money[0]} − {money[1]}) / ({money[2]} − {money[1]}){step}"


def _name(key: str) -> str:
    return METRIC[key].name if key in METRIC else TERMS[key].name


def _note(key: str, performance: Performance) -> str:
    if key == "eac" and performance.eac is not None:
        return in_symbols(EAC_FORMULAS[performance.eac_method])
    return performance.undefined.get(key, "")


def _in_formula(key: str, value: Decimal | None) -> str:
    unit = METRIC[key].unit if key in METRIC else TERMS[key].unit
    return _in_brackets(_shown(unit, value).removesuffix(" months"))


def _in_brackets(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _shown(unit: str, value: Decimal | None) -> str:
    return UNKNOWN if value is None else shown(unit, value)
