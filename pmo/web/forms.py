"""What every form page shares: a service's refusal lands beside the field it names, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound

T = TypeVar("T")


class Day(forms.DateInput):
    """A date by the browser's own picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class Amount(forms.DecimalField):
    """An amount of money: thousands separators are understood, at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(",", "").replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A number as it is read best: 1,250,000.00. What somebody typed stays as typed."""
        return f"{value:,}" if isinstance(value, Decimal) else value


def attempt(form: forms.Form, change: Callable[[], T]) -> T | None:
    """Call a service; a refusal becomes an error of the form and the answer None."""
    try:
        return change()
    except NotFound:
        raise
    except ApplicationError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def done(request: HttpRequest, sentence: str, address: str) -> HttpResponse:
    """Back to a page, with a toast that says what happened."""
    messages.success(request, sentence)
    return redirect(address)


def name_what_is_missing(form: forms.Form) -> None:
    """“This field is required.” says too little where many are shown: the sentence names the field."""
    for name, errors in form.errors.items():
        for error in errors.as_data():
            if error.code == "required" and name in form.fields:
                error.message, error.params = _("“%s” is needed.") % form[name].label, None


def form_page(
    request: HttpRequest, template: str, form: forms.Form, context: dict[str, Any], *, status: int | None = None
) -> HttpResponse:
    """The form; 422 where it comes back with errors, each naming the field that is empty."""
    if form.is_bound:
        name_what_is_missing(form)
    if status is None:
        status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "saved": _("Save"), **context}, status=status)
