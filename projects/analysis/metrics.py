"""The figures of a project, one row each: columns, API fields, exports, tooltips and the glossary iterate METRICS."""

from decimal import Decimal
from string import Formatter
from typing import Literal, NamedTuple

Unit = Literal["money", "percent", "ratio", "months"]
Good = Literal["high", "low", "none"]


class Metric(NamedTuple):
    """One figure. `template` is the formula with keys of other metrics in braces; `good` says which way is better.

    `says` is the sentence for a positive value; `says_negative` (given the amount without its sign) and `says_zero`
    replace it where another wording is needed.
    """

    key: str
    name: str
    short: str
    template: str
    unit: Unit
    good: Good
    says: str
    says_negative: str = ""
    says_zero: str = ""

    @property
    def formula(self) -> str:
        """The formula in symbols, such as "EV / AC"."""
        return in_symbols(self.template)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Keys of the metrics and terms the formula names, each once, in reading order."""
        return fields(self.template)


class Term(NamedTuple):
    """A quantity formulas name that is not a figure of its own."""

    name: str
    short: str
    unit: Unit


def fields(template: str) -> tuple[str, ...]:
    """The keys in braces of a formula, each once, in reading order."""
    return tuple(dict.fromkeys(field for _, field, _, _ in Formatter().parse(template) if field))


# fmt: off
METRICS: tuple[Metric, ...] = (
    Metric(
        "bac", "Budget at completion", "BAC", "sum of the approved budget lines, without management reserve",
        "money", "none", "The approved budget for all of the work is {value}.",
    ),
    Metric(
        "pv", "Planned value", "PV", "approved budget planned up to the status date",
        "money", "none", "By now, work worth {value} should have been done.",
    ),
    Metric(
        "ev", "Earned value", "EV", "sum over packages of budget × share earned by the package’s method of measurement",
        "money", "none", "The work done so far is worth {value} of the budget.",
    ),
    Metric(
        "ac", "Actual cost", "AC", "actual cost entries + accruals up to the status date",
        "money", "none", "{value} has been spent so far.",
        "Credits exceed costs by {value} so far.", "Nothing has been spent so far.",
    ),
    Metric(
        "committed", "Committed", "Committed", "commitments (ordered, not invoiced) up to the status date",
        "money", "none", "A further {value} is ordered and not yet invoiced.",
        "Cancelled orders exceed open ones by {value}.", "Nothing is on order.",
    ),
    Metric(
        "cv", "Cost variance", "CV", "{ev} − {ac}",
        "money", "high", "The work done cost {value} less than it was budgeted for.",
        "The work done cost {value} more than it was budgeted for.", "The work done cost exactly what was budgeted.",
    ),
    Metric(
        "cv_percent", "Cost variance %", "CV %", "({ev} − {ac}) / {ev} × 100",
        "percent", "high", "The work done cost {value} less than it was budgeted for.",
        "The work done cost {value} more than it was budgeted for.", "The work done cost exactly what was budgeted.",
    ),
    Metric(
        "sv", "Schedule variance", "SV", "{ev} − {pv}",
        "money", "high", "Work worth {value} was done ahead of plan.",
        "Work worth {value} should have been done by now and is not.", "The work done is exactly what was planned.",
    ),
    Metric(
        "sv_percent", "Schedule variance %", "SV %", "({ev} − {pv}) / {pv} × 100",
        "percent", "high", "{value} more work was done than planned by now.",
        "{value} of the work planned by now is not done.", "The work done is exactly what was planned.",
    ),
    Metric(
        "cpi", "Cost performance index", "CPI", "{ev} / {ac}",
        "ratio", "high", "For every 1.00 spent, {value} of planned work was done.",
    ),
    Metric(
        "spi", "Schedule performance index", "SPI", "{ev} / {pv}",
        "ratio", "high", "For every 1.00 of work planned by now, {value} was done.",
    ),
    Metric(
        "eac", "Estimate at completion", "EAC", "the chosen one of five estimates; AC once finished",
        "money", "low", "The project is expected to cost {value} in all.",
    ),
    Metric(
        "etc", "Estimate to complete", "ETC", "{eac} − {ac}",
        "money", "low", "Finishing is expected to cost another {value}.",
        "More has been spent than the whole estimate, by {value}.", "No further cost is expected.",
    ),
    Metric(
        "vac", "Variance at completion", "VAC", "{bac} − {eac}",
        "money", "high", "The project is expected to end {value} under budget.",
        "The project is expected to end {value} over budget.", "The project is expected to end exactly on budget.",
    ),
    Metric(
        "vac_percent", "Variance at completion %", "VAC %", "({bac} − {eac}) / {bac} × 100",
        "percent", "high", "The project is expected to end {value} under budget.",
        "The project is expected to end {value} over budget.", "The project is expected to end exactly on budget.",
    ),
    Metric(
        "tcpi_bac", "To-complete index (budget)", "TCPI(BAC)", "({bac} − {ev}) / ({bac} − {ac})",
        "ratio", "low", "To finish within budget, every 1.00 still to spend must buy {value} of planned work.",
    ),
    Metric(
        "tcpi_eac", "To-complete index (estimate)", "TCPI(EAC)", "({bac} − {ev}) / ({eac} − {ac})",
        "ratio", "low", "To finish within the estimate, every 1.00 still to spend must buy {value} of planned work.",
    ),
    Metric(
        "es", "Earned schedule", "ES", "the time at which the plan reached today's {ev}",
        "months", "none", "The work done so far was planned to take {value}.",
    ),
    Metric(
        "sv_t", "Schedule variance in time", "SV(t)", "{es} − {at}",
        "months", "high", "The project is {value} ahead of plan.",
        "The project is {value} behind plan.", "The project is exactly where the plan has it.",
    ),
    Metric(
        "spi_t", "Schedule performance index in time", "SPI(t)", "{es} / {at}",
        "ratio", "high", "In every month that passed, {value} months of planned work were done.",
    ),
    Metric(
        "ieac_t", "Estimated duration", "IEAC(t)", "{pd} / {spi_t}",
        "months", "low", "At this pace the project will take {value} from its planned start.",
    ),
    Metric(
        "budget_variance", "Budget variance", "Budget variance", "{pv} − {ac}",
        "money", "high", "Spending is {value} below what was planned to be spent by now.",
        "Spending is {value} above what was planned to be spent by now.", "Spending is exactly as planned.",
    ),
    Metric(
        "spend_percent", "Spent", "Spend %", "{ac} / {bac} × 100",
        "percent", "none", "{value} of the budget has been spent.",
    ),
    Metric(
        "percent_complete", "Percent complete", "% complete", "{ev} / {bac} × 100",
        "percent", "high", "{value} of the work, by its budget, is done.",
    ),
)
# fmt: on
METRIC: dict[str, Metric] = {metric.key: metric for metric in METRICS}
TERMS: dict[str, Term] = {
    "at": Term("Actual time since the planned start", "AT", "months"),
    "pd": Term("Planned duration", "PD", "months"),
    "bottom_up_etc": Term("Remaining cost as estimated by the project", "own ETC", "money"),
    "reported_eac": Term("Estimate as reported", "reported EAC", "money"),
}
_SHORT: dict[str, str] = {
    **{key: metric.short for key, metric in METRIC.items()},
    **{key: term.short for key, term in TERMS.items()},
}


def in_symbols(template: str) -> str:
    """A formula with keys in braces as it is read, such as "EV / AC"."""
    return template.format_map(_SHORT)


_SUFFIX = {"percent": " %", "months": " months"}


def shown(unit: str, value: Decimal) -> str:
    """A value as people read it: money and ratios with two decimals, percent and months with one. Half-even."""
    text = f"{value:,.1f}" if unit in ("percent", "months") else f"{value:,.2f}"
    return text.replace("-", "−") + _SUFFIX.get(unit, "")


def sentence(metric: Metric, value: Decimal | None) -> str:
    """The figure in plain words; an empty string where it is undefined (its reason is told instead)."""
    if value is None:
        return ""
    if value == 0 and metric.says_zero:
        return metric.says_zero
    if value < 0 and metric.says_negative:
        return metric.says_negative.format(value=shown(metric.unit, -value))
    return metric.says.format(value=shown(metric.unit, value))
