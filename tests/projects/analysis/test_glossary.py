import pytest

from projects.analysis.glossary import BEGIN, PAGE, figures, renewed
from projects.analysis.metrics import METRICS


def test_the_page_says_what_the_table_of_figures_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run `python -m projects.analysis.glossary > page` and put it in docs/glossary.md"


def test_every_figure_has_its_line() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for metric in METRICS:
        assert f"| `{metric.key}` | {metric.name} | {metric.short} | {metric.formula} |" in page


def test_what_stands_around_the_table_is_kept() -> None:
    assert renewed(f"before\n{BEGIN}\nold\n<!-- figures: end -->\nafter") == (
        f"before\n{BEGIN}\n\n{figures()}\n\n<!-- figures: end -->\nafter"
    )


@pytest.mark.parametrize("page", ["nothing", BEGIN, "<!-- figures: end -->"])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="lacks the marker"):
        renewed(page)
