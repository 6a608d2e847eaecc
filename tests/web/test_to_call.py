"""待电话告知: the station's page of whom to call."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.notices.models import Notice
from huiyin.web import codes
from tests.web.conftest import REPORT

PAGE = "/to-call/"


def forms(page: str) -> list[tuple[str, str]]:
    """(address, what was seen) of every row."""
    return re.findall(r'action="(/to-call/[^"]+)".*?name="seen" value="([^"]+)"', page, re.DOTALL)


def read(client) -> str:
    return client.get(PAGE).content.decode()


def test_a_row_says_whom_to_call_where_and_what(client_of, answered):
    page = read(client_of("station"))
    assert "周全" in page
    assert 'href="tel:13800000000"' in page
    assert f"{answered.number} 已答复，请您评价。" in page
    assert f"（{answered.number}），请确认是否属实" in page
    assert len(forms(page)) == 1


def test_the_list_leaves_the_way_of_those_who_may_not_see_it(client, client_of, answered):
    assert client.get(PAGE).status_code == 302
    for name in ("a", "government", "deputy"):
        answer = client_of(name).get(PAGE)
        assert answer.status_code == 403
        assert "13800000000" not in answer.content.decode()
    assert "待电话告知" not in client_of("a").get("/tasks/").content.decode()
    assert "待电话告知" in client_of("station").get("/tasks/").content.decode()


def test_the_counters_work_list_says_how_many_wait_for_a_call(client_of, answered):
    assert "有 1 位反映人等着电话告知" in client_of("station").get("/tasks/").content.decode()
    assert "等着电话告知" not in client_of("office").get("/tasks/").content.decode()


def test_nobody_to_call_says_so(client_of, town):
    assert "没有等着电话告知的人" in read(client_of("station"))


@pytest.mark.parametrize(
    ("outcome", "said", "rows"),
    [("told", "已记录“已告知”", 0), ("waiting", "仍在清单中", 1), ("unreachable", "不再列入清单", 0)],
)
def test_a_call_is_recorded_with_how_it_ended(client_of, answered, outcome, said, rows):
    station = client_of("station")
    ((address, seen),) = forms(read(station))
    page = station.post(address, {"outcome": outcome, "seen": seen}, follow=True).content.decode()
    assert said in page
    assert len(forms(page)) == rows
    assert ("打过 1 次" in page) == bool(rows)
    record = station.get(reverse("case", args=[answered.public_id])).content.decode()
    assert "电话告知反映人" in record


def test_two_who_call_at_once_end_in_a_sentence(client_of, answered):
    station, office = client_of("station"), client_of("office")
    ((address, seen),) = forms(read(station))
    assert station.post(address, {"outcome": "told", "seen": seen}).status_code == 302
    answer = office.post(address, {"outcome": "waiting", "seen": seen})
    assert answer.status_code == 409
    assert "这个人已经告知过" in answer.content.decode()


def test_without_an_outcome_the_list_says_what_is_missing(client_of, answered):
    station = client_of("station")
    ((address, seen),) = forms(read(station))
    answer = station.post(address, {"seen": seen})
    assert answer.status_code == 422
    assert "请选择电话的结果" in answer.content.decode()


def test_a_unit_cannot_record_a_call(client_of, answered):
    notice = Notice.objects.get(subject_id=answered.pk, kind="answered", channel="call")
    answer = client_of("a").post(
        reverse("called", args=[notice.public_id]), {"outcome": "told", "seen": "2-0"}
    )
    assert answer.status_code == 403


def test_who_has_looked_at_the_page_is_not_called(client, client_of, answered):
    client.get(f"/follow/{answered.public_id}/?code={codes.code_of(answered)}", follow=True)
    assert forms(read(client_of("station"))) == []


@pytest.mark.parametrize("phone", ["13800000000", ""])
def test_the_receipt_says_whether_one_is_told_by_telephone(client, definition, town, phone):
    client.get(f"/report/at/{town.place.public_id}/")
    answers = {name: value for name, value in {**REPORT, "phone": phone}.items() if value}
    receipt = client.post(f"/report/at/{town.place.public_id}/", {**answers, "key": "k1"}, follow=True)
    page = receipt.content.decode()
    assert "已收到您的反映" in page
    assert ("有了答复，会按您留的电话告知您" in page) == bool(phone)


def test_a_refused_matter_is_told_with_its_reason(client_of, definition, town):
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())
    task = case.tasks.get(step_id="screen")
    services.complete_task(
        task=task, answers={"screening": "return", "reason": "属于商事纠纷，建议向法院起诉。"},
        by=town.actor_for(task), now=timezone.now(), key=task.key,
    )  # fmt: skip
    assert "建议向法院起诉" in read(client_of("station"))
