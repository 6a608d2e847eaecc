"""A deputy to whom a citizen turned says in one tap how the matter should go; the office finds it filled in and decides."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, RouteWish, Task
from huiyin.cases.services import wishing
from tests.web.conftest import REPORT, complete
from tests.web.playing import publish


@pytest.fixture
def addressed(definition, town) -> Case:
    answers = town.resolve(REPORT | {"deputy": "@deputy"})
    return services.start_case(definition=definition, answers=answers, place=town.place, now=timezone.now())


def inbox(client) -> str:
    return client.get(reverse("tasks")).content.decode()


def wish(client, case, route: str, **more):
    return client.post(reverse("case_act", args=[case.public_id, "route"]), {"route": route, **more})


def test_stands_in_the_deputys_inbox_with_three_ways(client_of, town, addressed):
    publish(town)
    shown = inbox(client_of("deputy"))
    assert "向我反映的" in shown
    assert "代表直接答复" in shown
    assert "交有关单位办理" in shown
    assert f"{reverse('start', args=['suggestion'])}?from={addressed.public_id}" in shown
    assert "向我反映的" not in inbox(client_of("deputy2"))
    assert "向我反映的" not in inbox(client_of("office"))


def test_one_tap_says_it_and_clears_the_inbox(client_of, addressed):
    deputy = client_of("deputy")
    assert wish(deputy, addressed, "deputy", back="tasks")["Location"] == reverse("tasks")
    assert RouteWish.objects.get().route == "deputy"
    assert "向我反映的" not in inbox(deputy)


def test_the_office_finds_it_filled_in_and_named(client_of, town, addressed):
    wish(client_of("deputy"), addressed, "deputy")
    complete(addressed, town, "screen", {"screening": "accept"})
    task = Task.objects.open().get(case=addressed, step_id="dispatch")
    page = client_of("office").get(reverse("task", args=[task.public_id])).content.decode()
    assert "代表的意见：代表直接答复" in page
    assert 'value="deputy" checked' in page


def test_can_be_changed_until_the_office_has_chosen(client_of, town, addressed):
    deputy = client_of("deputy")
    wish(deputy, addressed, "deputy")
    wish(deputy, addressed, "units")
    assert RouteWish.objects.get().route == "units"
    complete(addressed, town, "screen", {"screening": "accept"})
    complete(addressed, town, "dispatch", {"route": "station"})
    answer = wish(deputy, addressed, "deputy")
    assert answer.status_code == 409
    assert "人大已经决定由谁办理" in answer.content.decode()
    assert RouteWish.objects.get().route == "units"
    assert "这件事怎么走" not in answer.content.decode()


def test_said_twice_is_said_once(client_of, addressed):
    deputy = client_of("deputy")
    wish(deputy, addressed, "units")
    wish(deputy, addressed, "units")
    page = deputy.get(reverse("case", args=[addressed.public_id])).content.decode()
    assert page.count("的意见：转有关单位办理") == 1


def test_nobody_else_says_it(town, addressed):
    for name in ("deputy2", "office", "station", "a"):
        with pytest.raises(wishing.OnlyTheDeputy):
            services.wish_route(case=addressed, route="units", by=town.actors[name], now=timezone.now())


def test_a_way_that_is_not_offered_is_refused(town, addressed):
    with pytest.raises(wishing.RouteChosen):
        services.wish_route(case=addressed, route="station", by=town.actors["deputy"], now=timezone.now())


def test_a_report_of_wrongdoing_is_kept_from_the_deputy(client_of, town, addressed):
    Case.objects.filter(pk=addressed.pk).update(restricted=True)
    assert "向我反映的" not in inbox(client_of("deputy"))
    with pytest.raises(wishing.OnlyTheDeputy):
        services.wish_route(case=addressed, route="units", by=town.actors["deputy"], now=timezone.now())
