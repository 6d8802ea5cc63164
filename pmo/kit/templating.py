"""Template filters and tags for figures, dates, status marks and links; registered as builtins (no {% load %}).

They run hundreds of times on one page: plain string work, cached marks, no regular expressions. templates/kit/README.md
has the list with examples. Undefined (None) always comes out as an en dash, never as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pmo.kit import figures, graphics, template_links
from pmo.kit.figures import Number
from pmo.kit.figures import translate as _

register = template.Library()

UNDEFINED = SafeString('<span class="undef">–</span>')
_TONE_WORDS = {"good": "Green", "warn": "Amber", "bad": "Red", "none": "None"}


def _shown(text: str | None) -> str:
    return UNDEFINED if text is None else text


@lru_cache(maxsize=128)
def _currency_and_scale(spec: str) -> tuple[str, str]:
    """ "GBP", "GBP:k" or ":m" as (currency, scale)."""
    currency, _colon, scale = spec.partition(":")
    return currency, scale


# ---- figures -------------------------------------------------------------------------------------------------------


@register.filter
def digits(value: Number | None) -> str:
    """A number in plain digits, all that it has and no zeros after them: an exchange rate."""
    if value is None:
        return UNDEFINED
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def money(value: Number | None, spec: str = "") -> str:
    """`{{ bac|money:"GBP" }}` 4,200,000.00; `{{ bac|money:"GBP:k" }}` 4,200. The unit belongs in the column head."""
    currency, scale = _currency_and_scale(spec)
    return _shown(figures.money(value, currency, scale=scale))


@register.simple_tag(name="money")
def money_tag(
    value: Number | None,
    currency: str = "",
    scale: str = "",
    places: int | None = None,
    symbol: bool = True,
    sign: bool = False,
) -> str:
    """`{% money bac "GBP" scale="m" %}` £117.3m; with `sign=True` a plus stands before a positive amount."""
    return _shown(figures.money(value, currency, scale=scale, places=places, symbol=symbol, sign=sign))


@register.filter
def num(value: Number | None, places: int = 0) -> str:
    """Grouped digits: `{{ rows|num }}` 1,234; `{{ x|num:2 }}` 1,234.50."""
    return _shown(figures.number(value, places))


@register.filter
def signed(value: Number | None, places: int = 0) -> str:
    """As `num`, with a plus before a positive number: `{{ slip|signed }}` +21."""
    return _shown(figures.number(value, places, sign=True))


@register.filter
def percent(value: Number | None, places: int = 1) -> str:
    """Percentage points with sign, no % mark: `{{ vac_percent|percent }}` −19.4, +4.7."""
    return _shown(figures.percent(value, places, sign=True))


@register.filter
def ratio(value: Number | None) -> str:
    """An index with two decimals: `{{ cpi|ratio }}` 0.84."""
    return _shown(figures.ratio(value))


@register.filter
def dash(value: object, reason: str = "") -> object:
    """Give an undefined figure its reason: `{{ cpi|ratio|dash:"no actual cost yet" }}`. Defined ones pass untouched."""
    if value is not None and value is not UNDEFINED and value != "":
        return value
    if not reason:
        return UNDEFINED
    said = _("Not defined: %(reason)s") % {"reason": reason}
    return format_html('<span class="undef" title="{}">–<span class="vh">{}</span></span>', reason, said)


@register.filter
def dmy(value: date | datetime | str | None, style: str = "") -> str:
    """A date as 31 Oct 2026; `{{ d|dmy:"short" }}` 31 Oct; `{{ at|dmy:"time" }}` 12 Nov 2026 09:12.

    An ISO date as text (from an address) is read; any other text comes back as it is.
    """
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if style == "time" and isinstance(value, datetime):
        return _shown(figures.moment(value))
    return _shown(figures.day(value, year=style != "short"))


@register.filter
def ago(value: date | datetime | None, now: datetime | date | None = None) -> str:
    """Age in words with the exact moment on hover: 4 min, 3 h, 15 d. `now` (a date or moment) defaults to the clock."""
    if value is None:
        return UNDEFINED
    moment = now if isinstance(now, datetime) else timezone.now()
    if now is not None and not isinstance(now, datetime):
        days = (now - (value.date() if isinstance(value, datetime) else value)).days
        text = _("today") if days == 0 else figures.days(days)
    elif isinstance(value, datetime):
        text = figures.age(value, moment)
    else:
        text = figures.age(value, timezone.localtime(moment))
    exact = dmy(value, "time") if isinstance(value, datetime) else dmy(value)
    return SafeString(f'<time datetime="{value.isoformat()}" title="{escape(exact)}">{escape(text)}</time>')


# ---- marks and small graphics --------------------------------------------------------------------------------------


@register.filter
def tone(word: str | None) -> str:
    """good, warn, bad or none for green, amber, red or anything else: for class names."""
    return graphics.tone_of(word)


@register.filter
def tone_word(word: str | None) -> str:
    """Green, Amber, Red or None, in the reader's language."""
    return _(_TONE_WORDS[graphics.tone_of(word)])


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "search" %}`, `{% icon "x" "sm" %}`; pass `label` only where no words stand beside it."""
    return graphics.icon(name, size, str(label))


@register.simple_tag
def shape(word: str | None) -> SafeString:
    """The status shape for green, amber, red, none. A word must stand beside it."""
    return graphics.shape(word)


@register.simple_tag
def severity(level: str) -> SafeString:
    """Severity bars with the word read out: `{% severity "critical" %}`."""
    return graphics.severity(level, str(_(level.capitalize())))


@register.simple_tag
def sparkline(
    values: Sequence[Number | None] | None,
    label: str = "",
    reference: Number | None = None,
    width: int = 52,
    height: int = 18,
) -> str:
    """`{% sparkline p.cpi_trend label="CPI over 12 months" reference=1 %}`; a dash below two values."""
    drawn = graphics.sparkline(values or (), str(label), width=width, height=height, reference=reference)
    return drawn if drawn is not None else str(dash(None, _("no history yet")))


@register.simple_tag
def phase_bar(current: int | None, total: int | None, name: str = "") -> str:
    """`{% phase_bar 3 5 "Execution" %}`: the phase's name above five short pieces."""
    if not total:
        return UNDEFINED
    label = _("Phase %(current)d of %(total)d") % {"current": current or 0, "total": total}
    bar = graphics.phase_bar(current or 0, total, label)
    if not name:
        return bar
    return SafeString(f'<span class="xs sec trunc">{escape(str(name))}</span>{bar}')


@register.simple_tag
def progress_bar(done: Number | None, planned: Number | None = None, reason: str = "") -> str:
    """`{% progress_bar p.percent_complete planned=p.planned_percent %}`: a bar, a tick at the plan, the number."""
    if done is None:
        return str(dash(None, reason))
    said = {"done": figures.number(done, 1), "planned": figures.number(planned, 1)}
    label = _("%(done)s %% complete") % said
    if planned is not None:
        label = _("%(done)s %% complete, %(planned)s %% planned") % said
    bar = graphics.progress(done, label, planned=planned)
    return SafeString(f'<span class="row-x">{bar}<span class="tnum">{figures.number(done)}</span></span>')


@register.simple_tag
def wide_bar(done: Number | None) -> SafeString:
    """A bar as wide as its container, for phases and imports; the words stand beside it."""
    return graphics.wide_bar(done or 0)


@register.simple_tag
def health_pair(declared: str | None, computed: str | None, href: str = "", title: str = "") -> SafeString:
    """Declared | computed with shape and word; framed in the computed colour when the computed one is worse."""
    left, right = graphics.tone_of(declared), graphics.tone_of(computed)
    css, said, body = _pair(left, right, get_language())
    if title:
        said = escape(str(title))
    if href:
        return SafeString(f'<a class="hp{css}" href="{escape(str(href))}" title="{said}" data-act="explain">{body}</a>')
    return SafeString(f'<span class="hp{css}" title="{said}">{body}</span>')


@lru_cache(maxsize=256)
def _pair(left: str, right: str, language: str | None) -> tuple[str, str, str]:
    """Class suffix, hover sentence and markup of a pair: only constants and cached marks, so no escaping is owed."""
    order = {"good": 0, "warn": 1, "bad": 2}
    css = ""
    if left in order and right in order and left != right:
        css = f" differs differs-{right}" if order[right] > order[left] else " differs-up"
    words = {"declared": _(_TONE_WORDS[left]), "computed": _(_TONE_WORDS[right])}
    first, second = _("Declared"), _("computed")
    body = (
        f'<span class="bg-{left}">{graphics.shape(left)}<span class="vh">{first} </span>{words["declared"]}</span>'
        f'<span class="bg-{right}">{graphics.shape(right)}'
        f'<span class="vh">, {second} </span>{words["computed"]}</span>'
    )
    return css, escape(_("Declared %(declared)s, computed %(computed)s") % words), body


@register.simple_tag
def figure(text: object, href: str = "", tone: str = "", reason: str = "", label: str = "") -> SafeString:
    """A figure that opens its derivation in the side panel, marked only when `tone` is amber or red.

    `text` is already formatted (`{% with t=cpi|ratio %}`) or None; `label` names the figure for screen readers.
    """
    if text is None or text is UNDEFINED or text == "":
        return SafeString(str(dash(None, reason)))
    css, mark = "fig", ""
    kind = graphics.tone_of(tone)
    if kind in ("warn", "bad"):
        css = f"fig t-{kind}"
        mark = f'{graphics.shape(tone)}<span class="vh">{_(_TONE_WORDS[kind])}: </span>'
    said = f'<span class="vh">{escape(str(label))} </span>' if label else ""
    shown = text if isinstance(text, SafeString) else escape(str(text))
    if not href:
        return SafeString(f'<span class="{css}">{mark}{said}{shown}</span>')
    return SafeString(f'<a class="{css}" href="{escape(str(href))}" data-act="explain">{mark}{said}{shown}</a>')


# ---- links, forms, data: see template_links -------------------------------------------------------------------------

for context_tag in (template_links.query, template_links.query_key, template_links.query_fields):
    register.simple_tag(context_tag, takes_context=True)
register.simple_tag(template_links.script_words)
for plain_filter in (template_links.with_aria, template_links.key, template_links.data_block, template_links.initials):
    register.filter(plain_filter.__name__, plain_filter)
