"""The demo county is invented, whole, and the same at every seeding."""

from __future__ import annotations

import hashlib
import time
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import RequestFactory

from huiyin.core import canonical
from huiyin.directory import actors, addresses, selectors
from huiyin.directory.models import Account, Jurisdiction, Person, Place, Post, Term, Unit
from huiyin.directory.roles import Role
from huiyin.lifecycle.demo import county
from tests.directory.conftest import TODAY


@pytest.fixture
def built(db) -> Jurisdiction:
    return county.build()


def people_and_places() -> str:
    """Everything that a person would recognise, without keys and public ids."""
    rows = [
        list(Place.objects.order_by("path").values_list("path", "full_name", "level", "pinyin")),
        list(Unit.objects.order_by("code").values_list("code", "name", "kind", "telephone", "place__code", "parent__code")),
        list(Person.objects.order_by("code").values_list("code", "name", "pinyin")),
        list(Post.objects.order_by("person__code", "role", "place__code").values_list(
            "person__code", "role", "place__code", "unit__code", "title", "from_on", "to_on", "term__number")),
        list(Account.objects.order_by("username").values_list("username", "person__code", "is_demo")),
    ]  # fmt: skip
    return hashlib.sha256(canonical.encode([[list(row) for row in table] for table in rows])).hexdigest()


def test_has_the_places_of_a_county(built):
    levels = Counter(Place.objects.filter(jurisdiction=built).values_list("level", flat=True))
    assert (levels["county"], levels["town"], levels["street"]) == (1, 12, 3)
    assert 250 <= levels["village"] + levels["community"] <= 275
    assert 950 <= levels["grid"] <= 1_050
    for place in Place.objects.select_related("parent"):
        assert place.path == f"{place.parent.path if place.parent else '/'}{place.code}/"
    names = Place.objects.filter(level__in=["town", "street"]).values_list("name", flat=True)
    assert len(set(names)) == 15


def test_has_departments_with_sections(built):
    kinds = Counter(Unit.objects.filter(jurisdiction=built).values_list("kind", flat=True))
    assert kinds["department"] == 40
    assert kinds["section"] == 120
    assert kinds["town_government"] == kinds["station"] == 15
    for department in Unit.objects.filter(kind="department"):
        assert department.sections.count() == 3
        assert department.posts.filter(role=Role.UNIT_HEAD).count() == 1


def test_has_its_deputies(built):
    posts = Post.objects.filter(person__jurisdiction=built)
    assert posts.filter(role=Role.DEPUTY, title="县人大代表").count() == 220
    assert posts.filter(role=Role.DEPUTY).exclude(title="县人大代表").count() == 700
    villages = Place.objects.filter(level__in=["village", "community"]).count()
    assert posts.filter(role=Role.VILLAGE_DEPUTY).count() == villages
    assert Term.objects.count() == 16
    # A street elects no deputies of its own.
    assert not posts.filter(term__place__level="street", title__startswith="望岚").exists()
    assert not posts.filter(place__level="street", role=Role.DEPUTY).exclude(title="县人大代表").exists()


def test_has_somebody_for_every_role(built):
    assert set(Post.objects.values_list("role", flat=True)) == set(Role.values)
    accounts = {name: actors.actor_of(person, TODAY) for name, person in people_with_accounts().items()}
    assert set(accounts) == set(county.read()["accounts"])
    for name, actor in accounts.items():
        assert {str(role) for role in actor.roles} == {county.read()["accounts"][name][0]}


def people_with_accounts() -> dict[str, Person]:
    return {row.username: row.person for row in Account.objects.select_related("person")}


def test_every_grid_finds_its_office_station_and_deputies(built):
    for grid in Place.objects.filter(level="grid").order_by("path")[::50]:
        around = addresses.Surroundings(grid, {}, {}, {}, on=TODAY)
        town = grid.codes[3]
        for address in ("congress_office@place", "station@place"):
            assert Place.objects.get(pk=addresses.resolve(address, around).place_id).code == town
        assert selectors.deputies_of(grid, TODAY)


def test_sorts_names_by_pinyin(built):
    names = list(Unit.objects.filter(kind="department").order_by("pinyin").values_list("name", flat=True))
    assert names.index("县财政局") < names.index("县交通运输局") < names.index("县自来水公司")
    assert not Person.objects.filter(jurisdiction=built, pinyin="").exists()


def test_is_the_same_at_every_seeding_and_quick(db):
    digests, started = set(), time.monotonic()
    for _turn in range(2):
        with transaction.atomic():
            county.build()
            digests.add(people_and_places())
            transaction.set_rollback(True)
    assert len(digests) == 1
    assert time.monotonic() - started < 40


def test_is_built_once(built):
    people = Person.objects.count()
    assert county.build() == built
    assert Person.objects.count() == people


def sign_in(username: str, password: str) -> Account | None:
    return authenticate(RequestFactory().post("/sign-in/"), username=username, password=password)


def test_demo_accounts_sign_in_to_a_demo_only(built, settings):
    password = county.read()["password"]
    settings.DEMO = True
    assert sign_in("office", password).username == "office"
    assert sign_in("office", "wrong") is None
    settings.DEMO = False
    assert sign_in("office", password) is None
    Account.objects.update(is_demo=False)
    assert sign_in("office", password).username == "office"


def test_the_session_of_a_demo_account_ends_where_there_is_no_demo(built, settings, client):
    settings.DEMO = True
    client.force_login(
        Account.objects.get(username="office"), backend="huiyin.config.demo_accounts.GuardedBackend"
    )
    assert client.get("/tasks/").status_code == 200
    settings.DEMO = False
    assert client.get("/tasks/").status_code == 302


def test_is_refused_in_a_real_installation(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="real one"):
        call_command("seed_demo")
    assert not Jurisdiction.objects.exists()
