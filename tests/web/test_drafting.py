"""A deputy drafts a suggestion from what citizens reported; the links are kept, and they are told when it has its number."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import recording
from huiyin.cases import services as cases
from huiyin.cases.models import Case, Fact, Reply
from huiyin.cases.recording import Act
from huiyin.congress import errors, services
from huiyin.congress.models import Source
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from tests.web.conftest import REPORT
from tests.web.playing import do, play_until, publish

LAMPS = ("村口老桥的路灯坏了一个多月，联系我 13812345678。", "老桥南头的路灯也不亮，老人摔过跤。")


@pytest.fixture
def suggestion(town):
    return publish(town)


@pytest.fixture
def matters(definition, town) -> list[Case]:
    """Two matters that citizens addressed to the deputy."""
    return [
        cases.start_case(
            definition=definition,
            answers=town.resolve(REPORT | {"words": words, "deputy": "@deputy"}),
            place=town.place,
            now=timezone.now(),
        )
        for words in LAMPS
    ]


def address(matters, kind="suggestion") -> str:
    chosen = "&".join(f"from={one.public_id}" for one in matters)
    return f"{reverse('start', args=[kind])}?{chosen}"


def send(client, matters, **more):
    said = {
        "title": "关于更换老桥路灯的建议",
        "words": "群众反映老桥一带的路灯损坏已久，夜间行路不安全。",
        "asks": ["更换村口老桥的路灯", "检修老桥南头的路灯"],
        "key": "once",
        "from": [one.public_id for one in matters],
    }
    return client.post(reverse("start", args=["suggestion"]), said | more)


def register(case, town) -> None:
    """The mover submits, the office accepts, and what is due then is done."""
    answers = {
        act["do"]: act["answers"] for act in bundles.read("suggestion").scenarios[0]["steps"] if "do" in act
    }
    for step in ("submit", "screen"):
        do(town, case, step, answers[step], timezone.now())
    work_off()


def work_off() -> None:
    while jobs.run_due(now=timezone.now(), limit=100):
        pass


def follow_of(case) -> str:
    """What the one who asked reads."""
    client = Client()
    session = client.session
    session["followed"] = [case.public_id]
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client.get(reverse("follow", args=[case.public_id])).content.decode()


def test_begins_with_their_words_and_an_ask_for_each_without_telephones(client_of, matters, suggestion):
    page = client_of("deputy").get(address(matters)).content.decode()
    assert page.count('name="from"') == 2
    assert "老桥南头的路灯也不亮，老人摔过跤。" in page
    assert matters[0].number in page
    typed = "".join(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL))
    assert LAMPS[1] in typed
    assert "13812345678" not in typed
    assert page.count('name="asks"') >= 2


def test_keeps_from_which_it_was_drafted_and_says_so_on_both_pages(client_of, matters, suggestion):
    deputy = client_of("deputy")
    assert send(deputy, matters).status_code == 302
    case = Case.objects.get(kind="suggestion")
    assert set(Source.objects.filter(suggestion=case).values_list("matter", flat=True)) == {
        one.pk for one in matters
    }
    shown = deputy.get(reverse("case", args=[case.public_id])).content.decode()
    assert all(reverse("case", args=[one.public_id]) in shown for one in matters)
    back = deputy.get(reverse("case", args=[matters[0].public_id])).content.decode()
    assert reverse("case", args=[case.public_id]) in back
    assert "据此起草" in back


def test_a_draft_is_the_deputys_own_before_it_is_handed_in(client_of, matters, suggestion):
    send(client_of("deputy"), matters)
    case = Case.objects.get(kind="suggestion")
    page = client_of("office").get(reverse("case", args=[matters[0].public_id])).content.decode()
    assert reverse("case", args=[case.public_id]) not in page
    assert case.title not in page
    assert not Entry.objects.filter(kind="raised_in_suggestion").exists()


def test_sent_twice_it_is_one_draft(client_of, matters, suggestion):
    deputy = client_of("deputy")
    send(deputy, matters)
    send(deputy, matters)
    assert Case.objects.filter(kind="suggestion").count() == 1
    assert Source.objects.count() == 2


def test_a_wrong_answer_keeps_words_and_sources(client_of, matters, suggestion):
    answer = send(client_of("deputy"), matters, title="短")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('name="from"') == 2
    assert "更换村口老桥的路灯" in page


def test_what_the_deputy_does_not_see_is_no_source(client_of, matters, suggestion, town):
    stranger = town.actors["deputy2"]
    page = client_of("deputy2").get(address(matters)).content.decode()
    assert 'name="from"' not in page
    assert LAMPS[1] not in page
    with pytest.raises(errors.NotASource):
        services.draft_suggestion(
            definition=suggestion,
            matters=matters,
            answers={},
            place=town.place,
            by=stranger,
            now=timezone.now(),
        )


def test_a_report_of_wrongdoing_is_no_source(client_of, matters, suggestion, town):
    Case.objects.filter(pk=matters[0].pk).update(restricted=True)
    page = client_of("deputy").get(address(matters)).content.decode()
    assert page.count('name="from"') == 1


def test_more_than_twenty_are_refused(matters, suggestion, town):
    with pytest.raises(errors.TooManySources):
        services.draft_suggestion(
            definition=suggestion,
            matters=matters * 11,
            answers={},
            place=town.place,
            by=town.actors["deputy"],
            now=timezone.now(),
        )


def test_several_are_chosen_from_the_list_of_cases(client_of, matters, suggestion):
    page = client_of("deputy").get(reverse("cases")).content.decode()
    assert page.count('form="draft" name="from"') == 2
    assert 'form="draft" name="from"' not in client_of("office").get(reverse("cases")).content.decode()


def test_those_who_asked_are_told_once_it_has_its_number(client_of, matters, suggestion, town):
    send(client_of("deputy"), matters)
    case = Case.objects.get(kind="suggestion")
    register(case, town)
    case.refresh_from_db()
    told = Notice.objects.filter(kind="raised_in_suggestion")
    assert {one.person_id for one in told} == {one.reporter_id for one in matters}
    for one in matters:
        said = follow_of(one)
        assert f"代表据此提出了建议：{case.number}" in said
    services.tell_source(source=Source.objects.first(), now=timezone.now())
    assert told.all().count() == 2
    assert not Job.objects.filter(kind="congress.tell_source", status="waiting").exists()


def answered(case: Case, by, result: str = "planned") -> None:
    """A reply to the suggestion, as its recorder gives it."""
    act = Act(case, by, timezone.now())
    reply = Reply.objects.create(
        case=case,
        round=case.round,
        by=act.person,
        at=act.now,
        result=result,
        text="列入明年计划。",
        unit=None,
    )
    for tell in recording.after_reply:
        tell(act, reply)


def test_those_who_asked_are_told_when_it_is_answered_each_round_once(client_of, matters, suggestion, town):
    send(client_of("deputy"), matters)
    case = Case.objects.get(kind="suggestion")
    register(case, town)
    case.refresh_from_db()
    office = town.actors["office"]
    answered(case, office)
    work_off()
    told = Notice.objects.filter(kind="suggestion_answered")
    assert {one.person_id for one in told} == {one.reporter_id for one in matters}
    assert f"据此提出的代表建议 {case.number} 已答复" in follow_of(matters[0])
    services.tell_answer(source=Source.objects.first(), now=timezone.now())
    assert told.all().count() == 2
    case.round = 2
    answered(case, office)
    work_off()
    assert told.all().count() == 4
    assert f"据此提出的代表建议 {case.number} 第 2 次已答复" in follow_of(matters[0])


def test_of_what_is_not_to_be_published_only_that_it_was_answered_is_told(
    client_of, matters, suggestion, town
):
    send(client_of("deputy"), matters)
    case = Case.objects.get(kind="suggestion")
    register(case, town)
    case.refresh_from_db()
    Fact.objects.update_or_create(case=case, name="publicity", defaults={"text": "closed"})
    answered(case, town.actors["office"])
    work_off()
    told = Notice.objects.filter(kind="suggestion_answered").first()
    assert set(told.facts) == {"number", "into", "round"}


def test_the_delivery_of_a_reply_is_what_tells_them(town, matters, suggestion):
    case = play_until(town, "deliver", definition=suggestion)
    Source.objects.create(suggestion=case, matter=matters[0])
    (said,) = [
        act["answers"]
        for act in bundles.read("suggestion").scenarios[0]["steps"]
        if act.get("do") == "deliver"
    ]
    do(town, case, "deliver", said, moment("2026-04-20 09:00"))
    work_off()
    told = Notice.objects.get(kind="suggestion_answered")
    reply = Reply.objects.get(case=case)
    assert (told.facts["unit"], told.facts["result"]) == (reply.unit.name, reply.result)
