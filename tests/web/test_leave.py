"""Who goes on leave sees what falls due, and lets a colleague stand in, recorded as on behalf of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import errors, services
from huiyin.cases.models import Completion, Task
from huiyin.core import time_source
from huiyin.directory.actors import actor_of
from huiyin.directory.models import Account, Delegation, Person, Post
from huiyin.directory.roles import Role
from huiyin.history.models import Entry
from huiyin.notices.models import Notice
from huiyin.web import queues


@pytest.fixture
def colleague(town) -> Person:
    person = Person.objects.create(jurisdiction=town.jurisdiction, name="同事甲", pinyin="tongshijia")
    unit = town.units["a"]
    Post.objects.create(person=person, role=Role.HANDLER, unit=unit, place=unit.place, from_on="2020-01-01")
    return person


def days(first: int = 0, last: int = 7) -> dict[str, str]:
    today = time_source.today()
    return {"from": str(today + timedelta(first)), "last": str(today + timedelta(last))}


def send(client, cover: Person, **more: str):
    return client.post(reverse("leave"), {**days(), "cover": cover.public_id} | more)


def test_lets_a_colleague_act_on_behalf_of(client_of, town, matter, do, colleague):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}})
    assert send(client_of("a"), colleague).status_code == 302
    given = Delegation.objects.get()
    assert (given.to, given.last_on) == (colleague, time_source.today() + timedelta(7))
    assert Entry.objects.filter(subject_kind="post", kind="post_covered").count() == 1
    assert Notice.objects.get(kind="covers_for").person == colleague
    Post.objects.filter(person=colleague).update(role=Role.SUPERVISOR)
    cover = actor_of(colleague, time_source.today())
    task = Task.objects.get(case=matter, step_id="sign")
    services.complete_task(task=task, answers={"sign": "accept"}, by=cover, now=timezone.now(), key="k")
    assert Completion.objects.get(task=task).on_behalf_of == town.actors["a"].person


def test_whoever_stood_in_the_last_time_is_chosen_already(client_of, colleague):
    a, chosen = client_of("a"), f'<option value="{colleague.public_id}" selected>'
    assert chosen not in a.get(reverse("leave")).content.decode()
    send(a, colleague)
    assert chosen in a.get(reverse("leave")).content.decode()


def test_the_cover_does_what_the_absent_person_holds_and_finds_it_apart(
    client_of, town, matter, do, colleague
):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}})
    away, task = town.actors["a"].person, Task.objects.get(case=matter, step_id="sign")
    services.take_task(task=task, by=town.actors["a"], now=timezone.now())
    cover = actor_of(colleague, time_source.today())
    with pytest.raises(errors.TakenByAnother):
        services.complete_task(task=task, answers={"sign": "accept"}, by=cover, now=timezone.now(), key="k")
    send(client_of("a"), colleague)
    cover = actor_of(colleague, time_source.today())
    today = time_source.today()
    assert list(queues.waiting_for(f"for-{away.public_id}", cover, today)) == [task]
    services.complete_task(task=task, answers={"sign": "accept"}, by=cover, now=timezone.now(), key="k")
    assert Completion.objects.get(task=task).on_behalf_of == away
    assert not queues.waiting_for(f"for-{away.public_id}", cover, today), (
        "the unit's own queue is not shown twice"
    )
    assert Task.objects.waiting_for(cover).filter(case=matter).exists()


def test_a_colleague_who_has_left_stands_in_no_more(client_of, town, matter, do, colleague):
    send(client_of("a"), colleague)
    assert "已不在本单位" not in client_of("a").get(reverse("leave")).content.decode()
    Post.objects.filter(person=colleague).update(to_on=time_source.today())
    assert actor_of(colleague, time_source.today()).held == ()
    assert "代办人已不在本单位，代办不再有效" in client_of("a").get(reverse("leave")).content.decode()


def test_shows_what_falls_due_before_it_is_sent(client_of, matter, do, colleague):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}})
    client = client_of("a")
    shown = client.get(reverse("leave"), days(last=60)).content.decode()
    assert matter.number in shown
    led = client.post(reverse("leave"), {**days(last=60), "act": "look", "csrfmiddlewaretoken": "t"})
    assert led.status_code == 302
    assert "csrf" not in led["Location"]
    assert matter.number in client.get(led["Location"]).content.decode()
    assert not Delegation.objects.exists()
    assert "这段时间没有到期的待办" in client.get(reverse("leave"), {"last": "2020-01-01"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"from": "2020-01-01"}, "请假从今天或以后开始"),
        ({"last": "2020-01-01"}, "请假从今天或以后开始"),
        ({"from": ""}, "请选择日期"),
        ({"cover": ""}, "请选择代办人"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_chosen(client_of, colleague, typed, sentence):
    refused = client_of("a").post(reverse("leave"), {**days(), "cover": colleague.public_id} | typed)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert sentence in shown
    if "cover" not in typed:
        assert f'value="{colleague.public_id}" selected' in shown


def test_nobody_from_elsewhere_stands_in(client_of, town):
    assert send(client_of("a"), town.actors["b"].person).status_code == 422
    assert not Delegation.objects.exists()


def test_is_not_given_twice_for_the_same_days(client_of, colleague):
    client = client_of("a")
    send(client, colleague)
    refused = send(client, colleague)
    assert refused.status_code == 409
    assert "已经有人替您办理" in refused.content.decode()
    assert Delegation.objects.count() == 1


def test_ends_early_and_only_by_whose_post_it_is(client_of, town, colleague):
    send(client_of("a"), colleague)
    given = Delegation.objects.get()
    address = reverse("leave_end", args=[given.public_id])
    assert client_of("b").post(address).status_code == 404
    account = Account.objects.create(username="colleague", person=colleague)
    other = Client()
    other.force_login(account, backend="huiyin.config.demo_accounts.GuardedBackend")
    assert other.post(address).status_code == 403, "who stands in does not end it"
    assert Delegation.objects.filter(pk=given.pk).exists()
    assert client_of("a").post(address).status_code == 302
    assert not Delegation.objects.exists(), "what began today leaves no day behind"
    assert Entry.objects.filter(subject_kind="post", kind="cover_ended").count() == 1


def test_a_deputys_mandate_is_his_own(client_of):
    shown = client_of("deputy").get(reverse("leave")).content.decode()
    assert "代表的职务由本人履行" in shown


def test_says_so_where_there_is_no_colleague(client_of):
    assert "本单位没有可以代办的同事" in client_of("station").get(reverse("leave")).content.decode()


def test_asks_a_stranger_to_sign_in(client, db):
    assert client.get(reverse("leave"))["Location"].startswith(reverse("sign_in"))


def test_who_stands_in_sees_for_whom(client_of, town, colleague):
    send(client_of("a"), colleague)
    account = Account.objects.create(username="colleague", person=colleague)
    client = Client()
    client.force_login(account, backend="huiyin.config.demo_accounts.GuardedBackend")
    assert town.actors["a"].person.name in client.get(reverse("leave")).content.decode()


def test_hands_over_no_post_in_a_unit_where_the_colleague_does_not_work(client_of, town, colleague):
    office = Post.objects.get(person=town.actors["office"].person)
    away = town.actors["a"].person
    Post.objects.create(
        person=away, role=office.role, unit=office.unit, place=office.place, from_on="2020-01-01"
    )
    client = client_of("a")
    answer = send(client, colleague)
    assert {given.post.unit for given in Delegation.objects.all()} == {town.units["a"]}
    assert "另有 1 个岗位不在同一单位" in client.get(answer["Location"]).content.decode()
    assert office.role not in actor_of(colleague, time_source.today()).roles


@pytest.mark.parametrize("last", ["9999-12-31", str(date(2020, 1, 1))])
def test_lasts_no_longer_than_half_a_year(client_of, colleague, last):
    assert send(client_of("a"), colleague, last=last).status_code == 422
    assert not Delegation.objects.exists()
