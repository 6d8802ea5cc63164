"""The page of exchange rates: typed, pasted or by file; looked at first; known ones left alone."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from pmo.models import ExchangeRate
from tests.conftest import Cast

CSV = b"Date;Currency;Rate;To\n2026-03-31;EUR;0.8512;GBP\n2026-03-31;USD;0.75;GBP\n"


@pytest.fixture
def analyst(alder: Cast) -> Client:
    return alder.client("pmo_analyst")


@pytest.fixture
def address(alder: Cast) -> str:
    return reverse("pmo:rates", args=["alder"])


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["base", "quote", "rate", "date"])
    sheet.append(["EUR", "GBP", 0.8512, date(2026, 3, 31)])
    book.save(out)
    return out.getvalue()


def test_a_file_is_shown_before_anything_is_recorded(analyst: Client, address: str):
    answer = analyst.post(address, {"file": SimpleUploadedFile("rates.csv", CSV)})
    page = answer.content.decode()
    assert "2 rates would be recorded." in page
    assert "EUR,GBP,0.8512,2026-03-31" in page
    assert not ExchangeRate.objects.exists()


def test_the_lines_looked_at_are_recorded_once(analyst: Client, address: str):
    text = "EUR,GBP,0.8512,2026-03-31\nUSD,GBP,0.75,2026-03-31"
    analyst.post(address, {"text": text, "step": "record"})
    said = analyst.post(address, {"text": text, "step": "record"}, follow=True).content.decode()
    assert ExchangeRate.objects.count() == 2
    assert "0 rates recorded. 2 were known as they stand." in said


def test_a_workbook_with_true_dates_is_read(analyst: Client, address: str):
    answer = analyst.post(address, {"file": SimpleUploadedFile("rates.xlsx", workbook())})
    assert "EUR,GBP,0.8512,2026-03-31" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"base,quote\nEUR,GBP\n", "Four columns are needed"),
        (b"base,quote,rate,date\nEUR,GBP,many,2026-03-31\n", "Line 1: “many” is not a number with a point."),
        (b"PK\x03\x04 no workbook", "workbook"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(analyst: Client, address: str, content: bytes, said: str):
    answer = analyst.post(address, {"file": SimpleUploadedFile("rates", content)})
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()
    assert not ExchangeRate.objects.exists()


def test_nothing_given_is_said(analyst: Client, address: str):
    assert "or choose a file" in analyst.post(address, {"step": "record"}).content.decode()


def test_the_list_filters_sorts_and_exports(analyst: Client, address: str):
    analyst.post(address, {"text": "EUR,GBP,0.8513,2026-03-31\nUSD,GBP,0.75,2026-04-30", "step": "record"})
    page = analyst.get(f"{address}?base=USD").content.decode()
    assert "0.75" in page
    assert "0.8513" not in page
    told = b"".join(analyst.get(f"{address}?format=csv&ordering=rate").streaming_content).decode()  # type: ignore[attr-defined]
    assert told.index("0.75") < told.index("0.8513")
    assert ExchangeRate.objects.filter(rate=Decimal("0.75")).get().source == "paste"
