"""One declaration: filter, sort, search, page and columns, and nothing that was not declared."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db.models import Q
from django.http import QueryDict

from pmo.kit.errors import ApplicationError
from pmo.kit.listing import Column, Filter, Listing
from pmo.models import AuditEvent, Organisation

LISTING = Listing(
    name="events",
    label="Events",
    columns=(
        Column("label", "Name", sort="label"),
        Column("ref", "Project", value="project_ref", kind="int", sort="project_ref"),
        Column("organisation", "Organisation", value="organisation.name", sort="organisation__name", default=False),
        Column("cost", "Cost", value=lambda row: Decimal("1.50"), kind="money", sort="id", requires="money.view"),
    ),
    filters=(
        Filter("action", kind="choice", lookups=("exact", "in", "not"), choices=(("a", "Made"), ("b", "Gone"))),
        Filter("ref", path="project_ref", kind="int", lookups=("exact", "gte", "lte", "isnull"), label="Project"),
        Filter("label", lookups=("contains",)),
        Filter("money", path="id", kind="int", requires="money.view"),
        Filter("odd", kind="bool", condition=lambda lookup, value: Q(project_ref__in=(1, 3))),
    ),
    search=("label", "action"),
    default_sort=("-label",),
    page_size=2,
    extras=("as_of",),
)


def everything(action: str) -> bool:
    return True


def ask(text: str, allows=everything):
    return LISTING.parse(QueryDict(text), allows)


@pytest.fixture
def events(db):
    organisation = Organisation.objects.create(slug="acme", name="Acme")
    rows = (("alpha bridge", 3, "a"), ("beta bridge", None, "b"), ("gamma road", 1, "a"), ("delta", 2, "b"))
    for label, ref, action in rows:
        AuditEvent.objects.create(
            organisation=organisation, label=label, project_ref=ref, action=action, object_type="x", object_id="1"
        )
    return AuditEvent.objects.all()


def labels(events, text: str) -> list[str]:
    return [row.label.split()[0] for row in LISTING.apply(events, ask(text)).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("page_size=9", ["gamma", "delta", "beta", "alpha"]),
        ("ordering=label&page_size=9", ["alpha", "beta", "delta", "gamma"]),
        ("sort=label&page_size=9", ["alpha", "beta", "delta", "gamma"]),
        ("ordering=ref&page_size=9", ["gamma", "delta", "alpha", "beta"]),
        ("ordering=-ref&page_size=9", ["alpha", "delta", "gamma", "beta"]),
        ("action=a", ["gamma", "alpha"]),
        ("action__not=a", ["delta", "beta"]),
        ("action__in=a&action__in=b&page_size=3", ["gamma", "delta", "beta"]),
        ("ref__gte=2", ["delta", "alpha"]),
        ("ref__isnull=true", ["beta"]),
        ("odd=true", ["gamma", "alpha"]),
        ("label__contains=BRIDGE", ["beta", "alpha"]),
        ("search=bridge+a&ordering=label", ["alpha", "beta"]),
        ("search=bridge+road", []),
        ("action=&search=&page=", ["gamma", "delta"]),
        ("page=2", ["beta", "alpha"]),
    ],
)
def test_a_list_shows_what_was_asked_for(events, text, expected):
    assert labels(events, text) == expected


def test_empty_values_come_last_in_both_directions(events):
    assert labels(events, "ordering=ref&page_size=9")[-1] == "beta"
    assert labels(events, "ordering=-ref&page_size=9")[-1] == "beta"


def test_equal_rows_keep_one_order_over_the_pages(events):
    everyone = Listing(name="x", columns=(Column("action", "Action", sort="object_type"),), page_size=1)
    seen = [
        everyone.apply(events, everyone.parse(QueryDict(f"ordering=action&page={page}"))).rows[0].pk
        for page in (1, 2, 3, 4)
    ]
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        ("helth=red", "helth", "unknown_parameter"),
        ("organisation__name=x", "organisation__name", "unknown_parameter"),
        ("action__gte=a", "action__gte", "unknown_parameter"),
        ("known_at=2026-01-01T00:00:00Z", "known_at", "unknown_parameter"),
        ("ordering=organisation__slug", "ordering", "invalid"),
        ("ordering=pk", "ordering", "invalid"),
        ("columns=label,secret", "columns", "invalid"),
        ("action=c", "action", "invalid"),
        ("ref=1_000", "ref", "invalid"),
        ("page=0", "page", "invalid"),
        ("page=-1", "page", "invalid"),
        ("page=１", "page", "invalid"),
        ("page_size=201", "page_size", "invalid"),
        ("format=pdf", "format", "invalid"),
        ("as_of=yesterday", "as_of", "invalid"),
        ("search=" + "x" * 201, "search", "invalid"),
        ("search=a%00b", "search", "invalid"),
    ],
)
def test_what_was_not_declared_is_refused_by_name(text, field, code):
    with pytest.raises(ApplicationError) as refusal:
        ask(text)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_page_beyond_the_last_is_refused(events):
    with pytest.raises(ApplicationError, match="ends with page 2"):
        LISTING.apply(events, ask("page=3"))


@pytest.mark.parametrize("text", ["columns=cost", "ordering=cost", "money=1"])
def test_a_column_that_is_not_ones_own_to_see_does_not_exist(text):
    assert ask(text)
    with pytest.raises(ApplicationError):
        ask(text, allows=lambda action: False)
    assert "cost" not in {column.key for column in ask("", allows=lambda action: False).available}


def test_one_count_and_one_query_make_a_page(events, django_assert_num_queries):
    with django_assert_num_queries(2):
        LISTING.apply(events, ask(""))
    with django_assert_num_queries(1):
        assert LISTING.apply(events, ask(""), count=4).pages == 2


def test_the_page_knows_where_it_stands(events):
    page = LISTING.apply(events, ask("page=2&action__in=a,b"))
    assert (page.first, page.last, page.count, page.pages) == (3, 4, 4, 2)
    assert page.next is None
    assert page.previous == "action__in=a%2Cb&page=1"
    assert [[str(value) for _column, value in cells] for _row, cells in page.table()] == [
        ["beta bridge", "None", "1.50"],
        ["alpha bridge", "3", "1.50"],
    ]


def test_a_query_turns_back_into_its_url():
    text = "action=a&ref__gte=2&search=road&ordering=ref&columns=ref%2Clabel&as_of=2026-03-31&page_size=10&page=3"
    assert ask(text).urlencode() == text
    assert ask("page_size=2&ordering=-label&columns=label,ref,cost&page=1").urlencode() == ""
    assert ask(text).urlencode(action=None) == text.replace("action=a&", "").replace("&page=3", "")
    assert ask(text).saved == text.replace("&page=3", "")


def test_chips_say_what_is_filtered_and_how_to_drop_it():
    chips = ask("action__in=a,b&ref__gte=2&search=road").chips()
    assert [(chip.label, chip.words) for chip in chips] == [
        ("Search", "road"),
        ("action", "Made, Gone"),
        ("Project", "≥ 2"),
    ]
    assert chips[1].remove == "ref__gte=2&search=road"


def test_a_head_sorts_and_sorts_back():
    heads = {head.column.key: head for head in ask("ordering=label").headers()}
    assert heads["label"].direction == "ascending"
    assert heads["label"].link == "ordering=-label"
    assert heads["ref"].link == "ordering=ref"


def test_a_column_reads_through_attributes_and_keys():
    row = SimpleNamespace(a={"b": SimpleNamespace(c=5)}, d=None)
    assert Column("x", "X", value="a.b.c").read(row) == 5
    assert Column("x", "X", value="d.e.f").read(row) is None


def test_rows_are_prepared_once_a_page(events):
    calls = []
    listing = Listing(name="x", columns=(Column("label", "Name"),), prepare=lambda rows: calls.append(len(rows)))
    listing.apply(events, listing.parse(QueryDict("page_size=3")))
    list(listing.export_rows(events, listing.parse(QueryDict("page_size=3"))))
    assert calls == [3, 4]
