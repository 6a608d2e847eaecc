"""Build the demo county from `county.yaml`: same data, same county."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from pypinyin import lazy_pinyin

from huiyin.directory.models import Account, Jurisdiction, Person, Place, Post, Term, Unit
from huiyin.directory.roles import Role
from huiyin.rules import services as rules

DATA = Path(__file__).parent / "county.yaml"
SEED = 20260901
#: The town whose offices the demo accounts sit in.
HOME_TOWN = "石棠镇"


def read() -> dict[str, Any]:
    """The county's data file."""
    return dict(yaml.safe_load(DATA.read_text(encoding="utf-8")))


@dataclass
class _Draft:
    """Rows that are written together at the end, in few statements."""

    jurisdiction: Jurisdiction
    data: dict[str, Any]
    chance: random.Random
    names: list[str]
    people: list[Person] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def pinyin(self, text: str) -> str:
        return " ".join(lazy_pinyin(text))

    def person(self, code: str) -> Person:
        name = self.names[len(self.people) % len(self.names)]
        person = Person(jurisdiction=self.jurisdiction, name=name, pinyin=self.pinyin(name), code=code)
        self.people.append(person)
        return person

    def post(
        self,
        person: Person,
        role: Role,
        place: Place,
        unit: Unit | None = None,
        title: str = "",
        term: Term | None = None,
    ) -> None:
        from_on = self.data["term"]["from_on"]
        self.posts.append(
            Post(person=person, role=role, place=place, unit=unit, title=title, term=term, from_on=from_on)
        )


@transaction.atomic
def build() -> Jurisdiction:
    """Make the county; a second call returns the one that is there."""
    known = Jurisdiction.objects.filter(code="demo").first()
    if known is not None:
        return known
    data = read()
    rules.seed_calendar()
    jurisdiction = Jurisdiction.objects.create(code="demo", name=data["county"]["name"])
    rules.load_profile(jurisdiction=jurisdiction, code="zhejiang-2016")
    chance = random.Random(SEED)  # noqa: S311  the same county every time is the point
    names = [surname + given for surname, given in product(data["surnames"], data["given"])]
    chance.shuffle(names)
    draft = _Draft(jurisdiction, data, chance, names)
    county, towns, villages = _build_places(draft)
    units = _build_units(draft, county, towns)
    terms = {
        place.code: Term.objects.create(jurisdiction=jurisdiction, place=place, **data["term"])
        for place in [county, *towns]
    }
    _staff_offices(draft, county, towns, units)
    _staff_departments(draft, county, units)
    _elect(draft, towns, villages, terms, county)
    Person.objects.bulk_create(draft.people, batch_size=500)
    Post.objects.bulk_create(draft.posts, batch_size=500)
    _open_accounts(draft, county, units)
    return jurisdiction


def _place(draft: _Draft, parent: Place | None, level: str, code: str, name: str) -> Place:
    full = (
        f"{parent.full_name}{name}" if parent and parent.level not in ("province", "city", "county") else name
    )
    return Place(
        jurisdiction=draft.jurisdiction,
        parent=parent,
        level=level,
        code=code,
        name=name,
        full_name=full,
        pinyin=draft.pinyin(name),
        path=f"{parent.path if parent else '/'}{code}/",
    )


def _build_places(draft: _Draft) -> tuple[Place, list[Place], list[Place]]:
    data, parent = draft.data, None
    for level in ("province", "city", "county"):
        parent = _place(draft, parent, level, data[level]["code"], data[level]["name"])
        parent.save()
    county = parent
    if county is None:
        raise ValueError("county.yaml names no county")
    towns = [
        _place(draft, county, "street", f"{county.code}{n:03}", name)
        for n, name in enumerate(data["streets"], 1)
    ]
    towns += [
        _place(draft, county, "town", f"{county.code}{n:03}", name)
        for n, name in enumerate(data["towns"], 101)
    ]
    Place.objects.bulk_create(towns)
    names = [
        first + second + "村" for first, second in product(data["village_first"], data["village_second"])
    ]
    draft.chance.shuffle(names)
    villages = []
    for index, town in enumerate(towns):
        kind, count = ("community", 17) if town.level == "street" else ("village", 17 + index % 3)
        local = (
            [f"{name}社区" for name in data["community"]]
            if kind == "community"
            else [names.pop() for _ in range(count)]
        )
        villages += [_place(draft, town, kind, f"{town.code}{n:03}", name) for n, name in enumerate(local, 1)]
    Place.objects.bulk_create(villages)
    grids = [
        _place(draft, village, "grid", f"{village.code}{n:02}", f"第{'一二三四五'[n - 1]}网格")
        for village in villages
        for n in range(1, 4 + (1 if draft.chance.random() < 0.85 else 0))
    ]
    Place.objects.bulk_create(grids, batch_size=500)
    return county, towns, villages


def _unit(draft: _Draft, code: str, name: str, kind: str, place: Place, parent: Unit | None = None) -> Unit:
    return Unit(
        jurisdiction=draft.jurisdiction,
        place=place,
        parent=parent,
        kind=kind,
        code=code,
        name=name,
        pinyin=draft.pinyin(name),
        telephone=f"0990-555{int.from_bytes(code.encode()) % 9973:04}",
    )


def _build_units(draft: _Draft, county: Place, towns: list[Place]) -> dict[str, Unit]:
    kinds = Unit.Kind
    rows = [
        _unit(draft, "congress", "县人大常委会代表工作委员会", kinds.CONGRESS_OFFICE, county),
        _unit(draft, "committee", "县人大常委会办公室", kinds.CONGRESS_OFFICE, county),
        _unit(draft, "government", "县人民政府办公室", kinds.GOVERNMENT_OFFICE, county),
    ]
    for town in towns:
        congress, government = (
            ("人大工作委员会", "办事处") if town.level == "street" else ("人大主席团", "人民政府")
        )
        rows += [
            _unit(draft, f"congress-{town.code}", f"{town.name}{congress}", kinds.CONGRESS_OFFICE, town),
            _unit(draft, f"government-{town.code}", f"{town.name}{government}", kinds.TOWN_GOVERNMENT, town),
            _unit(draft, f"station-{town.code}", f"{town.name}代表联络站", kinds.STATION, town),
        ]
    departments = [
        _unit(draft, f"d{number:02}", name, kinds.DEPARTMENT, county)
        for number, name in enumerate(draft.data["departments"], 1)
    ]
    Unit.objects.bulk_create([*rows, *departments])
    sections = [
        _unit(draft, f"{top.code}-{number}", f"{top.name}{name}", kinds.SECTION, county, top)
        for top in departments
        for number, name in enumerate(draft.data["sections"], 1)
    ]
    Unit.objects.bulk_create(sections)
    return {row.code: row for row in [*rows, *departments, *sections]}


def _staff_offices(draft: _Draft, county: Place, towns: list[Place], units: dict[str, Unit]) -> None:
    for code, role, title in (
        ("congress", Role.CONGRESS_OFFICE, "主任"),
        ("committee", Role.SUPERVISOR, "督办专员"),
        ("government", Role.GOVERNMENT_OFFICE, "督查室主任"),
        ("committee", Role.DESIGNER, "流程管理员"),
        ("committee", Role.ADMIN, "系统管理员"),
    ):
        draft.post(draft.person(f"{role}-county"), role, county, units[code], title)
    for town in towns:
        for number in (1, 2):
            draft.post(
                draft.person(f"office-{town.code}-{number}"),
                Role.CONGRESS_OFFICE,
                town,
                units[f"congress-{town.code}"],
                "干事",
            )
        draft.post(
            draft.person(f"station-{town.code}"), Role.STATION, town, units[f"station-{town.code}"], "联络员"
        )
        draft.post(
            draft.person(f"town-{town.code}"), Role.HANDLER, town, units[f"government-{town.code}"], "经办人"
        )
        draft.post(
            draft.person(f"mayor-{town.code}"),
            Role.UNIT_HEAD,
            town,
            units[f"government-{town.code}"],
            "负责人",
        )


def _staff_departments(draft: _Draft, county: Place, units: dict[str, Unit]) -> None:
    for code, unit in units.items():
        if unit.kind == Unit.Kind.DEPARTMENT:
            draft.post(draft.person(f"head-{code}"), Role.UNIT_HEAD, county, unit, "局长")
        elif unit.kind == Unit.Kind.SECTION:
            draft.post(draft.person(f"handler-{code}"), Role.HANDLER, county, unit, "科员")


def _elect(
    draft: _Draft, towns: list[Place], villages: list[Place], terms: dict[str, Term], county: Place
) -> None:
    numbers = draft.data["numbers"]
    for n in range(numbers["county_deputies"]):
        # County deputies are elected in a town or street and answer for its people.
        draft.post(
            draft.person(f"county-deputy-{n:03}"),
            Role.DEPUTY,
            towns[n % len(towns)],
            title="县人大代表",
            term=terms[county.code],
        )
    own = [town for town in towns if town.level == "town"]
    for n in range(numbers["town_deputies"]):
        town = own[n % len(own)]
        draft.post(
            draft.person(f"town-deputy-{n:03}"),
            Role.DEPUTY,
            town,
            title=f"{town.name}人大代表",
            term=terms[town.code],
        )
    for village in villages:
        draft.post(
            draft.person(f"village-deputy-{village.code}"), Role.VILLAGE_DEPUTY, village, title="村民代表"
        )


def _open_accounts(draft: _Draft, county: Place, units: dict[str, Unit]) -> None:
    home = Place.objects.get(code__startswith=county.code, level="town", name=HOME_TOWN)
    departments = {unit.name: code for code, unit in units.items()}
    deputy, friend = [
        post.person for post in draft.posts if post.place_id == home.pk and post.title == "县人大代表"
    ][:2]
    people = {
        "office": f"office-{home.code}-1",
        "office2": f"office-{home.code}-2",
        "station": f"station-{home.code}",
        "deputy": deputy.code,
        "deputy2": friend.code,
        "jiaotong": f"handler-{departments['县交通运输局']}-2",
        "shuili": f"handler-{departments['县水利局']}-2",
        "head": f"head-{departments['县交通运输局']}",
        "gov": "government_office-county",
        "supervisor": "supervisor-county",
        "county": "congress_office-county",
        "designer": "designer-county",
        "admin": "admin-county",
    }
    password = make_password(draft.data["password"])
    found = {person.code: person for person in draft.people}
    Account.objects.bulk_create(
        [
            Account(username=name, person=found[code], password=password, is_demo=True)
            for name, code in people.items()
            if code
        ]
    )
