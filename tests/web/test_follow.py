"""Following with the receipt's code: it opens one matter, shows on GET and acts on POST only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases import present
from huiyin.cases.models import Contact, Rating, Task
from huiyin.core import time_source
from huiyin.directory.actors import PUBLIC
from huiyin.web import codes


@pytest.fixture
def asker(matter):
    client = Client()
    client.get(reverse("follow", args=[matter.public_id]), {"code": codes.code_of(matter)})
    return client


def page_of(client, matter):
    return client.get(reverse("follow", args=[matter.public_id]))


def rate(client, matter, result, key="r1"):
    task = Task.objects.get(case=matter, step_id="citizen_rate")
    return client.post(
        reverse("follow_answer", args=[matter.public_id, task.public_id]),
        {"key": key, "rating.result": result},
    )


def test_opens_with_number_and_code(matter):
    client = Client()
    answer = client.post(reverse("look_up"), {"number": matter.number, "code": codes.code_of(matter).upper()})
    assert answer.status_code == 302
    assert matter.number in page_of(client, matter).content.decode()


def test_stays_closed_with_a_wrong_code(matter):
    client = Client()
    answer = client.post(reverse("look_up"), {"number": matter.number, "code": "aaaaaaaa"})
    assert answer.status_code == 422
    assert matter.text.words not in page_of(client, matter).content.decode()


def test_takes_the_code_out_of_the_address(matter):
    answer = Client().get(reverse("follow", args=[matter.public_id]), {"code": codes.code_of(matter)})
    assert answer.status_code == 302
    assert "code" not in answer["Location"]


def test_shows_the_reply_and_asks_for_a_rating(asker, answered):
    page = page_of(asker, answered).content.decode()
    assert "已更换灯具两盏，恢复照明。" in page
    assert "请您评价" in page


def test_takes_a_rating_once(asker, answered):
    assert rate(asker, answered, "satisfied").status_code == 302
    assert rate(asker, answered, "dissatisfied", key="r2").status_code == 409
    assert list(Rating.objects.values_list("result", flat=True)) == ["satisfied"]


def test_words_sent_from_a_second_window_are_shown_and_can_be_added(asker, answered):
    task = Task.objects.get(case=answered, form="rate", person=answered.reporter)
    address = reverse("follow_answer", args=[answered.public_id, task.public_id])
    asker.post(address, {"rating.result": "satisfied", "key": "one"})
    late = asker.post(
        address, {"rating.result": "dissatisfied", "rating.words": "路口还是黑的", "key": "two"}
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "您刚才已经提交过了" in page
    assert "路口还是黑的" in page


def test_names_what_is_missing_in_a_rating(asker, answered):
    answer = rate(asker, answered, "")
    assert answer.status_code == 422
    assert "请选择“您对这次办理”" in answer.content.decode()


def test_refuses_a_rating_without_the_code(answered):
    assert rate(Client(), answered, "satisfied").status_code == 404
    assert not Rating.objects.exists()


def test_withdraws_with_a_reason_before_the_reply(asker, matter):
    url = reverse("follow_withdraw", args=[matter.public_id])
    refused = asker.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert 'id="p-reason">请填写理由' in refused.content.decode()
    assert asker.post(url, {"reason": "路灯亮了"}).status_code == 302
    matter.refresh_from_db()
    assert matter.outcome == "withdrawn"


def test_no_longer_withdraws_after_the_reply(asker, answered):
    answer = asker.post(reverse("follow_withdraw", args=[answered.public_id]), {"reason": "不用了"})
    assert answer.status_code == 422
    assert "不能再撤回" in answer.content.decode()


def test_lets_the_asker_deny_a_contact(asker, answered):
    contact = Contact.objects.get(case=answered)
    url = reverse("follow_contact", args=[answered.public_id, contact.public_id])
    assert asker.get(url)["Location"] == reverse("follow", args=[answered.public_id])
    assert Contact.objects.get().confirmed is None, "a link answers nothing"
    asker.post(url, {"happened": "no"})
    contact.refresh_from_db()
    assert contact.confirmed is False
    assert "点错了，改为属实" in asker.get(reverse("follow", args=[answered.public_id])).content.decode()
    asker.post(url, {"happened": "yes"})
    contact.refresh_from_db()
    assert contact.confirmed is True


def test_asks_once_whether_a_contact_took_place(asker, answered):
    page = page_of(asker, answered).content.decode()
    assert page.count("没有联系过我") == 1
    assert reverse("case_act", args=[answered.public_id, "contact"]) not in page


def test_says_until_when_and_why(asker, matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    page = page_of(asker, matter).content.decode()
    assert "为什么是这一天？" in page
    assert str(present.answer_clock_of(matter, time_source.today()).due_on) in page


def test_says_why_in_english_too(asker, matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    url = reverse("follow", args=[matter.public_id])
    page = asker.get(url, headers={"accept-language": "en"}).content.decode()
    assert page.partition("Why this date?")[2].partition("</ul>")[0].count("<li>") > 0


def test_is_never_kept_by_a_shared_phone(asker, matter):
    assert "no-store" in page_of(asker, matter)["Cache-Control"]


def test_says_no_longer_that_it_is_closed_once_it_is_open_again(asker, answered, do):
    rate(asker, answered, "satisfied")
    do("deputy_rate", {"rating": {"result": "satisfied"}})
    task = Task.objects.get(case=answered, step_id="reopen_window")
    words = {"key": "again", "not_solved": "三天后路灯又灭了，线路仍然有问题。"}
    url = reverse("follow_answer", args=[answered.public_id, task.public_id])
    before = page_of(asker, answered).content.decode()
    assert "已办结" in before
    assert asker.post(url, words).status_code == 302
    assert "已办结" not in page_of(asker, answered).content.decode().partition("全部记录")[0]


RETURN = {"screening": "return", "reason": "属合同纠纷，请向调解委员会提出。"}


def ask_again(client, matter, **words):
    task = Task.objects.get(case=matter, step_id="ask_declined")
    url = reverse("follow_answer", args=[matter.public_id, task.public_id])
    return client.post(url, {"key": "again", **words})


def test_a_returned_matter_can_be_asked_to_be_looked_at_once_by_another_person(asker, matter, do):
    do("screen", RETURN)
    before = page_of(asker, matter).content.decode()
    assert "请另一位工作人员再看一次" in before
    assert "已退回，可申请复核" in before
    assert "<script" not in before
    assert ask_again(asker, matter, why="路灯立在公路上，不归物业管。").status_code == 302
    after = page_of(asker, matter).content.decode()
    assert "请另一位工作人员再看一次" not in after.partition("全部记录")[0]
    assert "路灯立在公路上，不归物业管。" in after, "her own words stay"
    assert RETURN["reason"] in after.partition("全部记录")[0], "and what they are about"
    assert ask_again(asker, matter, why="再看一次。请再看一次。").status_code == 409, "once is enough"
    do("second_look", {"second_look": {"decision": "upheld"}, "reason": "经查属小区业主共有。"})
    done = page_of(asker, matter).content.decode()
    assert "经查属小区业主共有。" in done
    assert "请另一位工作人员再看一次" not in done.partition("全部记录")[0]


def test_a_second_look_is_asked_for_in_words_that_are_kept(asker, matter, do):
    do("screen", RETURN)
    answer = ask_again(asker, matter, why="不对")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<details class="card" open>' in page
    assert ">不对</textarea>" in page


def test_nobody_else_asks_for_a_second_look(matter, do):
    do("screen", RETURN)
    assert ask_again(Client(), matter, why="路灯立在公路上，不归物业管。").status_code == 404
    assert Task.objects.open().get(case=matter).step_id == "ask_declined"


def test_the_bar_of_what_was_returned_stops_where_it_ended(matter, do):
    do("screen", RETURN)
    matter.refresh_from_db()
    states = [stage.state for stage in present.case(matter, PUBLIC).stages]
    assert states == ["done", "done", "todo", "todo", "todo", "todo"]
