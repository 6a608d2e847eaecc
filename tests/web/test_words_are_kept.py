"""Whatever is refused, the page comes back with the sentence and with every word that was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases import services
from huiyin.cases.models import Case, Clock, Completion, ProgressNote, Task
from huiyin.congress.models import Collection
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, publish, task_of

NOW = moment("2026-02-11 10:00")
WORDS = "我写了很长的说明，一个字也不能丢"


@pytest.fixture(autouse=True)
def day():
    with time_source.standing_at(NOW):
        yield


def text(answer) -> str:
    return answer.content.decode()


def hand_over(client, task, on: str, words: str):
    sent = {"key": "same", "seen_revision": task.revision, "handover.on": on, "remarks": words}
    return client.post(reverse("task", args=[task.public_id]), sent, follow=True)


def test_the_same_page_sent_again_with_other_words_is_not_called_done(client_of, town):
    task = task_of(play_until(town, "hand_over"), "hand_over")
    office = client_of("office")
    for _ in range(2):
        assert "已提交" in text(hand_over(office, task, "2026-02-10", "第一稿"))
    again = hand_over(office, task, "2026-02-10", WORDS)
    assert (again.status_code, WORDS in text(again), "已提交" in text(again)) == (409, True, False)
    assert Completion.objects.get(task=task).answers["remarks"] == "第一稿"


def test_the_key_of_one_task_does_not_hinder_the_next(town):
    case = play_until(town, "review")
    issue = {
        "decision": "issue",
        "document_number": "岚水利〔2026〕12号",
        "signed_by": "何局",
        "signed_on": "2026-02-10",
    }
    for step, answers in (("review", {"review": {"decision": "pass"}}), ("issue", {"issuing": issue})):
        task = task_of(case, step)
        services.complete_task(task=task, answers=answers, by=town.actors["a-head"], now=NOW, key="one")
    assert task_of(case, "inspect")


def objected(town) -> list[Task]:
    case = play_until(town, "sign")
    for unit in "ab":
        objection = {"reason": "不属于我单位职责范围，请改派其他单位办理。"}
        do(town, case, "sign", {"sign": "object", "objection": objection}, NOW, unit=unit, key=unit)
    return list(Task.objects.open().filter(case=case, step_id="ruling"))


def test_two_tasks_of_one_case_are_done_together(town):
    tasks = objected(town)
    answers = {"ruling": {"decision": "refused", "reason": "理由不成立，请继续办理。"}}
    office = town.actor_for(tasks[0])
    done = services.complete_together(tasks=tasks, answers=answers, by=office, now=NOW, key="one")
    assert [refusal for _task, refusal in done] == [None, None]


def test_only_what_the_list_offers_is_done_together(client_of, town):
    tasks = objected(town)
    sent = {
        "task": [task.public_id for task in tasks],
        "ruling.decision": "refused",
        "ruling.reason": "不成立",
    }
    answer = client_of("congress").post(f"{reverse('tasks_together')}?step=ruling", sent, follow=True)
    assert "逐件办理" in text(answer)
    assert Task.objects.open().filter(step_id="ruling").count() == 2


def test_a_second_window_reads_what_was_done_in_the_first(client_of, town):
    task = task_of(play_until(town, "hand_over"), "hand_over")
    office, url = client_of("office"), f"{reverse('tasks_together')}?step=hand_over"
    sent = {"task": [task.public_id], "key": "k1", "handover.on": "2026-02-10", "remarks": WORDS}
    assert office.post(url, sent).status_code == 302
    assert office.post(url, sent).status_code == 302
    second = office.post(url, sent | {"key": "k2"})
    assert (second.status_code, WORDS in text(second), task.case.number in text(second)) == (409, True, True)


def report(client, task, words: str, key: str):
    sent = {"progress.text": words, "key": key}
    return client.post(reverse("task_progress", args=[task.public_id]), sent)


def test_progress_on_a_task_that_closed_meanwhile_keeps_its_words(client_of, town):
    task = task_of(play_until(town, "work"), "work")
    Task.objects.filter(pk=task.pk).update(status="done", closed_at=NOW)
    answer = report(client_of("a"), task, WORDS, "zz")
    assert (answer.status_code, WORDS in text(answer)) == (409, True)
    assert "notice error" in text(answer)


def test_progress_sent_again_with_other_words_is_kept_and_can_be_added(client_of, town):
    task = task_of(play_until(town, "work"), "work")
    handler = client_of("a")
    notes = ProgressNote.objects.filter(case=task.case)
    before = notes.count()
    for _ in range(2):
        assert report(handler, task, "第一稿", "zz").status_code == 302
    again = report(handler, task, WORDS, "zz")
    assert (again.status_code, WORDS in text(again), notes.count()) == (409, True, before + 1)


def test_a_task_that_moved_to_a_colleague_keeps_its_words(client_of, town):
    task = task_of(play_until(town, "hand_over"), "hand_over")
    answer = hand_over(client_of("government"), task, "2026-02-10", WORDS)
    assert (answer.status_code, WORDS in text(answer)) == (403, True)


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("urge", {"words": WORDS}, 403),
        ("reassign", {"assignment": "", "unit": "", "reason": WORDS}, 409),
        ("extend", {"to": "2026-01-01", "reason": WORDS}, 422),
    ],
)
def test_a_refused_act_keeps_its_words(client_of, town, name, sent, status):
    case = play_until(town, "work")
    clock = Clock.objects.get(case=case, rule__code="suggestion.answer")
    who = client_of("a" if name == "urge" else "congress")
    url = reverse("case_act", args=[case.public_id, name])
    answer = who.post(url, sent | {"clock": clock.public_id})
    assert (answer.status_code, WORDS in text(answer)) == (status, True)
    form = text(answer).partition(f'action="{url}"')[2].partition("</form>")[0]
    assert 'class="form-problem" role="alert"' in form, "said in the form that is refused"


def test_a_refused_visit_keeps_its_words(client_of, town):
    mover = town.actors["deputy"]
    project = services.start_case(
        definition=publish(town, "livelihood"), place=town.place_for(("county",)), by=mover, asker=mover.person,
        answers={"title": "建五处口袋公园", "words": "老城区缺少休憩绿地，建议建设。", "category": "urban"}, now=NOW,
    )  # fmt: skip
    # The office sees it, and has no right to visit.
    url = reverse("case_visit", args=[project.public_id])
    answer = client_of("congress").post(url, {"visit.agrees": "yes", "visit.text": WORDS})
    assert (answer.status_code, WORDS in text(answer)) == (403, True)


def test_who_still_writes_when_a_collection_closes_keeps_the_words(town):
    publish(town, "livelihood")
    closed = Collection.objects.create(
        jurisdiction=town.jurisdiction, place=town.place_for(("county",)), kind="livelihood", title="征集",
        opens_on=date(2026, 1, 1), closes_on=date(2026, 2, 10),
    )  # fmt: skip
    sent = {"title": "建五处口袋公园", "words": WORDS, "category": "urban", "key": "k"}
    answer = Client().post(reverse("propose", args=[closed.public_id]), sent)
    assert (answer.status_code, WORDS in text(answer), "征集已经结束" in text(answer)) == (409, True, True)
    assert not Case.objects.exists()


def test_characters_that_cannot_be_seen_are_said_beside_the_field(client_of, town):
    publish(town)
    url, sent = reverse("start", args=["suggestion"]), {"words": WORDS * 3, "asks": ["完成主管网改造"]}
    answer = client_of("deputy").post(url, sent | {"title": "关于\0改造管网的建议", "key": "a\0b"})
    assert (answer.status_code, "关于改造管网的建议" in text(answer)) == (422, True)
    assert "看不见的字符" in text(answer)
    assert not Case.objects.exists()
