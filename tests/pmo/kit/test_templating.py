"""What the template filters and tags write, down to the character."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from pmo.kit import figures
from pmo.kit.templating import UNDEFINED, digits


def written(source: str, query: str = "", **values: object) -> str:
    request = RequestFactory().get(f"/rows/{query}")
    return Template(source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ('{{ v|money:"GBP" }}', Decimal("4200000"), "4,200,000.00"),
        ('{{ v|money:"JPY" }}', Decimal("1234.5"), "1,234"),
        ('{{ v|money:"KWD" }}', Decimal("1.2345"), "1.234"),
        ('{{ v|money:"GBP:k" }}', Decimal("-814499.99"), "\u2212814"),
        ('{{ v|money:"GBP:m" }}', Decimal("117310000"), "117.3"),
        ("{{ v|num }}", 1234567, "1,234,567"),
        ("{{ v|num:1 }}", Decimal("0.05"), "0.0"),
        ("{{ v|num:1 }}", Decimal("0.15"), "0.2"),
        ("{{ v|signed }}", 21, "+21"),
        ("{{ v|signed }}", 0, "0"),
        ("{{ v|percent }}", Decimal("-19.36"), "\u221219.4"),
        ("{{ v|percent }}", Decimal("4.65"), "+4.6"),
        ("{{ v|percent }}", Decimal("-0.04"), "0.0"),
        ("{{ v|ratio }}", Decimal("0.835"), "0.84"),
        ("{{ v|ratio }}", Decimal("0.845"), "0.84"),
        ("{{ v|dmy }}", date(2026, 10, 31), "31 Oct 2026"),
        ('{{ v|dmy:"short" }}', date(2026, 10, 31), "31 Oct"),
        ("{{ v|dmy }}", "2026-10-31", "31 Oct 2026"),
        ("{{ v|dmy }}", "<soon>", "&lt;soon&gt;"),
    ],
)
def test_a_figure_is_grouped_rounded_half_even_and_signed_truly(source: str, value: object, expected: str) -> None:
    assert written(source, v=value) == expected


def test_a_negative_zero_after_rounding_has_no_minus() -> None:
    assert figures.number(Decimal("-0.4")) == "0"
    assert figures.money(Decimal("-0.001"), "GBP") == "0.00"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% money v "GBP" scale="m" %}', "£117.3m"),
        ('{% money v "GBP" scale="m" sign=True %}', "+£117.3m"),
        ('{% money v "GBP" scale="k" symbol=False %}', "117,310"),
        ('{% money v "SEK" scale="m" %}', "SEK\u00a0117.3m"),
    ],
)
def test_a_tag_writes_the_currency_where_no_column_head_does(source: str, expected: str) -> None:
    assert written(source, v=Decimal("117310000")) == expected


@pytest.mark.parametrize("filter_name", ["money", "num", "signed", "percent", "ratio", "dmy", "ago"])
def test_an_undefined_figure_is_a_dash_and_never_zero(filter_name: str) -> None:
    assert written("{{ v|" + filter_name + " }}", v=None) == str(UNDEFINED)


def test_infinity_and_nan_are_undefined() -> None:
    assert figures.ratio(Decimal("Infinity")) is None
    assert figures.ratio(Decimal("NaN")) is None


def test_a_dash_carries_its_reason_escaped_and_a_defined_figure_passes() -> None:
    html = written("{{ v|ratio|dash:reason }}", v=None, reason="no <cost> yet")
    assert 'title="no &lt;cost&gt; yet"' in html
    assert "Not defined: no &lt;cost&gt; yet" in html
    assert written("{{ v|ratio|dash:reason }}", v=Decimal("0.9"), reason="x") == "0.90"
    assert written("{{ v|num|dash:reason }}", v=0, reason="x") == "0"


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (datetime(2026, 11, 12, 9, 13, 40, tzinfo=UTC), "now"),
        (datetime(2026, 11, 12, 9, 10, tzinfo=UTC), "4 min"),
        (datetime(2026, 11, 12, 3, 0, tzinfo=UTC), "6 h"),
        (datetime(2026, 10, 28, 9, 14, tzinfo=UTC), "15 d"),
        (datetime(2026, 11, 16, 9, 14, tzinfo=UTC), "in 4 d"),
        (date(2026, 11, 12), "today"),
        (date(2026, 10, 22), "21 d"),
    ],
)
def test_an_age_is_said_in_the_largest_sensible_unit(then: date | datetime, expected: str) -> None:
    assert figures.age(then, datetime(2026, 11, 12, 9, 14, tzinfo=UTC)) == expected


def test_an_age_against_a_status_date_keeps_the_exact_day() -> None:
    html = written("{{ v|ago:on }}", v=date(2026, 10, 16), on=date(2026, 10, 31))
    assert html == '<time datetime="2026-10-16" title="16 Oct 2026">15 d</time>'


def test_a_health_pair_is_framed_only_when_the_computed_one_is_worse() -> None:
    worse = written('{% health_pair "green" "red" %}')
    assert 'class="hp differs differs-bad"' in worse
    assert "Declared green, computed red".lower() in worse.lower()
    assert 'class="hp"' in written('{% health_pair "amber" "amber" %}')
    assert 'class="hp differs-up"' in written('{% health_pair "red" "green" %}')
    assert 'class="hp"' in written('{% health_pair "none" "red" %}')


def test_cached_words_follow_the_language_of_the_reader() -> None:
    with translation.override("de"):
        german = figures.day(date(2026, 10, 31))
    assert german == "31 Okt 2026"
    assert figures.day(date(2026, 10, 31)) == "31 Oct 2026"


def test_a_figure_opens_its_derivation_and_is_marked_only_outside_tolerance() -> None:
    red = written('{% figure v|ratio href="/why/?a=1&b=2" tone="red" %}', v=Decimal("0.84"))
    assert '<a class="fig t-bad" href="/why/?a=1&amp;b=2" data-act="explain">' in red
    assert '<span class="vh">Red: </span>0.84</a>' in red
    green = written('{% figure v|ratio href="/why/" tone="green" %}', v=Decimal("1.02"))
    assert green == '<a class="fig" href="/why/" data-act="explain">1.02</a>'
    assert "no cost yet" in written('{% figure v|ratio href="/why/" reason="no cost yet" %}', v=None)


def test_text_given_to_marks_cannot_break_out_of_them() -> None:
    evil = '"><script>x</script>'
    for source in (
        "{% figure v href=v tone='red' label=v %}",
        "{% health_pair 'green' 'red' href=v title=v %}",
        "{% phase_bar 1 5 v %}",
        "{% sparkline trend label=v %}",
        "{% icon v label=v %}",
        "{{ none|dash:v }}",
    ):
        assert "<script>" not in written(source, v=evil, trend=[1, 2], none=None), source


def test_a_sparkline_needs_two_values_and_skips_gaps() -> None:
    assert 'points="2.0,15.0 49.0,3.0"' in written('{% sparkline v label="CPI" %}', v=[1, None, 2])
    assert "no history yet" in written('{% sparkline v label="CPI" %}', v=[1])
    flat = written('{% sparkline v label="CPI" %}', v=[1, 1])
    assert 'points="2.0,9.0 49.0,9.0"' in flat


def test_severity_lights_as_many_bars_as_the_level() -> None:
    assert written('{% severity "critical" %}').count('class="on"') == 4
    assert written('{% severity "low" %}').count('class="on"') == 1
    assert 'aria-label="High"' in written('{% severity "high" %}')


def test_progress_is_clamped_for_drawing_but_said_as_it_is() -> None:
    html = written("{% progress_bar v planned=p %}", v=Decimal("120"), p=Decimal("58"))
    assert 'width="40.0" height="4"' in html
    assert 'aria-label="120.0 % complete, 58.0 % planned"' in html
    assert "no progress reported" in written('{% progress_bar v reason="no progress reported" %}', v=None)


def test_a_query_keeps_what_it_is_not_told_to_change() -> None:
    assert written('{% query sort="-cpi" %}', "?q=a+b&page=3&tag=x&tag=y") == "?q=a+b&amp;tag=x&amp;tag=y&amp;sort=-cpi"
    assert written("{% query page=4 %}", "?q=a&page=3") == "?q=a&amp;page=4"
    assert written("{% query q=None %}", "?q=a") == "?"
    assert written('{% query_key "sort" v %}', "?sort=cpi", v="spi") == "?sort=spi"


def test_hidden_fields_carry_the_query_into_a_form_but_the_page_number() -> None:
    html = written('{% query_fields exclude="as_of" %}', '?q="x"&as_of=2026-10-31&page=2')
    assert html == '<input type="hidden" name="q" value="&quot;x&quot;">'


def test_a_form_widget_is_tied_to_its_help_and_its_error() -> None:
    class CodeForm(forms.Form):
        code = forms.CharField(help_text="Letters and digits.")

    form = CodeForm({"code": ""})
    html = written("{{ f|with_aria }}", f=form["code"])
    assert 'aria-describedby="id_code_help id_code_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="input"' in html


def test_chart_data_cannot_close_its_own_block() -> None:
    html = written('{{ v|data_block:"spend" }}', v={"months": ["</script>"]})
    assert html.count("</script>") == 1
    assert 'id="spend-data" type="application/json"' in html


@pytest.mark.parametrize(
    ("name", "expected"), [("Ines Falk", "IF"), ("ann@example.org", "A"), ("a.b@example.org", "AB"), ("", "")]
)
def test_initials_are_at_most_two_capitals(name: str, expected: str) -> None:
    assert written("{{ v|initials }}", v=name) == expected


def test_a_rate_is_shown_with_all_its_digits_and_no_zeros_after_them():
    assert digits(Decimal("0.93220000")) == "0.9322"
    assert digits(Decimal("0.00001234")) == "0.00001234"
    assert digits(Decimal("150")) == "150"
    assert digits(None) == UNDEFINED
