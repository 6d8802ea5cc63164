"""The glossary's table of figures, written from METRICS so that the page cannot say something else.

`python -m projects.analysis.glossary` prints docs/glossary.md as it should be.
"""

import sys
from pathlib import Path

from projects.analysis.forecast import EAC_FORMULAS, EAC_SAYS, FINISHED
from projects.analysis.metrics import METRICS, TERMS, in_symbols

BEGIN = "<!-- figures: begin -->"
END = "<!-- figures: end -->"
BETTER = {"high": "higher", "low": "lower", "none": "–"}
NAMES = {
    "budget_rate": "Rest at budget",
    "cpi": "Rest at cost performance so far",
    "cpi_spi": "Rest at cost and schedule performance so far",
    "bottom_up": "Rest estimated anew",
    "reported": "As reported",
    FINISHED: "Finished project",
}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def figures() -> str:
    """The generated part of docs/glossary.md, in Markdown, without its two marker lines."""
    lines = [
        "| Key | Figure | Symbol | Formula | Unit | Better | In words |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for metric in METRICS:
        words = " / ".join(
            said.format(value="…") for said in (metric.says, metric.says_negative, metric.says_zero) if said
        )
        lines.append(
            f"| `{metric.key}` | {metric.name} | {metric.short} | {metric.formula} | {metric.unit} "
            f"| {BETTER[metric.good]} | {words} |"
        )
    lines += ["", "| Term | Meaning | Unit |", "| --- | --- | --- |"]
    lines += [f"| {term.short} | {term.name} | {term.unit} |" for term in TERMS.values()]
    lines += ["", "| Estimate at completion | Name | Formula | It assumes |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{method}` | {NAMES[method]} | {in_symbols(formula)} | {EAC_SAYS[method]} |"
        for method, formula in EAC_FORMULAS.items()
    ]
    return "\n".join(lines)


def renewed(page: str) -> str:
    """The page with its generated part replaced. ValueError if a marker is missing."""
    before, begun, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"The page lacks the marker {BEGIN if not begun else END}.")
    return f"{before}{BEGIN}\n\n{figures()}\n\n{END}{after}"


if __name__ == "__main__":
    sys.stdout.write(renewed(PAGE.read_text(encoding="utf-8")))
