"""What a tier model must hold before projects are measured by it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from pmo.analysis.standard_fields import TIERS, Problem, Spec, read_fields, shown
from pmo.analysis.tailoring import number

MEASURES: Final = ("budget", "months", "team")
MOST_FACTORS: Final = 20
SCORES: Final = (1, 2, 3, 4)
_LINE: Final = Spec(required=True, most=500)
_HELP: Final = Spec(most=500)


def tier_model_checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of pmo.models.TierModel, clean. Raises Problem naming the place and the value."""
    about = read_fields(
        {"name": Spec(required=True, most=200), "source": Spec(most=300)},
        "tier model",
        {name: given[name] for name in ("name", "source") if name in given},
    )
    factors = [_factor(each, f"factors[{place}]") for place, each in enumerate(_list(given, "factors"), start=1)]
    if not 1 <= len(factors) <= MOST_FACTORS:
        raise Problem("factors", f"has {len(factors)} questions; 1 to {MOST_FACTORS} are taken.")
    _once([each["key"] for each in factors], "factors")
    sizes = given.get("size_bands")
    if not isinstance(sizes, Mapping) or set(sizes) != set(MEASURES):
        raise Problem("size_bands", f"bands of {', '.join(MEASURES)} are needed.")
    bands = {measure: _bands(sizes[measure], f"size_bands.{measure}") for measure in MEASURES}
    keys = [each["key"] for each in bands["budget"]]
    for measure in MEASURES:
        if [each["key"] for each in bands[measure]] != keys:
            raise Problem(f"size_bands.{measure}", "has other bands than the budget; each measure has the same.")
    complexity = _bands(given.get("complexity_bands"), "complexity_bands")
    tiers = [_tier(each, f"tiers[{place}]") for place, each in enumerate(_list(given, "tiers"), start=1)]
    _once([each["tier"] for each in tiers], "tiers")
    if not tiers:
        raise Problem("tiers", "names no tier.")
    known = {each["tier"] for each in tiers}
    grid = _grid(given.get("grid"), keys, [each["key"] for each in complexity], known)
    return {
        **about, "factors": factors, "size_bands": bands, "complexity_bands": complexity, "tiers": tiers, "grid": grid,
    }  # fmt: skip


def _list(given: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = given.get(name)
    if not isinstance(found, list | tuple):
        raise Problem(name, f"a list is needed here, not {shown(found)}.")
    return found


def _once(keys: Sequence[Any], path: str) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise Problem(path, f"{shown(key)} is there twice.")


def _factor(given: Any, path: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise Problem(path, f"a question with its answers is needed here, not {shown(given)}.")
    plain = {name: value for name, value in given.items() if name != "answers"}
    clean = read_fields(
        {"key": Spec("slug", required=True, most=40), "text": _LINE, "help": _HELP}, "question", plain, path
    )
    answers = [
        read_fields({"score": Spec("whole", least=1, most=4, required=True), "text": _LINE}, "answer", each,
                    f"{path}.answers[{place}]")
        for place, each in enumerate(_list(given, "answers"), start=1)
    ]  # fmt: skip
    if tuple(each["score"] for each in answers) != SCORES:
        raise Problem(f"{path}.answers", "four answers are needed, with the scores 1, 2, 3 and 4 in this order.")
    return {**clean, "answers": answers}


def _bands(given: Any, path: str) -> list[dict[str, Any]]:
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= 6:
        raise Problem(path, "one to six bands are needed.")
    clean = []
    for place, each in enumerate(given, start=1):
        here = f"{path}[{place}]"
        if not isinstance(each, Mapping):
            raise Problem(here, f"a band is needed here, not {shown(each)}.")
        named = {name: value for name, value in each.items() if name != "from"}
        band = read_fields(
            {"key": Spec("slug", required=True, most=40), "name": Spec(required=True, most=60)}, "band", named, here
        )
        least = number(each.get("from"))
        if least is None or not 0 <= least < 10**12:
            raise Problem(f"{here}.from", f"{shown(each.get('from'))} is not a number from 0 on.")
        clean.append({**band, "from": format(least, "f")})
    for place, (before, after) in enumerate(pairwise(clean), start=2):
        low, high = number(before["from"]), number(after["from"])
        if low is None or high is None or low >= high:
            raise Problem(
                f"{path}[{place}].from", f"{shown(after['from'])} does not rise above {shown(before['from'])}."
            )
    _once([each["key"] for each in clean], path)
    return clean


def _tier(given: Any, path: str) -> dict[str, Any]:
    return read_fields(
        {
            "tier": Spec("whole", least=1, most=TIERS[-1], required=True),
            "name": Spec(required=True, most=60),
            "says": Spec(most=500),
        },
        "tier",
        given,
        path,
    )


def _grid(given: Any, sizes: list[str], complexities: list[str], tiers: set[int]) -> dict[str, dict[str, int]]:
    cells = dict(_cells(given, sizes, complexities, tiers))
    return {size: {key: cells[size, key] for key in complexities} for size in sizes}


def _cells(
    given: Any, sizes: list[str], complexities: list[str], tiers: set[int]
) -> Iterator[tuple[tuple[str, str], int]]:
    for size in sizes:
        row = given.get(size) if isinstance(given, Mapping) else None
        for key in complexities:
            value = row.get(key) if isinstance(row, Mapping) else None
            if isinstance(value, str) and value.isascii() and value.isdigit():
                value = int(value)
            if isinstance(value, bool) or value not in tiers:
                raise Problem(f"grid.{size}.{key}", f"{shown(value)} is none of the tiers.")
            yield (size, key), int(value)
