"""Small server-drawn SVG: shapes, severity bars, sparklines, bars. No inline style, so a strict CSP holds.

SafeString and html.escape are called directly: Django's mark_safe and escape cost three times as much, and these
functions run for every cell. Every function returns finished markup; text that comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString

Number = Decimal | int | float
TONES = {"green": "good", "amber": "warn", "red": "bad", "good": "good", "warn": "warn", "bad": "bad"}
LEVELS = {"low": 1, "medium": 2, "high": 3, "critical": 4}
_BARS = ((0.0, 9, 3), (3.6, 6, 6), (7.2, 3, 9), (10.8, 0, 12))


def tone_of(word: str | None) -> str:
    """good, warn, bad or none: the CSS name for green, amber, red or anything else."""
    return TONES.get(word or "", "none")


@lru_cache(maxsize=256)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite file; decorative unless it has a label. size: "" 16 px, "sm" 14 px."""
    css = f"i i-{size}" if size else "i"
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return SafeString(f'<svg class="{css}" {said}><use href="{static("img/icons.svg")}#i-{escape(name)}"/></svg>')


@lru_cache(maxsize=16)
def shape(word: str | None) -> SafeString:
    """The status shape of a colour word: circle, triangle, diamond, dashed circle.

    Decorative: a word must stand beside it.
    """
    tone = tone_of(word)
    return SafeString(f'<svg class="sh sh-{tone}" aria-hidden="true"><use href="#s-{tone}"/></svg>')


@lru_cache(maxsize=32)
def severity(level: str, label: str) -> SafeString:
    """Four rising bars, `level` of them on: low, medium, high, critical. `label` is read out."""
    count = LEVELS.get(level, 0)
    bars = "".join(
        f'<rect class="{"on" if i < count else "off"}" x="{x:g}" y="{y}" width="2.6" height="{h}" rx=".5"/>'
        for i, (x, y, h) in enumerate(_BARS)
    )
    text = escape(label)
    return SafeString(
        f'<svg class="sev sev-{count}" viewBox="0 0 14 12" role="img" aria-label="{text}">'
        f"<title>{text}</title>{bars}</svg>"
    )


def sparkline(
    values: Sequence[Number | None], label: str, *, width: int = 52, height: int = 18, reference: Number | None = None
) -> SafeString | None:
    """A line through the values that are there, its last point marked; None when fewer than two are.

    `reference` draws a dotted level (1 for an index). The label is escaped here.
    """
    points = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if len(points) < 2:
        return None
    low = min(v for _, v in points)
    high = max(v for _, v in points)
    level = None if reference is None else float(reference)
    if level is not None:
        low, high = min(low, level), max(high, level)
    span = (high - low) or 1.0
    step = (width - 5) / (len(values) - 1)
    inner = height - 6

    def y(value: float) -> float:
        return height / 2 if high == low else 3 + inner * (high - value) / span

    drawn = [(2 + i * step, y(v)) for i, v in points]
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in drawn)
    ref = "" if level is None else f'<line class="ref" x1="0" x2="{width}" y1="{y(level):.1f}" y2="{y(level):.1f}"/>'
    end_x, end_y = drawn[-1]
    return SafeString(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">{ref}<polyline class="l" points="{line}"/>'
        f'<circle class="e" cx="{end_x:.1f}" cy="{end_y:.1f}" r="2"/></svg>'
    )


@lru_cache(maxsize=512)
def phase_bar(current: int, total: int, label: str) -> SafeString:
    """Short pieces, one a phase: those before `current` (1-based) done, `current` half, the rest open. 0: not begun."""
    pieces = []
    for i in range(total):
        x = i * 12
        if i + 1 == current:
            pieces.append(f'<rect class="now-bg" x="{x}" width="10" height="4" rx="1"/>')
            pieces.append(f'<rect class="now" x="{x}" width="5" height="4" rx="1"/>')
        else:
            css = "done" if i + 1 < current else "todo"
            pieces.append(f'<rect class="{css}" x="{x}" width="10" height="4" rx="1"/>')
    width = max(total * 12 - 2, 1)
    return SafeString(
        f'<svg class="ph" width="{width}" height="4" viewBox="0 0 {width} 4" role="img" aria-label="{escape(label)}">'
        f"{''.join(pieces)}</svg>"
    )


def progress(done: Number, label: str, *, planned: Number | None = None, width: int = 40) -> SafeString:
    """A bar of `done` percent with a tick at `planned` percent; both are clamped to 0..100 for drawing only."""
    filled = min(max(float(done), 0.0), 100.0) * width / 100
    tick = ""
    if planned is not None:
        x = min(max(float(planned), 0.0), 100.0) * width / 100
        tick = f'<rect class="bar-tick" x="{min(x, width - 1.5):.1f}" width="1.5" height="8"/>'
    return SafeString(
        f'<svg width="{width}" height="8" viewBox="0 0 {width} 8" role="img" aria-label="{escape(label)}">'
        f'<rect class="bar-track" y="2" width="{width}" height="4" rx="1"/>'
        f'<rect class="bar-fill" y="2" width="{filled:.1f}" height="4" rx="1"/>{tick}</svg>'
    )


def wide_bar(done: Number) -> SafeString:
    """A bar as wide as its container, `done` percent filled; decorative, the words stand beside it."""
    filled = min(max(float(done), 0.0), 100.0)
    return SafeString(
        '<svg class="bar" aria-hidden="true"><rect class="bar-track" width="100%" height="4" rx="1"/>'
        f'<rect class="bar-fill" width="{filled:.1f}%" height="4" rx="1"/></svg>'
    )
