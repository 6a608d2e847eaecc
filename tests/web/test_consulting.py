"""加签 and 传阅 on the pages: asked from the task, answered from the list, shown to those inside alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.cases.models import Consultation, Task
from tests.cases.test_consulting import colleague

WORDS = "请核实桥面荷载，一个字也不能丢"


@pytest.fixture
def work(matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    do("sign", {"sign": "accept"})
    return Task.objects.open().get(case=matter, step_id="work")


def text(answer) -> str:
    return answer.content.decode()


def ask(client, work, kind: str, *to, words: str = WORDS):
    sent = {"kind": kind, "to": [person.public_id for person in to], "words": words}
    return client.post(reverse("task_ask", args=[work.public_id]), sent, follow=True)


def test_an_opinion_is_asked_given_and_shown(client_of, town, work):
    handler, head = client_of("a"), client_of("a-head")
    assert "请人加签" in text(handler.get(reverse("task", args=[work.public_id])))
    asked = ask(handler, work, "sign", town.actors["a-head"].person)
    assert (asked.status_code, "等待意见" in text(asked), WORDS in text(asked)) == (200, True, True)
    row = Consultation.objects.get()
    mine = head.get(reverse("tasks"))
    assert "请我加签、传阅" in text(mine)
    assert '<span class="count">2</span>' in text(mine)  # the unit's task, and the request
    page = reverse("consultation", args=[row.public_id])
    assert page in text(mine)
    assert WORDS in text(head.get(page))
    refused = head.post(page, {"agrees": "no", "words": ""})
    assert (refused.status_code, "请说明理由" in text(refused)) == (422, True)
    assert 'value="no" checked' in text(refused)
    done = head.post(page, {"agrees": "no", "words": "荷载不足"}, follow=True)
    assert "请我加签、传阅" not in text(done)
    for client in (handler, client_of("office")):
        assert "荷载不足" in text(client.get(reverse("case", args=[work.case.public_id])))
    assert "荷载不足" in text(handler.get(reverse("task", args=[work.public_id])))


def test_a_task_that_waits_for_an_opinion_keeps_every_word(client_of, town, work):
    handler = client_of("a")
    ask(handler, work, "sign", colleague(town, "沈科", town.units["a"]).person)
    waits = text(handler.get(reverse("task", args=[work.public_id])))
    assert "还在等沈科的加签意见" in waits
    assert 'class="btn btn-primary"' not in waits, "what cannot be sent yet has no button"
    assert 'value="save"' in waits
    sent = {"key": "k", "seen_revision": work.revision, "progress.text": "写了很长的进展"}
    refused = handler.post(reverse("task", args=[work.public_id]), sent)
    assert refused.status_code == 409
    assert "还在等沈科加签" in text(refused)
    assert "写了很长的进展" in text(refused)


def test_what_is_refused_keeps_the_choice_and_the_words(client_of, town, work):
    handler, to = client_of("a"), town.actors["a-head"].person
    again = [ask(handler, work, "sign", to) for _ in range(2)][1]
    assert (again.status_code, WORDS in text(again)) == (409, True)
    assert f'<option value="{to.public_id}" selected>' in text(again)
    nobody = ask(handler, work, "read")
    assert (nobody.status_code, "请选择要请谁看。" in text(nobody), WORDS in text(nobody)) == (
        422,
        True,
        True,
    )


def test_reading_is_marked_with_one_button(client_of, town, work):
    handler, head = client_of("a"), client_of("a-head")
    ask(handler, work, "read", town.actors["a-head"].person, colleague(town, "沈科", town.units["a"]).person)
    row = Consultation.objects.get(to=town.actors["a-head"].person)
    assert "已提交" in text(head.post(reverse("consultation", args=[row.public_id]), {}, follow=True))
    shown = text(handler.get(reverse("case", args=[work.case.public_id])))
    assert "已阅" in shown
    assert "未阅" in shown


def test_a_request_is_taken_back_from_the_task(client_of, town, work):
    handler = client_of("a")
    ask(handler, work, "sign", town.actors["a-head"].person)
    row = Consultation.objects.get()
    done = handler.post(reverse("consultation_withdraw", args=[row.public_id]), follow=True)
    assert "已撤回。" in text(done)
    assert 'class="btn btn-primary"' in text(handler.get(reverse("task", args=[work.public_id])))
    again = handler.post(reverse("consultation_withdraw", args=[row.public_id]), follow=True)
    assert "已经答复、撤回" in text(again)


def test_the_deputy_who_follows_sees_nothing_of_it(client_of, town, work):
    ask(client_of("a"), work, "sign", town.actors["a-head"].person)
    row, deputy = Consultation.objects.get(), client_of("deputy")
    page = text(deputy.get(reverse("case", args=[work.case.public_id])))
    assert WORDS not in page
    assert "加签" not in page
    assert deputy.get(reverse("consultation", args=[row.public_id])).status_code == 404
    assert deputy.post(reverse("consultation_withdraw", args=[row.public_id])).status_code == 404
    # Who handles it sees it, and does not answer for another.
    assert client_of("a").get(reverse("consultation", args=[row.public_id])).status_code == 404
