"""The work list shows one's own work, what nobody has, one's section, and apart from it what one does for somebody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.directory.models import Delegation, Post, Unit
from huiyin.directory.roles import Role
from huiyin.notices.models import Notice
from huiyin.web import paging
from huiyin.web.pages import cases as pages_of_cases
from tests.web.conftest import REPORT
from tests.web.playing import play_until


@pytest.fixture
def signed(matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}})
    return Task.objects.get(case=matter, step_id="sign")


def listed(client, **chosen: str) -> str:
    return client.get(reverse("tasks"), chosen).content.decode()


def test_tells_what_is_mine_from_what_nobody_has(client_of, town, signed):
    client = client_of("a")
    assert signed.case.number in listed(client, of="free")
    assert signed.case.number not in listed(client, of="mine")
    services.take_task(task=signed, by=town.actors["a"], now=timezone.now())
    assert signed.case.number in listed(client, of="mine")
    assert signed.case.number not in listed(client, of="free")


def test_shows_the_section_what_its_people_have(client_of, town, signed):
    section = Unit.objects.create(
        jurisdiction=town.jurisdiction, parent=town.units["a"], place=town.units["a"].place,
        kind=Unit.Kind.SECTION, code="a-1", name="业务科", pinyin="yewuke",
    )  # fmt: skip
    Post.objects.filter(person=town.actors["a"].person, role=Role.HANDLER).update(unit=section)
    client = client_of("a")
    assert signed.case.number not in listed(client, of="section")
    Task.objects.filter(pk=signed.pk).update(claimed_by=town.actors["a"].person)
    assert signed.case.number in listed(client, of="section")


def test_keeps_apart_what_one_does_for_somebody_else(client_of, town, signed):
    away = town.actors["a"].person
    post = Post.objects.get(person=away, role=Role.HANDLER)
    today = time_source.today()
    # Who stands in works in the same unit, here in a post to which its own tasks do not lead.
    Post.objects.create(
        person=town.actors["b"].person,
        role=Role.DESIGNER,
        unit=post.unit,
        place=post.place,
        from_on=post.from_on,
    )
    Delegation.objects.create(
        post=post, to=town.actors["b"].person, from_on=today, to_on=today.replace(year=today.year + 1)
    )
    client = client_of("b")
    assert signed.case.number not in listed(client)
    assert f"替{away.name}" in listed(client)
    assert signed.case.number in listed(client, of=f"for-{away.public_id}")


def test_the_back_button_gets_the_whole_page_and_a_choice_the_list_alone(client_of, signed):
    client, address = client_of("a"), reverse("tasks")
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    back = client.get(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_says_who_holds_what_leads_to_a_colleague_too(client_of, town, signed):
    holder = town.actors["b"].person
    type(signed).objects.filter(pk=signed.pk).update(claimed_by=holder)
    shown = client_of("a").get(reverse("task", args=[signed.public_id])).content.decode()
    assert f"这项任务由{holder.name}承办。" in shown
    assert 'value="take"' not in shown
    assert "您才能提交" in shown


def test_a_notice_leads_to_its_matter_which_opens_it(client_of, town, signed):
    services.take_task(task=signed, by=town.actors["a"], now=timezone.now())
    services.urge_case(case=signed.case, words="请抓紧", by=town.actors["watch"], now=timezone.now())
    client, link = client_of("a"), reverse("case", args=[signed.case.public_id])
    assert f'<div class="notice"><a href="{link}">' in listed(client)
    assert client.get(link).status_code == 200
    assert f'<div class="notice"><a href="{link}">' not in listed(client)


def test_reminders_beyond_three_are_folded_and_none_is_lost(client_of, town, signed):
    person = town.actors["deputy"].person
    for n in range(5):
        Notice.objects.create(
            person=person, kind="answered", key=f"k{n}", at=timezone.now(), subject_kind="case", subject_id=0,
            facts={"number": f"民2026-00000{n}"},
        )  # fmt: skip
    page = listed(client_of("deputy"))
    assert "还有 2 条提醒" in page
    assert page.count("已答复，请您评价。") == 5


def test_asks_nobody_any_more_to_rate_what_is_closed(client_of, town, signed):
    person = town.actors["deputy"].person
    about = {
        "subject_kind": "case",
        "subject_id": signed.case_id,
        "facts": {"number": "民2026-1", "title": "灯"},
    }
    Notice.objects.create(person=person, kind="answered", key="k", at=timezone.now(), **about)
    assert "请您评价" in listed(client_of("deputy"))
    Case.objects.filter(pk=signed.case_id).update(closed_at=timezone.now(), outcome="answered")
    assert "请您评价" not in listed(client_of("deputy"))


@pytest.mark.parametrize("words", ["路灯", "试跑网格", "town", "day"])
def test_a_case_is_found_by_its_title_its_place_and_its_day(client_of, signed, words):
    place = signed.case.place
    words = {"day": str(signed.case.received_on), "town": place.parent.name}.get(words, words)
    shown = client_of("office").get(reverse("cases"), {"q": words}).content.decode()
    assert signed.case.number in shown
    assert (
        signed.case.number
        not in client_of("office").get(reverse("cases"), {"q": "2026-02-31"}).content.decode()
    )


def test_the_newest_cases_can_be_paged_through_and_what_is_older_is_looked_for(
    client_of, signed, definition, town, monkeypatch
):
    monkeypatch.setattr(pages_of_cases, "PAGE", 1)
    older = signed.case
    newer = services.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())

    def shown(**asked: str) -> str:
        return client_of("office").get(reverse("cases"), asked).content.decode()

    assert newer.number in shown()
    assert older.number not in shown()
    assert older.number in shown(page="2")
    assert "更早的请按编号" not in shown()
    monkeypatch.setattr(paging, "MOST_PAGES", 1)
    assert "这里列出最近的 1 件；更早的请按编号、标题、地点或日期查找。" in shown()
    assert older.number in shown(q=older.number)


def test_shows_everything_for_a_queue_that_it_does_not_know(client_of, signed):
    assert signed.case.number in listed(client_of("a"), of="for-nobody")


def test_has_no_choice_of_queues_where_there_is_one(client_of, matter):
    assert 'class="queues"' not in listed(client_of("office"))
    assert 'class="queues"' in listed(client_of("a"))


def test_exports_what_the_address_shows(client_of, town, signed):
    words = '=HYPERLINK("x")村口的护栏断了，请尽快修好。'
    services.start_case(
        definition=signed.case.definition,
        answers=REPORT | {"words": words},
        place=town.place,
        now=timezone.now(),
    )
    answer = client_of("office").get(reverse("tasks_export"))
    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[1]][:2] == ["编号", "事项"]
    titles = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert len(titles) == 1
    assert titles[0].data_type == "s", "what somebody typed is never a formula"
    empty = client_of("office").get(reverse("tasks_export"), {"q": "没有这样的"})
    assert load_workbook(BytesIO(empty.getvalue())).active.max_row == 1


def test_a_stranger_exports_nothing(client, db):
    assert client.get(reverse("tasks_export"))["Location"].startswith(reverse("sign_in"))


def test_the_units_own_deadline_counts_as_near(client_of, town, signed):
    client, today = client_of("a"), time_source.today()
    Task.objects.filter(pk=signed.pk).update(due_on=today + timedelta(30))
    assert signed.case.number not in listed(client, show="near")
    Task.objects.filter(pk=signed.pk).update(inside_due_on=today + timedelta(2))
    assert signed.case.number in listed(client, show="near")
    leave = {"from": today.isoformat(), "last": (today + timedelta(5)).isoformat()}
    assert signed.case.number in client.get(reverse("leave"), leave).content.decode()


def test_lists_one_kind_alone_and_finds_who_holds_it(client_of, town, signed):
    client = client_of("a")
    assert "全部类型" not in listed(client), "one kind is no choice"
    suggestion = play_until(town, "work")
    both = listed(client)
    assert "全部类型" in both
    assert {signed.case.number in both, suggestion.number in both} == {True}
    one = listed(client, kind="suggestion")
    assert suggestion.number in one
    assert signed.case.number not in one
    assert signed.case.number not in listed(client, q=town.actors["a"].person.name)
    services.take_task(task=signed, by=town.actors["a"], now=timezone.now())
    assert signed.case.number in listed(client, q=town.actors["a"].person.name)
    assert "没有符合条件的待办" in listed(client, kind="bill")
