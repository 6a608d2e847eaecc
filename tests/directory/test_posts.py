"""People are found when a task is read: elections and deputising touch no task."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Completion, Task
from huiyin.directory import actors, addresses
from huiyin.directory.actors import PUBLIC, NotYourAct
from huiyin.directory.models import Delegation, Person, Post
from huiyin.directory.roles import POLICY, Role
from tests.directory.conftest import BEGIN, MORNING, TODAY

DAY = timedelta(days=1)


def waiting(actor) -> list[str]:
    return list(Task.objects.waiting_for(actor).values_list("step_id", flat=True))


@pytest.mark.parametrize(
    ("on", "held"),
    [(BEGIN - DAY, False), (BEGIN, True), (TODAY - DAY, True), (TODAY, False), (TODAY + DAY, False)],
)
def test_a_post_is_held_from_its_first_day_to_the_eve_of_its_end(county, on, held):
    county.hire("林知行", Role.STATION, "t1", "station-t1", until=TODAY)
    assert bool(county.actor("林知行", on).held) is held


def test_a_person_may_hold_several_posts(county):
    county.hire("林知行", Role.DEPUTY, "t1")
    both = county.hire("林知行", Role.HANDLER, "c", "roads-1")
    assert both.roles == {Role.DEPUTY, Role.HANDLER}
    handler = both.with_role(Role.HANDLER)[0]
    assert handler.unit_ids == {county.units["roads-1"].pk, county.units["roads"].pk}


def test_after_an_election_the_successor_sees_the_task(county, matter):
    task = Task.objects.get(case=matter)
    assert waiting(county.actor("林知行")) == ["screen"]
    Post.objects.filter(person__code="林知行").update(to_on=TODAY)
    successor = county.hire("杨望舒", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    before = county.actor("林知行")
    assert waiting(before) == []
    with pytest.raises(errors.NotYours):
        services.complete_task(task=task, answers={"screening": "accept"}, by=before, now=MORNING, key="k")
    assert waiting(successor) == ["screen"]
    services.complete_task(task=task, answers={"screening": "accept"}, by=successor, now=MORNING, key="k")
    assert Completion.objects.get().by == successor.person


@pytest.fixture
def stand_in(county, matter) -> Person:
    person = county.hire("高山", Role.SUPERVISOR, "t1", "congress-t1").person
    Delegation.objects.create(
        post=county.post("林知行"), to=person, from_on=TODAY - DAY, to_on=TODAY + 2 * DAY
    )
    return person


def covered(actor) -> list[actors.Held]:
    """What an actor holds for somebody else."""
    return [held for held in actor.held if held.on_behalf_of is not None]


@pytest.mark.parametrize(("days", "covers"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_stand_in_acts_while_it_lasts(stand_in, days, covers):
    actor = actors.actor_of(stand_in, TODAY + days * DAY)
    assert waiting(actor) == (["screen"] if covers else [])
    assert [held.on_behalf_of.name for held in covered(actor)] == (["林知行"] if covers else [])


def test_a_stand_in_is_recorded_as_acting_for_somebody(county, matter, stand_in):
    task = Task.objects.get(case=matter)
    actor = actors.actor_of(stand_in, TODAY)
    services.complete_task(task=task, answers={"screening": "accept"}, by=actor, now=MORNING, key="k")
    done = Completion.objects.get()
    assert (done.by.name, done.on_behalf_of.name) == ("高山", "林知行")


def test_acts_in_ones_own_post_where_one_has_it(county, matter, stand_in):
    county.hire("高山", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    actor = actors.actor_of(stand_in, TODAY)
    services.complete_task(
        task=Task.objects.get(case=matter), answers={"screening": "accept"}, by=actor, now=MORNING, key="k"
    )
    assert Completion.objects.get().on_behalf_of is None


@pytest.mark.parametrize("change", [{"to_on": TODAY}, {"from_on": TODAY + DAY, "to_on": None}])
def test_a_stand_in_covers_no_post_that_is_not_held(county, stand_in, change):
    Post.objects.filter(person__code="林知行").update(**change)
    assert covered(actors.actor_of(stand_in, TODAY)) == []


def test_a_stand_in_who_has_left_covers_nothing(county, matter, stand_in):
    Post.objects.filter(person=stand_in).update(to_on=TODAY)
    gone = actors.actor_of(stand_in, TODAY)
    assert gone.held == ()
    assert waiting(gone) == []
    with pytest.raises(errors.NotYours):
        services.complete_task(
            task=Task.objects.get(case=matter), answers={"screening": "accept"}, by=gone, now=MORNING, key="k"
        )
    assert covered(actors.actor_of(stand_in, TODAY - DAY)), "the day before, there was still a post"


@pytest.mark.parametrize(
    ("unit", "place", "covers"),
    [("congress", "c", False), ("congress-t1", "t1", True), ("congress-t2", "t2", False)],
)
def test_a_stand_in_covers_where_he_works_and_nowhere_else(county, stand_in, unit, place, covers):
    Post.objects.filter(person=stand_in).update(unit=county.units[unit], place=county.places[place])
    assert bool(covered(actors.actor_of(stand_in, TODAY))) is covers


def test_a_mandate_alone_covers_no_office(county, stand_in):
    Post.objects.filter(person=stand_in).update(role=Role.DEPUTY, unit=None)
    assert covered(actors.actor_of(stand_in, TODAY)) == []


def test_what_is_held_is_what_the_query_sets_say(county):
    """The statement written by hand that every request begins with."""
    county.hire("甲", Role.UNIT_HEAD, "c", "roads")
    county.hire("乙", Role.HANDLER, "c", "roads-1", until=TODAY + DAY)
    county.hire("丙", Role.HANDLER, "c", "roads-2", until=TODAY)
    county.hire("丁", Role.HANDLER, "c", "water")
    county.hire("丁", Role.DEPUTY, "t1")
    people = list(Person.objects.filter(code__in="甲乙丙丁"))
    for n, post in enumerate(Post.objects.filter(person__in=people)):
        for person in people:
            Delegation.objects.create(post=post, to=person, from_on=TODAY - n * DAY, to_on=TODAY + 2 * DAY)
    seen = set()
    for day in (TODAY + n * DAY for n in range(-4, 4)):
        for person in people:
            said = sorted(
                (
                    held.role,
                    held.place_id,
                    held.unit_id or 0,
                    held.on_behalf_of.pk if held.on_behalf_of else 0,
                )
                for held in actors.actor_of(person, day).held
            )
            rows = [(post, 0) for post in person.posts.held_on(day)] + [
                (one.post, one.post.person_id)
                for one in person.delegations.in_force(day).select_related("post")
            ]
            assert said == sorted((post.role, post.place_id, post.unit_id or 0, who) for post, who in rows)
            seen |= {(person.code, who) for _post, who in rows if who}
    assert {code for code, _who in seen} >= {"甲", "乙", "丙"}


def test_an_actor_is_read_in_two_queries(county, stand_in, django_assert_num_queries):
    with django_assert_num_queries(2):
        actors.actor_of(stand_in, TODAY)


@pytest.mark.parametrize("act", sorted(POLICY))
def test_an_act_is_allowed_by_the_policy_table_alone(county, act):
    for role in Role:
        unit = "" if role in (Role.DEPUTY, Role.VILLAGE_DEPUTY) else "congress"
        actor = county.hire(f"{role}", role, "c", unit)
        assert actor.may(act) is (role in POLICY[act])
        if role not in POLICY[act]:
            with pytest.raises(NotYourAct):
                actor.require(act)
    assert not PUBLIC.may(act)


def test_the_public_holds_nothing(db):
    assert PUBLIC.person is None
    assert PUBLIC.roles == frozenset()
    assert not Task.objects.waiting_for(PUBLIC)


def test_deputies_of_a_place_come_nearest_first(county):
    from huiyin.directory import selectors

    county.hire("乙县代表", Role.DEPUTY, "c")
    county.hire("甲镇代表", Role.DEPUTY, "t1")
    county.hire("邻镇代表", Role.DEPUTY, "t2")
    county.hire("卸任代表", Role.DEPUTY, "t1", until=date(2025, 1, 1))
    county.hire("村民代表", Role.VILLAGE_DEPUTY, "t1v")
    found = [person.name for person in selectors.deputies_of(county.places["t1g"], TODAY)]
    assert found == ["甲镇代表", "乙县代表"]


def test_work_is_for_nobody_exactly_where_no_post_leads_to_it(county, matter):
    """The statement written by hand for boards says what the address itself says, and so do those who are told of it."""
    roads, section = county.units["roads"].pk, county.units["roads-1"].pk
    targets = [
        addresses.Target(unit_id=roads),
        addresses.Target(unit_id=roads, role=Role.UNIT_HEAD),
        addresses.Target(unit_id=roads, role=Role.HANDLER),
        addresses.Target(unit_id=section),
        addresses.Target(place_id=county.places["t1"].pk, role=Role.STATION),
        addresses.Target(place_id=county.places["t2"].pk, role=Role.STATION),
        addresses.Target(person_id=county.hire("沈知夏", Role.DEPUTY, "t1").person.pk),
    ]
    lin = county.hire("林一", Role.STATION, "t1", "station-t1").person.pk
    targets.append(addresses.Target(place_id=county.places["t1"].pk, role=Role.STATION, not_person_id=lin))
    hired = [
        lambda: county.hire("戊", Role.STATION, "t1", "station-t1"),
        lambda: county.hire("甲", Role.UNIT_HEAD, "c", "roads-1"),
        lambda: county.hire("乙", Role.HANDLER, "c", "roads-1", until=TODAY + DAY),
        lambda: county.hire("丙", Role.UNIT_HEAD, "c", "roads", until=TODAY),
        lambda: county.hire("丁", Role.UNIT_HEAD, "c", "roads"),
    ]
    task = Task.objects.get(case=matter)
    seen = set()
    for step in [lambda: None, *hired]:
        step()
        for day in (TODAY - DAY, TODAY, TODAY + DAY):
            everybody = [actors.actor_of(person, day) for person in Person.objects.all()]
            for target in targets:
                Task.objects.filter(pk=task.pk).update(**asdict(target))
                nobody = Task.objects.with_nobody(day).get(pk=task.pk).nobody
                led_to = {who.person.pk for who in everybody if addresses.post_that_fits(who, target)}
                assert nobody is not bool(led_to), (target, day)
                assert set(addresses.people_led_to(target, day)) == led_to, (target, day)
                for who in everybody:
                    found = Task.objects.one_waiting_for(who, task.public_id) is not None
                    assert found is Task.objects.waiting_for(who).filter(pk=task.pk).exists(), (target, who)
                seen.add((target, nobody))
    assert len(seen) == 2 * 5 + 3, (
        "every unit's target, and the one that leaves somebody out, is seen with people and without"
    )
