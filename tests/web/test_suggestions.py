"""A suggestion on its pages: moved, signed, signed off, handed over together, answered by a letter, visited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case, Task, Visit
from huiyin.cases.texts import text_hash
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, publish, task_of

WORDS = "石棠镇老城区供水管网建成三十余年，爆管频发，居民用水得不到保障。"
MOVED = {"title": "关于改造供水管网的建议", "words": WORDS, "asks": ["完成主管网改造", "公布停水安排"]}
ASKS = ("年内完成老城区主管网改造", "公布改造计划和停水安排")


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-11 10:00")):
        yield


def text(answer) -> str:
    return answer.content.decode()


def test_a_deputy_moves_a_suggestion_and_lands_on_its_submission(client_of, town):
    publish(town)
    deputy = client_of("deputy")
    assert "提出建议" in text(deputy.get(reverse("tasks")))
    friend = town.actors["deputy2"].person
    answer = deputy.post(
        reverse("start", args=["suggestion"]), {**MOVED, "key": "one", "invitations": [friend.public_id]}
    )
    case = Case.objects.get()
    assert answer["Location"] == reverse("task", args=[task_of(case, "submit").public_id])
    assert (case.reporter, case.place.level) == (town.actors["deputy"].person, "town")
    page = text(deputy.get(answer["Location"], follow=True))
    assert "已保存为草稿" in page
    assert "附议人数已够" not in page.replace("已有 0 名代表附议，人数已够", "")
    again = deputy.post(
        reverse("start", args=["suggestion"]), {**MOVED, "key": "one", "invitations": [friend.public_id]}
    )
    assert (again.status_code, Case.objects.count()) == (302, 1)


def test_a_wrong_page_keeps_every_word(client_of, town):
    publish(town)
    answer = client_of("deputy").post(
        reverse("start", args=["suggestion"]), {**MOVED, "title": "短", "key": "one"}
    )
    assert answer.status_code == 422
    assert WORDS in text(answer)
    assert "公布停水安排" in text(answer)
    assert not Case.objects.exists()


def test_nobody_else_starts_one(client_of, town):
    publish(town)
    url = reverse("start", args=["suggestion"])
    assert client_of("a").get(url).status_code == 404
    assert "提出建议" not in text(client_of("a").get(reverse("tasks")))
    assert Client().get(url)["Location"].startswith("/sign-in/")


def test_an_invited_deputy_signs_what_was_shown(client_of, town):
    case = play_until(town, "submit")
    friend, url = client_of("deputy2"), reverse("case", args=[case.public_id])
    Signature.objects.filter(case=case).update(signed_at=None, text_hash="")
    assert "不附议" in text(friend.get(url))
    sign = reverse("case_signing", args=[case.public_id, "sign"])
    assert "文本" in text(friend.post(sign, {"text": "old"}, follow=True))
    assert not Signature.objects.get(case=case).signed_at
    friend.post(sign, {"text": text_hash(case)})
    assert Signature.objects.get(case=case).status == "signed"
    case.text.words = "另一段文字" * 10
    case.text.save()
    assert "已失效" in text(friend.get(url))
    assert client_of("deputy3").get(url).status_code == 404


def test_a_mover_withdraws_only_with_those_who_signed(client_of, town):
    case = play_until(town, "submit")
    withdraw = reverse("case_signing", args=[case.public_id, "withdraw"])
    client_of("deputy").post(withdraw, {"reason": "情况已解决"})
    case.refresh_from_db()
    assert case.closed_at is None
    agreed = reverse("case_signing", args=[case.public_id, "agree"])
    client_of("deputy2").post(agreed)
    client_of("deputy").post(withdraw, {"reason": "情况已解决"})
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_usual_reasons_are_offered_on_the_page_of_the_task_too(client_of, town):
    case = play_until(town, "screen")
    task, office = task_of(case, "screen"), client_of("office")
    page = text(office.get(reverse("task", args=[task.public_id])))
    phrase = "没有实际内容，不作为代表建议办理。"
    assert f"{phrase}（依据{case.profile.name}）" in page
    said = {
        "screening": "decline",
        "reason.phrase": f"{phrase}（依据{case.profile.name}）",
        "key": "one",
    }
    office.post(reverse("task", args=[task.public_id]), said)
    case.refresh_from_db()
    assert case.outcome == "declined"
    assert case.completions.latest("at").answers["reason"] == said["reason.phrase"]


def test_the_mover_rates_with_the_reply_in_sight(client_of, town):
    case = play_until(town, "rate")
    page = text(client_of("deputy").get(reverse("task", args=[task_of(case, "rate").public_id])))
    for words in (*ASKS, "岚水利〔2026〕12号", "A 已解决"):
        assert words in page


def two_to_hand_over(town) -> list[Task]:
    first = play_until(town, "hand_over")
    second = play_until(town, "hand_over", definition=first.definition)
    return [task_of(first, "hand_over"), task_of(second, "hand_over")]


def hand_over(client, tasks, **more):
    answers = {"key": "batch", "handover.on": "2026-02-10", "remarks": "请抓紧办理", **more}
    return client.post(
        f"{reverse('tasks_together')}?step=hand_over",
        {"task": [task.public_id for task in tasks], **answers},
        follow=True,
    )


def test_an_office_hands_over_a_batch(client_of, town):
    tasks, office = two_to_hand_over(town), client_of("office")
    page = text(office.get(reverse("tasks"), {"step": "hand_over"}))
    assert "全选本页" in page
    assert page.count('name="task"') == 2
    assert 'form="together"' not in text(office.get(reverse("tasks")))
    assert "已办理 2 件" in text(hand_over(office, tasks))
    assert not Task.objects.open().filter(step_id="hand_over").exists()


def test_a_batch_keeps_the_words_and_names_each_refusal(client_of, town):
    tasks, office = two_to_hand_over(town), client_of("office")
    wrong = hand_over(office, tasks, **{"handover.on": ""})
    assert wrong.status_code == 422
    assert "请抓紧办理" in text(wrong)
    assert text(wrong).count(" checked") >= 2
    assert "请先勾选" in text(hand_over(office, []))
    late = hand_over(
        office, tasks, **{"handover.on": (timezone.localdate() + timedelta(days=900)).isoformat()}
    )
    for task in tasks:
        assert f"{task.case.number}：" in text(late)


def test_diagrams_that_are_called_are_shown_with_where_the_case_stands(client_of, town):
    case = play_until(town, "check")
    office = client_of("congress")
    page = text(office.get(reverse("case", args=[case.public_id])))
    url = reverse("called_diagram", args=[case.definition.public_id, "reply_chain"])
    assert url in page
    assert "&quot;reply&quot;" in page
    assert "办公室核稿" in text(office.get(url))
    assert (
        office.get(reverse("called_diagram", args=[case.definition.public_id, "nothing"])).status_code == 404
    )


def test_who_sees_a_project_writes_down_a_visit(client_of, town):
    from huiyin.cases import services

    project = services.start_case(
        definition=publish(town, "livelihood"), place=town.place, now=time_source.now(),
        answers={"title": "建口袋公园", "words": "老城区缺少休憩绿地，建议建设。", "category": "urban"},
    )  # fmt: skip
    url = reverse("case_visit", args=[project.public_id])
    watch = client_of("watch")
    assert "登记视察" in text(watch.get(reverse("case", args=[project.public_id])))
    wrong = watch.post(url, {"visit.text": "现场已围挡施工，进度正常"})
    assert wrong.status_code == 422
    assert "现场已围挡施工" in text(wrong)
    for _twice in range(2):
        watch.post(url, {"visit.text": "现场已围挡施工，进度正常", "visit.agrees": "yes"})
    assert Visit.objects.get().agrees
    assert "登记视察" not in text(client_of("office").get(reverse("case", args=[project.public_id])))
    client_of("office").post(url, {"visit.text": "现场已围挡施工，进度很正常", "visit.agrees": "yes"})
    assert Visit.objects.count() == 1
    assert client_of("deputy").post(url, {}).status_code == 404


def test_equal_numbers_in_two_counties_are_told_apart_by_the_code(client_of, matter, town, profile):
    from huiyin.lifecycle import sandbox
    from huiyin.web import codes

    other = sandbox.build(profile)
    twin = Case.objects.get(pk=matter.pk)
    text_row = matter.text
    twin.pk, twin.public_id, twin.jurisdiction, twin.source_key = None, "twin", other.jurisdiction, None
    twin.save()
    text_row.pk, text_row.case = None, twin
    text_row.save()
    for case in (matter, twin):
        answer = Client().post(reverse("look_up"), {"number": matter.number, "code": codes.code_of(case)})
        assert answer["Location"] == reverse("follow", args=[case.public_id])


def test_the_list_of_cases_shows_one_kind_alone_and_keeps_it_on_the_way(client_of, town, matter):
    case = play_until(town, "screen")
    office = client_of("office")
    both = text(office.get(reverse("cases")))
    assert (matter.number in both, case.title in both) == (True, True)
    page = text(office.get(reverse("cases"), {"kind": "suggestion", "show": "open"}))
    assert (matter.number in page, case.title in page) == (False, True)
    assert "?kind=suggestion&amp;show=closed" in page
    assert 'name="kind" value="suggestion"' in page


def test_a_friend_who_never_signed_is_not_waited_for_after_the_acceptance(client_of, town):
    case = play_until(town, "propose")
    friend = town.actors["deputy2"].person
    Signature.objects.filter(case=case, deputy=friend).delete()
    Signature.objects.create(case=case, deputy=friend, invited_at=case.received_at)
    page = text(client_of("office").get(reverse("case", args=[case.public_id])))
    assert ("未附议" in page, "待签名" in page) == (True, False)


def test_a_unit_gives_its_work_to_somebody_and_keeps_what_was_chosen_when_it_is_refused(client_of, town):
    case = play_until(town, "sign")
    task = Task.objects.open().get(case=case, step_id="sign", unit=town.units["a"])
    head, to = client_of("a-head"), town.actors["a"].person
    page = text(head.get(reverse("task", args=[task.public_id])))
    assert f'<optgroup label="a局"><option value="{to.public_id}"' in page
    url = reverse("task_give", args=[task.public_id])
    late = head.post(url, {"to": to.public_id, "due_on": "2099-01-01"})
    assert late.status_code == 422
    assert "内部期限须在今天与任务期限之间" in text(late)
    assert f'value="{to.public_id}" selected' in text(late)
    assert "请选择承办人" in text(head.post(url, {"to": "", "due_on": "x"}))
    done = head.post(url, {"to": to.public_id, "due_on": task.due_on.isoformat()}, follow=True)
    assert f"已分派给{to.name}" in text(done)
    assert "内部期限" in text(client_of("a").get(reverse("tasks")))
    assert client_of("b").post(url, {"to": to.public_id}).status_code in (403, 404)


def test_what_is_not_to_be_published_is_marked_and_hidden_from_the_station(client_of, town):
    case = play_until(town, "screen")
    url = reverse("case", args=[case.public_id])
    assert client_of("station").get(url).status_code == 200
    accepted = {"screening": "accept", "register": {"category": "water"}, "publicity": "closed"}
    do(town, case, "screen", accepted, moment("2026-02-11 09:00"))
    assert client_of("station").get(url).status_code == 404
    assert "不宜公开" in text(client_of("office").get(url))


def test_a_withdrawal_without_a_reason_is_said_in_its_form(client_of, town):
    case = play_until(town, "submit")
    withdraw = reverse("case_signing", args=[case.public_id, "withdraw"])
    refused = client_of("deputy").post(withdraw, {"reason": " "})
    assert refused.status_code == 422
    form = text(refused).partition(f'action="{withdraw}"')[2].partition("</form>")[0]
    assert 'role="alert">请填写理由' in form
    assert text(refused).count("请填写理由") == 1


def test_what_is_published_of_a_suggestion_says_its_asks_and_the_answer_to_each(client_of, town):
    case = play_until(town, "rate")
    office = client_of("congress")
    page = text(office.get(reverse("publish", args=[case.public_id])))
    words, answer = (
        page.partition(f'name="{name}"')[2].partition("</textarea>")[0] for name in ("words", "answer")
    )
    for number, ask in enumerate(ASKS, 1):
        assert f"{number}. {ask}" in words
        assert f"{number}. 已列入" in answer or f"{number}. " in answer
