"""问与答: the congress office publishes what was asked and answered; nothing personal, nothing confidential."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case, Completion, Fact, Reply
from huiyin.history.selectors import entries_of
from huiyin.notices.models import Notice
from huiyin.opinion import services
from huiyin.opinion.errors import NotReviewedYet
from huiyin.opinion.models import Publication
from huiyin.web import paging

TEXT = {"title": "村口老桥路灯坏了", "words": "老桥的路灯坏了一个多月。", "answer": "已更换 LED 灯具两盏。"}


def page_of(client, matter):
    return client.get(reverse("publish", args=[matter.public_id]))


def send(client, matter, **changed):
    return client.post(reverse("publish", args=[matter.public_id]), {**TEXT, **changed})


def publish(town, matter, **changed):
    return services.publish_case(
        case=matter, by=town.actors["office"], now=timezone.now(), **{**TEXT, **changed}
    )


def seen_in(page) -> str:
    """What a page was opened on, as its form sends it back."""
    return page.content.decode().partition('name="seen" value="')[2].partition('"')[0]


def shown(**query) -> str:
    return Client().get(reverse("answers"), query).content.decode()


def test_are_published_by_the_office_and_read_by_everybody(client_of, answered):
    answer = send(client_of("office"), answered)
    row = Publication.objects.get()
    assert answer["Location"] == reverse("answer", args=[row.public_id])
    page = Client().get(answer["Location"]).content.decode()
    assert all(text in page for text in TEXT.values())
    assert "已解决" in page
    assert TEXT["title"] in shown()
    assert "matter_published" in [entry.kind for entry in entries_of("case", answered.pk)]
    assert Notice.objects.filter(person=answered.reporter, kind="published").exists()


def test_are_offered_masked_with_the_reply_filled_in(client_of, answered):
    answered.text.words = "我是周全，电话13800000000，路灯坏了。"
    answered.text.save()
    page = page_of(client_of("office"), answered).content.decode()
    form = page[page.index("<textarea") : page.index("<aside")]
    assert "我是＊＊＊，电话＊＊＊，路灯坏了。" in form
    assert "已更换灯具两盏，恢复照明。" in form
    assert "删去姓名" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": "请打13800000000"}, "文字里还有个人信息：13800000000"),
        ({"answer": "周全反映的情况属实"}, "文字里还有个人信息：周全"),
        ({"title": ""}, "请填写标题和反映的问题"),
    ],
)
def test_are_refused_beside_the_field_with_the_words_kept(client_of, answered, changed, sentence):
    answer = send(client_of("office"), answered, **changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'id="p-{next(iter(changed))}"' in page
    assert next(iter(changed.values())) in page
    assert not Publication.objects.exists()


def test_begin_with_the_question_and_get_the_answer_later(client_of, matter, do, town):
    do("screen", {"screening": "accept"})
    refused = send(client_of("office"), matter)
    assert refused.status_code == 409
    assert "这件事还没有答复" in refused.content.decode()
    row = publish(town, matter, answer="")
    assert (
        "正在办理，答复后会在这里公开。"
        in Client().get(reverse("answer", args=[row.public_id])).content.decode()
    )
    do("dispatch", {"route": "station"})
    do("station_answer", {"reply": {"result": "done", "text": "路灯已修好，恢复照明。"}})
    assert publish(town, matter, seen=row.version).pk == row.pk
    assert TEXT["answer"] in Client().get(reverse("answer", args=[row.public_id])).content.decode()
    assert "publication_revised" in [entry.kind for entry in entries_of("case", matter.pk)]


def test_offer_the_newer_reply_in_place_of_what_was_published_of_the_former(client_of, answered, town):
    publish(town, answered)
    assert TEXT["answer"] in page_of(client_of("office"), answered).content.decode()
    former = Reply.objects.get(case=answered)
    assert "正在重新办理" not in shown()
    Case.objects.filter(pk=answered.pk).update(round=2, closed_at=None, ended_at=None, outcome="")
    assert "正在重新办理" in shown()
    Reply.objects.create(
        case=answered, by=former.by, unit=former.unit, round=2, result="planned",
        text="列入明年的改造计划。", at=timezone.now(),
    )  # fmt: skip
    assert "正在重新办理" not in shown()
    page = page_of(client_of("office"), answered).content.decode()
    assert "列入明年的改造计划。" in page
    assert TEXT["answer"] not in page


def test_are_not_written_over_from_a_window_that_was_opened_before(client_of, answered):
    office, first = client_of("office"), {"title": "先改的标题"}
    send(office, answered)
    older = seen_in(page_of(office, answered))
    assert send(office, answered, seen=older, **first).status_code == 302
    wrong = send(office, answered, seen=older, title="")
    assert seen_in(wrong) == older, "a field that is wrong makes no old page new"
    late = send(office, answered, seen=older, title="后来的标题")
    assert late.status_code == 409
    assert "您打开本页后，公开的内容已被修改或撤下" in late.content.decode()
    assert 'value="后来的标题"' in late.content.decode()
    assert Publication.objects.get().title == "先改的标题"
    assert send(office, answered, seen=seen_in(late), title="后来的标题").status_code == 302
    assert Publication.objects.get().title == "后来的标题"


def test_are_not_put_back_from_a_window_that_saw_them_stand(client_of, answered):
    office = client_of("office")
    send(office, answered)
    older = seen_in(page_of(office, answered))
    office.post(reverse("publish_withdraw", args=[answered.public_id]), {"reason": "当事人要求"})
    assert send(office, answered, seen=older).status_code == 409
    assert not Publication.objects.standing().exists()


def test_are_published_once_when_the_page_is_sent_twice(client_of, answered):
    office = client_of("office")
    assert send(office, answered, seen="").status_code == 302
    assert send(office, answered, seen="").status_code == 302
    kinds = [entry.kind for entry in entries_of("case", answered.pk)]
    assert (kinds.count("matter_published"), kinds.count("publication_revised")) == (1, 0)


@pytest.mark.parametrize("how", ["restricted", "closed", "unscreened"])
def test_are_never_made_of_what_is_not_for_everybody(client_of, matter, do, how):
    if how != "unscreened":
        do("screen", {"screening": "accept"})
    if how == "restricted":
        Case.objects.filter(pk=matter.pk).update(restricted=True)
    if how == "closed":
        Fact.objects.create(case=matter, name="publicity", text="closed")
    page = page_of(client_of("office"), matter).content.decode()
    assert ("不能列入问与答" in page) == (how != "unscreened")
    assert "<textarea" not in page
    assert send(client_of("office"), matter, answer="").status_code == 409
    assert not Publication.objects.exists()


def test_are_hidden_at_once_when_the_matter_becomes_confidential(answered, town):
    row = publish(town, answered)
    Case.objects.filter(pk=answered.pk).update(restricted=True)
    assert TEXT["title"] not in shown()
    assert Client().get(reverse("answer", args=[row.public_id])).status_code == 404


def test_are_withdrawn_with_a_reason_and_may_be_published_anew(client_of, answered, town):
    row, office = publish(town, answered), client_of("office")
    url = reverse("publish_withdraw", args=[answered.public_id])
    assert office.post(url, {"reason": " "}).status_code == 422
    assert office.post(url, {"reason": "当事人要求"}).status_code == 302
    assert Client().get(reverse("answer", args=[row.public_id])).status_code == 404
    assert "还没有公开的问与答" in shown()
    assert office.post(url, {"reason": "再来一次"}).status_code == 404
    assert publish(town, answered).pk != row.pk


def test_are_published_by_no_other_post(client_of, answered):
    for name in ("station", "a", "deputy"):
        assert page_of(client_of(name), answered).status_code == 403
        assert send(client_of(name), answered).status_code == 403
    assert (
        reverse("publish", args=[answered.public_id])
        in client_of("office").get(reverse("case", args=[answered.public_id])).content.decode()
    )


def test_are_found_by_words_and_by_place(answered, town):
    publish(town, answered)
    here, elsewhere = town.place.parent, town.place.parent.parent
    assert TEXT["title"] in shown(q="路灯")
    assert TEXT["title"] in shown(q="led")
    assert TEXT["title"] in shown(place=here.public_id)
    assert TEXT["title"] in shown(place=elsewhere.public_id)
    page = shown(q="没有这个词")
    assert "没有找到" in page
    assert reverse("choose_place") in page


def test_come_fifteen_a_page_and_what_is_older_is_looked_for(answered, town, monkeypatch):
    row = publish(town, answered)
    for number in range(15):
        Case.objects.filter(pk=answered.pk).update(number=f"民2026-9{number}")
        copy = Case.objects.get(pk=answered.pk)
        copy.pk, copy.public_id, copy.number, copy.source_key = (
            None,
            f"copy{number:012}",
            f"民2027-{number}",
            None,
        )
        copy.save()
        Publication.objects.create(
            case=copy,
            title=f"第{number}件",
            words="问",
            published_by=row.published_by,
            published_at=row.published_at,
        )
    assert "第 1 / 2 页" in shown()
    assert shown(page="2").count("<article") == 1
    assert "更早的请按文字或地点查找" not in shown()
    monkeypatch.setattr(paging, "MOST_PAGES", 1)
    assert shown().count("<article") == 15
    assert "这里列出最近的 15 件；更早的请按文字或地点查找。" in shown()


@pytest.mark.parametrize("outcome", ["withdrawn", "declined", "merged", "converted"])
def test_go_with_a_matter_that_was_not_taken_up_and_can_be_taken_down(client_of, town, answered, outcome):
    publish(town, answered)
    Case.objects.filter(pk=answered.pk).update(outcome=outcome, closed_at=timezone.now())
    assert TEXT["title"] not in shown()
    page = page_of(client_of("office"), answered).content.decode()
    assert reverse("publish_withdraw", args=[answered.public_id]) in page


def test_are_not_made_of_what_nobody_but_its_asker_has_worked_on(town, matter, do):
    do("screen", {"screening": "accept"})
    Completion.objects.filter(case=matter).update(by=matter.reporter)
    with pytest.raises(NotReviewedYet):
        publish(town, matter, answer="")
