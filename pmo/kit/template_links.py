"""Query strings, form widgets and data blocks for templates; pmo.kit.templating registers them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html_join, json_script
from django.utils.safestring import SafeString

from pmo.kit import figures
from pmo.kit.figures import translate as _


def _query_of(context: Context) -> Any:
    request: HttpRequest | None = context.get("request")
    return None if request is None else request.GET


def query(context: Context, **changes: object) -> str:
    """The current query string with changes: `href="{% query page=2 sort="-cpi" %}"`; None or "" removes a key.

    Any change other than of `page` goes back to the first page. Always begins with "?".
    """
    current = _query_of(context)
    params = {} if current is None else {key: current.getlist(key) for key in current}
    if "page" not in changes:
        params.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, (list, tuple)):
            params[key] = [str(item) for item in value]
        else:
            params[key] = [str(value)]
    return "?" + figures.query_string(params)


def query_fields(context: Context, exclude: str = "") -> SafeString:
    """The current query as hidden inputs, so that a GET form keeps what it does not name.

    `{% query_fields exclude="q page" %}`
    """
    current = _query_of(context)
    if current is None:
        return SafeString("")
    left_out = set(exclude.split()) | {"page"}
    pairs = ((key, value) for key in current if key not in left_out for value in current.getlist(key))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


def with_aria(field: BoundField, css: str = "") -> SafeString:
    """A form widget tied to its help and errors: `{{ field|with_aria }}`; `kit/field.html` uses it."""
    widget_type = getattr(field.field.widget, "input_type", "")
    base = "check" if widget_type in ("checkbox", "radio") else "input"
    attrs: dict[str, str | bool] = {"class": f"{base} {css}".strip()}
    described = [f"{field.auto_id}_error"] if field.errors else []
    if field.help_text:
        described.insert(0, f"{field.auto_id}_help")
    if isinstance(field.field.widget, forms.Textarea) and field.field.widget.attrs.get("rows") == "10":
        attrs["rows"] = "4"  # Django's own default is taller than any note we ask for
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def key(mapping: Mapping[str, object] | None, name: str) -> object:
    """A value of a mapping by a name held in a variable: `{{ undefined|key:metric.key }}`; None when absent."""
    return mapping.get(name) if mapping else None


def data_block(data: object, name: str) -> SafeString:
    """Chart data as an inert JSON script named NAME-data; a data block is never run, so the strict CSP allows it."""
    return json_script(data, f"{name}-data")


def initials(name: str) -> str:
    """At most two capitals of a name or an address: "Ines Falk" IF, "ann@example.org" A."""
    parts = name.split("@")[0].replace(".", " ").split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def query_key(context: Context, name: str, value: object = None) -> str:
    """As `query`, with the key held in a variable: `{% query_key "sort" key %}`."""
    return query(context, **{name: value})


def script_words(kind: str) -> str:
    """The words a script shows, translated, as JSON for a data attribute: `data-words="{% script_words "toast" %}"`."""
    words = _toast_words() if kind == "toast" else _chart_words()
    return json.dumps(words, ensure_ascii=False)


def _toast_words() -> dict[str, str]:
    return {
        "offline": _("No connection. The page keeps trying."),
        "again": _("Connected again."),
        "signin": _("You are signed out. Sign in again to go on."),
        "forbidden": _("You may not do that."),
        "failed": _("That did not work. Nothing was changed."),
        "close": _("Close"),
        "copied": _("Link copied."),
    }


def _chart_words() -> dict[str, str]:
    return {
        "actual": _("Actual"),
        "forecast": _("Forecast"),
        "budget": _("Budget"),
        "month": _("Month"),
        "project": _("Project"),
        "size": _("Budget"),
        "health": _("Computed"),
        "good": _("Green"),
        "warn": _("Amber"),
        "bad": _("Red"),
        "none": _("None"),
        "bad_corner": _("Over cost, inefficient"),
        "good_corner": _("Under cost, efficient"),
        "red_under": _("CPI red under"),
        **{key: key.upper() for key in ("pv", "ev", "ac", "eac", "bac")},
    }
