"""The counter's papers: 转办告知单, 答复单 in large type, and 送达 in the matter's record."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Delivery, Rating, Task
from huiyin.core import time_source
from tests.web.playing import play_until


def get(client, name: str, case):
    return client.get(reverse(name, args=[case.public_id]))


def deliver(client, case, **posted):
    today = timezone.localdate().isoformat()
    return client.post(
        reverse("case_act", args=[case.public_id, "deliver"]),
        {"on": today, "way": "hand", "to": "本人", **posted},
    )


def test_the_answer_is_printed_with_where_to_say_what_one_thinks_of_it(client_of, answered):
    answer = get(client_of("station"), "answer_sheet", answered)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已更换灯具两盏，恢复照明。" in page
    assert "a局" in page
    assert "收件人签名" in page
    assert "13800000000" not in page, "a sheet of paper is lost easily"
    assert "<script" not in page


def test_before_the_answer_the_sheet_says_so(client_of, matter):
    answer = get(client_of("station"), "answer_sheet", matter)
    assert answer.status_code == 200
    assert "还没有答复" in answer.content.decode()


def test_the_notice_says_who_handles_it_by_which_rule_and_until_when(client_of, matter, do):
    do("screen", {"screening": "accept"})
    do(
        "dispatch",
        {"route": "units", "units": {"lead": "@unit.a", "co": ["@unit.b"]}, "deputy": "@deputy"},
    )
    page = get(client_of("station"), "handover_sheet", matter).content.decode()
    assert "主办：a局" in page
    assert "协办：b局" in page
    assert "济南第24条" in page
    assert "前答复" in page


def test_the_notice_names_the_station_that_answers_itself(client_of, matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "station"})
    assert "试跑镇联络站" in get(client_of("station"), "handover_sheet", matter).content.decode()


def test_before_the_hand_over_the_notice_says_so(client_of, matter):
    answer = get(client_of("office"), "handover_sheet", matter)
    assert answer.status_code == 200
    assert "还没有转交办理" in answer.content.decode()


@pytest.mark.parametrize("name", ["answer_sheet", "handover_sheet"])
def test_papers_are_not_for_the_units(client_of, answered, name):
    assert get(client_of("a"), name, answered).status_code == 403
    assert get(client_of("b"), name, answered).status_code == 404, "who does not see the matter"


@pytest.mark.parametrize("name", ["answer_sheet", "handover_sheet"])
def test_a_suggestion_has_no_such_papers(client_of, town, name):
    assert get(client_of("congress"), name, play_until(town, "deliver")).status_code == 404


def test_a_delivery_is_recorded_and_shown_on_the_case(client_of, answered):
    station, case = client_of("station"), reverse("case", args=[answered.public_id])
    assert "登记送达" in station.get(case).content.decode()
    assert deliver(station, answered, to="女儿代收").status_code == 302
    page = station.get(case).content.decode()
    assert "答复送达：当面交付" in page
    assert "交给：女儿代收" in page
    assert "女儿代收" not in client_of("watch").get(case).content.decode()


def test_the_same_delivery_sent_twice_is_one(client_of, answered):
    station = client_of("station")
    for _ in range(2):
        deliver(station, answered)
    assert Delivery.objects.count() == 1
    deliver(station, answered, to="女儿")
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"way": ""}, "请选择送达方式"),
        ({"on": ""}, "请选择日期"),
        ({"on": "2099-01-01"}, "送达日期不能晚于今天"),
        ({"on": "2020-01-01"}, "送达日期不能早于答复日期"),
        ({"to": " "}, "请写明交给了谁"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(client_of, answered, wrong, sentence):
    answer = deliver(client_of("station"), answered, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert '<details class="card no-print" id="deliver" open>' in page
    assert not Delivery.objects.exists()


def test_nobody_else_records_a_delivery(client_of, answered):
    assert deliver(client_of("a"), answered).status_code == 403
    assert "登记送达" not in client_of("a").get(
        reverse("case", args=[answered.public_id])
    ).content.decode().partition("<aside>")[2].replace("没有登记送达", "")


def test_what_a_citizen_says_on_the_telephone_is_entered_with_the_answer_before_one(client_of, answered):
    station, task = client_of("station"), Task.objects.open().get(case=answered, step_id="citizen_rate")
    url = reverse("task_for", args=[task.public_id])
    assert url in station.get(reverse("case", args=[answered.public_id])).content.decode()
    page = station.get(url).content.decode()
    assert "要评价的答复" in page
    assert answered.reply_rows.get().text in page
    said = {
        "key": "k",
        "rating.result": "dissatisfied",
        "rating.words": "灯又坏了",
        "seen_revision": task.revision,
    }
    call = {"transcription.way": "phone", "transcription.on": str(time_source.today())}
    refused = station.post(url, said | call)
    assert refused.status_code == 422
    assert "电话代录请写明通话时间、怎样核实身份" in refused.content.decode()
    assert "灯又坏了</textarea>" in refused.content.decode()
    assert (
        station.post(url, said | call | {"transcription.note": "10 时来电，以查询码核实"}).status_code == 302
    )
    rating = Rating.objects.get(case=answered)
    assert (rating.rater, rating.result, rating.words) == ("citizen", "dissatisfied", "灯又坏了")
    assert client_of("a").get(url).status_code == 404
