"""The 24 projects of the demo council and the three of the second organisation, in words. All of it is invented."""

from __future__ import annotations

from typing import Final

from portfolio.analysis.demo_drafts import Shape, Story

PORTFOLIOS: Final = {
    "CAP": ("Capital", "Roads, buildings and the environment: what the council builds and keeps up."),
    "DIG": ("Digital", "Systems and services that staff and residents use every day."),
    "HSG": ("Housing investment", "Homes the council owns: repairing, warming and adding to them."),
}
PROGRAMMES: Final = {
    "TRN": ("CAP", "Moving around", "Bridges, junctions, buses and cycling."),
    "EST": ("CAP", "Public buildings", "Fewer buildings, each in better order."),
    "ENV": ("CAP", "Climate and environment", "Flood defence, lighting and green space."),
    "SRV": ("DIG", "Services online", "What residents can do for themselves, at any hour."),
    "COR": ("DIG", "Core systems", "Finance, data and the platforms below them."),
    "HSG": ("HSG", "Warm and safe homes", "Every council home above energy band C."),
}
BRACKWATER: Final = "Brackwater Construction"

_T, _E, _N = ("CAP", "TRN", "works"), ("CAP", "EST", "works"), ("CAP", "ENV", "green")
_S, _C, _H = ("DIG", "SRV", "digital"), ("DIG", "COR", "digital"), ("HSG", "HSG", "works")

TWENTY_FOUR: Final[tuple[tuple[Story, Shape], ...]] = (
    (Story("TRN-011", "Swing bridge refurbishment",
        "The 1931 swing bridge carries half of the town's buses and must open for boats all year. Its bearings, deck "
        "and control room are renewed in three closures. Hidden corrosion found in the first closure doubled the steel "
        "work.", *_T, "Matthias Tveiten", "Oonagh Brannigan", "Rashid Elmoor",
        (BRACKWATER, "Norden Steel Fabrication", "Pell & Harrow Engineers"), ("bridge", "steel", "closure")),
     Shape(12_400_000, 30, .62, .886, .925, 4, 3, True, 1.09, "red",
           "Corrosion in the east pier: steel work doubled, recovery plan before the board.")),
    (Story("TRN-017", "Quayside cycle link",
        "A lit two-way cycle track of 2.4 km from the station to the quay, apart from traffic for its whole length. It "
        "closes the last gap in the riverside route.", *_T, "Nadine Ferrow", "Oonagh Brannigan", "Rashid Elmoor",
        ("Holloway Surfacing", "Pell & Harrow Engineers"), ("cycling", "public realm")),
     Shape(2_300_000, 16, .66, 1.045, 1.01, 4, 2, True, .97)),
    (Story("TRN-019", "Bus lane cameras",
        "Fixed and mobile cameras enforce nine bus lanes, with a back office that handles notices and appeals. "
        "Journey times on the two busiest routes are the measure of success.", *_T, "Nadine Ferrow", "Oonagh Brannigan",
        "Rashid Elmoor", ("Sentinel Roadside", "Quill Data Services"), ("bus", "enforcement")),
     Shape(1_450_000, 12, .58, 1.045, .985, 6, 3, True, 1.0)),
    (Story("TRN-022", "Eastgate junction redesign",
        "The worst junction for injuries gets protected crossings, shorter waits for buses and a drained carriageway. "
        "Utilities are moved before the works so that the road closes for one season only.", *_T, "Matthias Tveiten",
        "Oonagh Brannigan", "Rashid Elmoor", ("Holloway Surfacing", "Norden Steel Fabrication"),
        ("junction", "safety")),
     Shape(5_200_000, 20, .48, 1.04, .99, 3, 2, True, .99)),
    (Story("TRN-026", "Step-free tram stops",
        "Lifts, ramps and tactile paving at six tram stops that wheelchair users cannot reach today. Work goes on at "
        "night, between the last tram and the first.", *_T, "Nadine Ferrow", "Oonagh Brannigan", "Rashid Elmoor",
        ("Ascend Lift Company", "Pell & Harrow Engineers"), ("tram", "access")),
     Shape(3_900_000, 18, .52, .945, .93, 5, 4, True, 1.04, "amber", "Night shifts are short of fitters.")),
    (Story("COR-021", "Finance system replacement",
        "One system for ledger, purchasing and payroll costs replaces four that no longer talk to each other. Go-live "
        "has to fall on a new financial year. Data migration and interfaces to schools carry most of the risk.",
        *_C, "Saskia Castellane", "Dougal Penhallow", "Ingrid Aske",
        ("Lattice Systems", "Quill Data Services", "Marrow & Tine Consulting"), ("finance", "migration", "erp")),
     Shape(8_200_000, 26, .58, .845, .80, 9, 2, True, 1.01, "green", "All workstreams mobilised.")),
    (Story("SRV-024", "Resident permits online",
        "Residents apply for, pay for and renew parking permits online instead of at the counter. Proof of address is "
        "checked against council tax. Counter staff move to people who need help.", *_S, "Tobias Brandreth",
        "Dougal Penhallow", "Ingrid Aske", ("Lattice Systems", "Fieldfare Digital"),
        ("parking", "permits", "self-service", "payments")),
     Shape(980_000, 12, .5, .94, .90, 8, 4, True, 1.0, "green", "On track for the spring release.")),
    (Story("SRV-027", "Visitor parking permits, self-service",
        "Residents buy and hand out visitor parking permits online, by phone or at a library. Payments and address "
        "checks are meant to be shared with the resident permits.", *_S, "Aurelia Dunstane", "Dougal Penhallow",
        "Ingrid Aske", ("Fieldfare Digital", "Paywell"), ("parking", "permits", "self-service", "payments")),
     Shape(620_000, 10, .4, 1.05, 1.02, 6, 3, True, .98)),
    (Story("COR-029", "Children's case management",
        "Social workers get one record of each child across care, education and health. The old system loses its "
        "support in two years. Training runs team by team so that no visit is missed.", *_C, "Saskia Castellane",
        "Perpetua Lindqvist", "Ingrid Aske", ("Marrow & Tine Consulting", "Quill Data Services"), ("care", "records")),
     Shape(3_100_000, 22, .55, 1.042, .97, 3, 3, True, 1.0)),
    (Story("COR-032", "Data centre exit",
        "Two hundred servers leave the basement of the town hall for hosted services, and the room is given back. "
        "Each application is retired, moved or rebuilt by a rule agreed beforehand.", *_C, "Tobias Brandreth",
        "Dougal Penhallow", "Ingrid Aske", ("Cumulet Hosting", "Quill Data Services"), ("hosting", "migration")),
     Shape(2_600_000, 18, .72, 1.08, 1.0, 2, 2, True, .94)),
    (Story("SRV-034", "Telephony and web chat",
        "The contact centre changes to a hosted telephone system with call-back and web chat. Peaks on council tax "
        "days are spread over the week.", *_S, "Aurelia Dunstane", "Dougal Penhallow", "Ingrid Aske",
        ("Cumulet Hosting", "Fieldfare Digital"), ("contact centre",)),
     Shape(1_300_000, 11, .45, 1.0, 1.0, None, 5, True, .96, "green", "Supplier is on site.")),
    (Story("SRV-036", "Digital skills for front-line staff",
        "Every front-line team learns to use the new case and field tools, with champions who stay after the course. "
        "The charter is agreed; the budget is before the board.", *_S, "Aurelia Dunstane", "Perpetua Lindqvist",
        "Ingrid Aske", ("Larkspur Learning",), ("training",)),
     Shape(450_000, 9, .05, 1.0, 1.0, None, None, False, None, "")),
    (Story("EST-014", "Museum store relocation",
        "Sixty thousand objects leave a damp warehouse for a store with stable air and racking. Each is photographed, "
        "packed and tracked. The lease of the old store ends on a fixed day.", *_E, "Jocelyn Pryde", "Benedikt Oxley",
        "Tamsin Orrell", (BRACKWATER, "Careful Movers Ltd"), ("museum", "move", "lease")),
     Shape(1_250_000, 14, .78, .872, .885, 6, 3, True, 1.02, "green", "Packing goes well.")),
    (Story("EST-018", "Civic quarter heat network",
        "One energy centre with heat pumps warms the town hall, the library and four blocks of flats. It replaces "
        "eleven gas boilers and is ready for neighbours to join.", *_E, "Jocelyn Pryde", "Benedikt Oxley",
        "Tamsin Orrell", ("Ember & Vale Heating", "Pell & Harrow Engineers"), ("heat", "decarbonisation")),
     Shape(7_400_000, 26, .5, 1.05, .985, 2, 2, True, .97)),
    (Story("EST-020", "Central library roof",
        "The slate roof and its gutters are renewed over an open library, bay by bay. Solar panels on the south slope "
        "pay for a part of it.", *_E, "Kenelm Wyndale", "Benedikt Oxley", "Tamsin Orrell",
        ("Slate & Lead Roofing", "Pell & Harrow Engineers"), ("roof", "library", "solar")),
     Shape(1_120_000, 13, 1.04, 1.06, .985, 6, 4, True, .95)),
    (Story("EST-023", "Northfield depot relocation",
        "The waste depot was to move to Northfield to free its site for homes. The land deal fell through; surveys are "
        "paid, everything else is on hold until another site is found.", *_E, "Kenelm Wyndale", "Benedikt Oxley",
        "Tamsin Orrell", ("Pell & Harrow Engineers",), ("depot", "land")),
     Shape(900_000, 18, .26, 1.0, .3, None, 41, True, .06, "amber", "On hold: no site.", "on_hold")),
    (Story("EST-025", "Leisure pool refit",
        "New filtration, changing rooms and a moving floor for the 1974 pool. It stays open on one side while the "
        "other is rebuilt. Energy use should fall by a third.", *_E, "Kenelm Wyndale", "Benedikt Oxley",
        "Tamsin Orrell", ("Ember & Vale Heating", "Careful Movers Ltd"), ("leisure", "energy")),
     Shape(8_800_000, 24, .35, 1.07, .97, 7, 3, True, .97)),
    (Story("HSG-009", "Thornfield Court retrofit",
        "Ninety-six flats get outside insulation, new windows and ventilation while people live in them. The aim is "
        "band B and an end to mould. Asbestos behind the panels has stopped two blocks.", *_H, "Leontyne Haque",
        "Wilfred Amory", "Tamsin Orrell", (BRACKWATER, "Ember & Vale Heating", "Clearview Windows"),
        ("retrofit", "insulation", "occupied homes", "asbestos")),
     Shape(6_400_000, 24, .48, .888, .81, 5, 2, True, 1.05, "amber", "Two blocks wait for asbestos removal.")),
    (Story("HSG-012", "Amberley House retrofit",
        "Fifty-four flats get outside insulation, new heating and ventilation while people live in them. It follows "
        "the pattern of Thornfield Court, one year later, with the same residents' charter.", *_H, "Leontyne Haque",
        "Wilfred Amory", "Tamsin Orrell", ("Ember & Vale Heating", "Clearview Windows"),
        ("retrofit", "insulation", "occupied homes")),
     Shape(2_750_000, 20, .4, .945, .92, 5, 3, True, 1.03, "amber", "Window deliveries slip by five weeks.")),
    (Story("HSG-015", "Kitchens and bathrooms, round 3",
        "Four hundred kitchens and bathrooms reach the decent homes standard, street by street. Residents choose from "
        "three ranges; refusals are visited again.", *_H, "Rupert Okehampton", "Wilfred Amory", "Tamsin Orrell",
        ("Homeright Interiors", "Careful Movers Ltd"), ("decent homes",)),
     Shape(4_450_000, 18, .55, .938, .945, 7, 3, True, 1.02, "amber", "Two crews short since September.")),
    (Story("HSG-018", "Millrace new homes",
        "Sixty-two council homes on the old mill site, half of them for families on the waiting list. Ground "
        "remediation is done; the building contract is let in two lots.", *_H, "Rupert Okehampton", "Wilfred Amory",
        "Tamsin Orrell", ("Ashgrove Builders", "Pell & Harrow Engineers"), ("new homes", "remediation")),
     Shape(14_200_000, 32, .3, 1.06, 1.0, 4, 2, True, .98)),
    (Story("ENV-006", "Saltmarsh flood wall",
        "A new flood wall and two gates protect 1,100 homes against a flood of once in a hundred years. The saltmarsh "
        "in front is widened to take the force out of the waves.", *_N, "Elspeth Solvang", "Oonagh Brannigan",
        "Rashid Elmoor", ("Tidewater Marine", "Norden Steel Fabrication"), ("flood", "marine licence")),
     Shape(9_800_000, 28, .4, .943, .935, 5, 3, True, 1.03, "amber", "The marine licence came after the first pour.")),
    (Story("ENV-010", "Streetlight LED conversion, stage 2",
        "Seven thousand lanterns change to LED with dimming after midnight. The saving pays for the stage within six "
        "years.", *_N, "Elspeth Solvang", "Oonagh Brannigan", "Rashid Elmoor", ("Lumen Street", "Sentinel Roadside"),
        ("lighting", "energy")),
     Shape(3_600_000, 16, .97, 1.07, 1.0, 52, 49, True, .96)),
    (Story("ENV-013", "Urban tree planting",
        "Three thousand street trees in the hottest wards, with residents as wardens for the first summers. Planting "
        "began early to catch the season; the budget is still to be approved.", *_N, "Kenelm Wyndale",
        "Oonagh Brannigan", "", ("Greenway Arboriculture",), ("trees", "heat", "volunteers")),
     Shape(640_000, 14, .2, 1.0, 1.0, None, 12, False, None, "green", "Season started well.",
           "active", ("sponsor", "budget_owner"))),
)  # fmt: skip

THREE: Final[tuple[tuple[Story, Shape], ...]] = (
    (Story("ACM-101", "Press line retrofit",
        "The second press line gets new drives, guards and controls during two planned shutdowns. Output should rise "
        "by a tenth and stops fall by half.", "OPS", "PLT", "works", "Henrike Voss", "Anselm Kroy", "Anselm Kroy",
        ("Drivetech Automation", "Kestrel Guarding"), ("plant", "safety")),
     Shape(2_150_000, 14, .55, 1.04, .99, 3, 3, True, .98)),
    (Story("ACM-104", "Warehouse management rollout",
        "Three warehouses in Ohio move to one stock system with scanning at every shelf. The pilot site goes first and "
        "teaches the others.", "OPS", "PLT", "digital", "Henrike Voss", "Anselm Kroy", "Anselm Kroy",
        ("Stockwise Software", "Kestrel Guarding"), ("warehouse", "scanning")),
     Shape(1_380_000, 16, .48, .93, .91, 6, 4, True, 1.02, "amber", "Interfaces are late.")),
    (Story("ACM-107", "Solar roof, works 2",
        "A solar roof of 900 kW on the second works covers a fifth of its power. Grid approval is in hand.", "OPS",
        "PLT", "green", "Henrike Voss", "Anselm Kroy", "Anselm Kroy", ("Sunfold Energy",), ("solar",)),
     Shape(860_000, 10, .35, 1.05, 1.0, 4, 2, True, .97)),
)  # fmt: skip
ACME_PORTFOLIOS: Final = {"OPS": ("Operations", "Plants, warehouses and their power.")}
ACME_PROGRAMMES: Final = {"PLT": ("OPS", "Plants 2027", "More output with less energy.")}
