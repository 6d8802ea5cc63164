"""Words that any number of further projects are named from. All of it is invented."""

from __future__ import annotations

from random import Random
from typing import Final

from portfolio.analysis.demo_drafts import Story
from portfolio.analysis.demo_stories import PORTFOLIOS, PROGRAMMES

FIRST_NAMES: Final = (
    "Alba", "Ansel", "Beatrix", "Caspian", "Cordelia", "Dorian", "Edda", "Fabian", "Greta", "Hollis", "Isolde", "Jarek",
    "Katya", "Leopold", "Maren", "Nils", "Ottilie", "Piers", "Quentin", "Rosalind", "Silas", "Thea", "Ulric", "Viola",
    "Wendel", "Yara", "Zeno", "Amara", "Bram", "Clementine", "Davit", "Esme",
)  # fmt: skip
LAST_NAMES: Final = (
    "Ashdown", "Birchall", "Corrigan", "Drummond", "Eastlake", "Fenwick", "Garrick", "Hathersage", "Ilkley", "Jessop",
    "Kirkbride", "Lorimer", "Marchbank", "Netherby", "Ollerton", "Pargeter", "Quarmby", "Radcliffe", "Selwyn",
    "Tattersall", "Underhill", "Vickers", "Wainright", "Yardley", "Zellweger", "Abara", "Bergmann", "Castellano",
    "Devereux", "Eriksen", "Fontaine", "Gallardo",
)  # fmt: skip
PLACES: Final = (
    "Aldermoor", "Birchwood", "Calder Row", "Dunmere", "Elmfield", "Fairhaven", "Gorse Hill", "Hollinbrook",
    "Ivybridge Road", "Kingsmead", "Larkrise", "Marlpit", "Nethergate", "Oakfold", "Priory Lane", "Quarry Bank",
    "Redmire", "Sandholme", "Tannery Street", "Upper Field", "Vale Park", "Westwater", "Yewdale", "Orchard Court",
    "Mill Lane", "Castle Walk", "Station Road", "Harbour Side", "Church End", "Summerfield",
)  # fmt: skip
WORDS: Final = {  # kind -> (what, why); every "what" is about a place
    "works": (
        ("school extension", "adds two forms of entry"), ("bridge strengthening", "lifts the weight limit"),
        ("health centre refit", "brings three practices under one roof"), ("roof renewal", "ends the leaks"),
        ("retrofit of flats", "brings ninety homes to energy band B"), ("junction upgrade", "makes crossing safe"),
        ("community hall rebuild", "reopens the hall all year"), ("car park structure repair", "keeps it open"),
        ("heat network connection", "replaces gas boilers"), ("fire station refurbishment", "fits two more engines"),
        ("playing fields drainage", "saves the winter season"), ("library move", "halves the running cost"),
    ),
    "digital": (
        ("appointments online", "ends the queue at the counter"), ("document archive", "empties two paper stores"),
        ("case system upgrade", "keeps support after next year"), ("Wi-Fi renewal", "covers every meeting room"),
        ("payments platform", "takes cards in every service"), ("identity and access", "gives one sign-in to all"),
        ("asset register", "tells what is owned and where"), ("bookings portal", "opens halls to self-service"),
        ("field work app", "saves a drive back to the office"), ("data warehouse", "answers in a day, not a month"),
    ),
    "green": (
        ("tree planting", "cools the hottest streets"), ("flood storage", "protects four hundred homes"),
        ("street lighting", "halves the power used"), ("park renewal", "opens the park to everyone"),
        ("recycling centre", "takes twice as many materials"), ("solar roofs", "pay back within nine years"),
        ("river restoration", "lets fish pass again"), ("charging points", "serve streets without driveways"),
    ),
}  # fmt: skip
PROGRAMME_OF: Final = {
    "works": (("CAP", "TRN"), ("CAP", "EST"), ("HSG", "HSG")),
    "digital": (("DIG", "SRV"), ("DIG", "COR")),
    "green": (("CAP", "ENV"),),
}
TRADES: Final = (
    "Engineering", "Builders", "Contracting", "Consulting", "Systems", "Surveying", "Interiors", "Landscapes",
    "Electrical", "Analytics", "Fabrication", "Logistics",
)  # fmt: skip


def person(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def vendor(random: Random) -> str:
    return f"{random.choice(LAST_NAMES)} {random.choice(TRADES)}"


def areas(count: int) -> int:
    """Into how many areas beside the first the programmes of so many projects are cut: about 60 projects each."""
    return count // 400


def folders(count: int) -> int:
    """Into how many further portfolios of each kind."""
    return count // 2_000


def in_area(code: str, area: int) -> str:
    return f"{code}{area}" if area else code


def structure(count: int) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str, str]]]:
    """The portfolios and programmes of a council with `count` projects, those told by hand first."""
    portfolios = {
        in_area(code, folder): (f"{name}, division {folder}" if folder else name, text)
        for folder in range(folders(count) + 1)
        for code, (name, text) in PORTFOLIOS.items()
    }
    programmes = {
        in_area(code, area): (
            in_area(portfolio, area % (folders(count) + 1)), f"{name}, area {area}" if area else name, text
        )
        for area in range(areas(count) + 1)
        for code, (portfolio, name, text) in PROGRAMMES.items()
    }  # fmt: skip
    return portfolios, programmes


def story(number: int, random: Random, count: int) -> Story:
    """One of `count` projects that nobody described by hand: number 25 and beyond."""
    kind = random.choices(("works", "digital", "green"), (5, 3, 2))[0]
    what, why = random.choice(WORDS[kind])
    place = random.choice(PLACES)
    portfolio, programme = random.choice(PROGRAMME_OF[kind])
    area = random.randint(0, areas(count))
    portfolio = in_area(portfolio, area % (folders(count) + 1))
    manager, sponsor = person(random), person(random)
    return Story(
        f"{programme}-{number:05d}",
        f"{place} {what}",
        f"The {what} at {place} {why}. {manager} leads it; {sponsor} answers for it before the board.",
        portfolio,
        in_area(programme, area),
        kind,
        manager,
        sponsor,
        person(random),
        tuple(vendor(random) for _ in range(random.randint(1, 3))),
        (kind, what.split()[-1]),
    )
