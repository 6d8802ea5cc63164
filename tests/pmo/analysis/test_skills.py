from datetime import date, timedelta

from pmo.analysis.skills import Credential, Gap, Judgement, Level, credential_state, fit, level_at


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


OWN = Judgement("self", 4, day("03-01"), by=1, id=1)
PEERS = (
    Judgement("peer", 2, day("03-05"), by=2, id=2),
    Judgement("peer", 3, day("03-06"), by=3, id=3),
    Judgement("peer", 5, day("03-07"), by=4, id=4),
)


def at(text: str, *judgements: Judgement, held: tuple[Credential, ...] = ()) -> tuple[int, str] | None:
    found = level_at(judgements, held, day(text))
    return (found.level, found.source) if found else None


def test_the_worked_numbers_of_the_document():
    assessed = Judgement("assessor", 2, day("04-01"), by=9, id=5)
    held = (Credential(4, day("05-01"), day("06-30")),)
    assert at("03-04", OWN, *PEERS) == (4, "self")
    assert at("03-10", OWN, *PEERS) == (3, "peer")
    assert at("04-01", OWN, *PEERS, assessed) == (2, "assessor")
    assert at("06-30", assessed, held=held) == (4, "certificate")
    assert at("07-01", assessed, held=held) == (2, "assessor")
    assert at("06-15", Judgement("assessor", 2, day("06-01")), held=held) == (2, "assessor")


def test_of_two_peers_the_lower_counts_and_of_one_peer_the_latest_word():
    assert at("04-01", *[Judgement("peer", level, day("03-01"), by=level) for level in (2, 4)]) == (2, "peer")
    assert at("04-01", Judgement("peer", 1, day("03-01"), 7, 1), Judgement("peer", 5, day("03-02"), 7, 2)) == (
        5,
        "peer",
    )


def test_of_one_day_the_one_recorded_last_counts():
    first, last = Judgement("assessor", 1, day("03-01"), id=1), Judgement("assessor", 3, day("03-01"), id=2)
    assert at("03-01", last, first) == (3, "assessor")


def test_where_nobody_has_judged_nothing_is_known():
    assert at("02-28", OWN) is None
    assert at("04-01", held=(Credential(None, day("01-01")),)) is None


def test_a_withdrawn_certificate_does_not_count_and_a_lower_one_does_not_lower():
    assert at("06-01", held=(Credential(3, day("05-01"), withdrawn=True),)) is None
    assert at("06-01", OWN, held=(Credential(3, day("05-01")),)) == (4, "self")


def test_a_certificate_ends_after_its_last_day_and_is_listed_sixty_days_before():
    last = day("06-30")
    held = Credential(3, day("01-01"), last)
    assert [credential_state(held, last + timedelta(days=n)) for n in (-61, -60, 0, 1)] == [
        "valid", "ending", "ending", "expired",
    ]  # fmt: skip
    assert credential_state(held, day("01-01") - timedelta(days=1)) == "future"


def test_unknown_is_neither_met_nor_a_gap_and_nothing_wanted_is_met():
    assert (Gap(1, 3, None).short, Gap(1, 3, None).met) == (None, False)
    assert Gap(1, 0, None).met
    found = fit({1: Level(2, "self", day("01-01")), 2: Level(5, "self", day("01-01"))}, {1: 4, 2: 3, 3: 2})
    assert (found.met, found.wanted, found.unknown, found.largest) == (1, 3, 1, 2)
    assert found.widest == Gap(1, 4, 2)
    assert fit({}, {1: 4}).largest is None
