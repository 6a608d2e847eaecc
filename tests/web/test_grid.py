"""批量办理: a step of many matters as rows; each is done by itself, and no word is lost."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Assignment, Case, Completion, Task
from huiyin.core import time_source
from huiyin.files.models import Attachment
from huiyin.forms.document import BrokenForm, Document
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment
from huiyin.web import row_form
from tests.web.conftest import REPORT
from tests.web.playing import do, play_until, publish, task_of, three_at
from tests.web.test_suggestions import text

SCREEN, PROPOSE = ("grid", "screen"), ("grid", "propose")


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-03 10:00")):
        yield


@pytest.fixture
def cases(town) -> list[Case]:
    """Three suggestions that wait to be screened."""
    return three_at(town, "screen")


@pytest.fixture
def office(client_of) -> Client:
    """The office at whose place the suggestions were moved."""
    return client_of("office")


def said(case: Case, step: str, **answers: str) -> dict[str, str]:
    """A row of a posted grid."""
    task = task_of(case, step)
    words = {f"r-{task.public_id}.{name.replace('__', '.')}": value for name, value in answers.items()}
    return {f"r-{task.public_id}.revision": str(task.revision), **words}


def ids(step: str, *cases: Case) -> list[str]:
    return [task_of(case, step).public_id for case in cases]


def page(name: tuple[str, str]) -> str:
    return reverse(name[0], args=[name[1]])


def test_names_the_steps_that_wait_and_leads_to_their_grid(office, cases):
    shown = text(office.get(reverse("desk")))
    assert page(SCREEN) in shown
    assert "代表工委审查" in shown
    assert reverse("desk") in text(office.get(reverse("tasks")))
    assert page(SCREEN) in text(office.get(reverse("tasks"), {"step": "screen"}))
    assert page(SCREEN) not in text(office.get(reverse("tasks")))


def test_says_so_where_nothing_waits(office, client_of, town):
    publish(town)
    assert "没有可以批量办理的事项" in text(office.get(reverse("desk")))
    assert "这一环节已经办完" in text(office.get(page(SCREEN)))


def test_the_keyboard_goes_on_only_to_what_a_decision_requires(office, cases):
    asked = dict(re.findall(r'cell-(\w+)[^"]*" data-asked="([^"]*)"', text(office.get(page(SCREEN)))))
    assert asked["register"] == "accept"
    assert {"return", "decline"} <= set(asked["reason"].split())
    assert asked["receiver"] == ""


def test_shows_text_mover_and_fields_of_each_row(office, cases):
    shown = text(office.get(page(SCREEN)))
    for case in cases:
        assert case.number in shown
        assert f"r-{ids('screen', case)[0]}.screening" in shown
    assert "年内完成老城区主管网改造" in shown
    assert "附议 1 名" in shown
    assert "属于学术探讨、产品推介，不作为代表建议办理。（依据" in shown
    assert 'value="split"' not in shown  # it asks which asks are split off, on a page of its own
    assert "其他处理" in shown


def test_saves_one_row_and_gives_its_number(office, cases):
    row = said(cases[0], "screen", screening="accept", register__category="water", publicity="open")
    answer = office.post(page(SCREEN), {**row, "save": ids("screen", cases[0])[0], "key": "k"}, follow=True)
    assert "已办理 1 件。编号：试跑镇十七届人大闭会第1号建议。" in text(answer)
    assert "首件编入试跑镇十七届人大闭会，已编到第 1 号" in text(answer)
    assert Completion.objects.filter(case=cases[0], key="k").exists()
    assert task_of(cases[1], "screen")


def test_does_all_chosen_rows_with_what_is_said_for_all(office, cases):
    rows = {}
    for case in cases:
        rows |= said(case, "screen", publicity="open")
    rows |= said(
        cases[2],
        "screen",
        publicity="open",
        screening="decline",
        reason__phrase="没有实际内容，不作为代表建议办理。",
    )
    sent = {
        **rows,
        "row": ids("screen", *cases),
        "all.screening": "accept",
        "all.register.category": "water",
        "save": "chosen",
    }
    assert "已办理 3 件。" in text(office.post(page(SCREEN), sent, follow=True))
    assert [Case.objects.get(pk=case.pk).outcome for case in cases] == ["", "", "declined"]
    assert [Case.objects.get(pk=case.pk).number[-5:] for case in cases[:2]] == ["第1号建议", "第2号建议"]


def test_a_refused_row_comes_back_with_its_sentence_and_the_others_are_done(office, cases):
    rows = said(cases[0], "screen", screening="accept", register__category="water")
    rows |= said(cases[1], "screen", screening="decline", reason="短")
    rows |= said(cases[2], "screen", screening="merge", into="没有这件", reason="内容相同，并案办理。")
    answer = office.post(page(SCREEN), {**rows, "row": ids("screen", *cases), "save": "chosen"})
    shown = text(answer)
    assert answer.status_code == 422
    assert "已办理 1 件。" in shown
    assert "有 2 件没有办成" in shown
    assert "至少 5 个字" in shown
    assert ">短</textarea>" in shown
    assert "没有这件" in shown
    assert re.search(r'value="decline"[^>]*checked', shown)


def test_keeps_what_is_typed_in_other_rows_when_one_is_saved(office, cases):
    rows = said(cases[0], "screen", screening="accept", register__category="water", publicity="open")
    rows |= said(cases[1], "screen", screening="return", reason="请逐条写明希望解决什么。", publicity="open")
    answer = office.post(page(SCREEN), {**rows, "save": ids("screen", cases[0])[0]})
    assert answer.status_code == 200
    assert "请逐条写明希望解决什么。" in text(answer)
    assert task_of(cases[1], "screen")


def test_does_nothing_twice_when_a_page_is_sent_again(office, cases):
    rows = said(cases[0], "screen", screening="accept", register__category="water", publicity="open")
    sent = {**rows, "save": ids("screen", cases[0])[0], "key": "once"}
    office.post(page(SCREEN), sent)
    assert "已办理 1 件。" in text(office.post(page(SCREEN), sent, follow=True))
    assert Completion.objects.filter(case=cases[0], task__step_id="screen").count() == 1


def test_says_that_a_colleague_was_faster(office, cases, town):
    rows = said(cases[0], "screen", screening="accept", register__category="water")
    sent = {**rows, "save": ids("screen", cases[0])[0]}
    do(town, cases[0], "screen", {"screening": "return", "reason": "请补充具体诉求。"}, time_source.now())
    answer = office.post(page(SCREEN), sent)
    assert answer.status_code == 409
    assert "已经办结或收回" in text(answer)


def test_words_of_a_row_that_was_not_sent_stay_on_what_they_were_typed_on(office, cases):
    typed = said(cases[0], "screen", screening="accept", register__category="water")
    one, number = task_of(cases[0], "screen"), f"r-{ids('screen', cases[0])[0]}.revision"
    Task.objects.filter(pk=one.pk).update(revision=one.revision + 1)
    answer = office.post(page(SCREEN), {**typed, "save": "chosen"})
    assert answer.status_code == 422
    assert f'name="{number}" value="{one.revision}"' in text(answer)
    late = office.post(page(SCREEN), {**typed, "save": one.public_id})
    assert late.status_code == 409
    assert f'name="{number}" value="{one.revision + 1}"' in text(late), (
        "told of it, the person may send again"
    )


def test_asks_to_choose_rows_first(office, cases):
    answer = office.post(page(SCREEN), {"save": "chosen"})
    assert answer.status_code == 422
    assert "请先勾选要办理的事项。" in text(answer)


def test_proposes_a_lead_and_others_in_rows(client_of, cases, town):
    for n, case in enumerate(cases):
        do(
            town,
            case,
            "screen",
            {"screening": "accept", "register": {"category": "water"}},
            time_source.now(),
            key=str(n),
        )
    government = client_of("government")
    at = Task.objects.open().filter(step_id="propose").first().place
    town.actors["government"].person.posts.update(place=at)
    units = {name: unit.public_id for name, unit in town.units.items()}
    sent = said(cases[0], "propose", units__lead=units["a"])
    sent[f"r-{ids('propose', cases[0])[0]}.units.co"] = units["b"]
    sent |= {"row": ids("propose", *cases), "all.units.lead": units["c"], "save": "chosen"}
    assert "已办理 3 件。" in text(government.post(page(PROPOSE), sent, follow=True))
    parts = Assignment.objects.values_list("case_id", "part", "unit__name")
    assert {(case, part, unit) for case, part, unit in parts} == {
        (cases[0].pk, "lead", "a局"), (cases[0].pk, "co", "b局"), (cases[1].pk, "lead", "c局"), (cases[2].pk, "lead", "c局"),
    }  # fmt: skip


def test_costs_no_more_statements_for_more_rows(office, cases, town):
    office.get(page(SCREEN))
    with CaptureQueriesContext(
        connection,
    ) as few:
        office.get(page(SCREEN))
    play_until(town, "screen", definition=cases[0].definition)
    with CaptureQueriesContext(connection) as more:
        office.get(page(SCREEN))
    assert len(more) == len(few)


def test_shows_and_does_only_what_waits_for_the_actor(client_of, cases):
    sent = {**said(cases[0], "screen", screening="accept"), "save": ids("screen", cases[0])[0]}
    for name in ("government", "a", "station"):
        other = client_of(name)
        assert cases[0].number not in text(other.get(page(SCREEN)))
        other.post(page(SCREEN), sent)
    assert task_of(cases[0], "screen")
    assert Client().get(page(SCREEN))["Location"].startswith("/sign-in/")
    assert Client().get(reverse("desk"))["Location"].startswith("/sign-in/")


def test_takes_the_forms_that_fit_a_row():
    bundle = bundles.read("suggestion")
    fitting = {name for name, source in bundle.forms.items() if row_form.fits(Document(source, name))}
    assert {"screen_suggestion", "propose", "assign", "preview", "sign"} <= fitting
    assert not fitting & {"hand_over", "rate", "draft_suggestion", "work", "opinion", "submit"}


def test_a_phrase_says_when_it_is_offered():
    source = {**bundles.read("suggestion").forms["screen_suggestion"]}
    source["ui"] = {**source["ui"], "fields": {**source["ui"]["fields"]}}
    source["ui"]["fields"]["reason"] = {**source["ui"]["fields"]["reason"], "phrases": [{"zh": "只有中文"}]}
    with pytest.raises(BrokenForm, match="phrase"):
        Document(source, "screen")


def test_who_screens_matters_sees_where_it_is_what_was_chosen_and_the_photos(client_of, matter):
    Attachment.objects.create(
        subject_kind="case", subject_id=matter.pk, part="report", kind=Attachment.Kind.PHOTO, file="a.jpg",
        small="b.jpg", size=1, sha256="0" * 64, media_type="image/jpeg", staged_at=timezone.now(),
        committed_at=timezone.now(),
    )  # fmt: skip
    shown = text(client_of("office").get(reverse("grid", args=["screen"])))
    assert matter.place.full_name in shown
    assert re.search(r'value="road"[^>]*(selected|checked)', shown)
    assert f"/files/{Attachment.objects.get().public_id}/" in shown


def test_what_stood_in_a_row_before_is_not_taken_for_typed(client_of, definition, town, matter):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())
    rows = {
        f"r-{task.public_id}.category": "road"
        for task in (task_of(matter, "screen"), task_of(other, "screen"))
    }
    sent = {
        **rows,
        **said(matter, "screen", screening="accept"),
        "row": ids("screen", matter),
        "save": "chosen",
    }
    assert client_of("office").post(reverse("grid", args=["screen"]), sent).status_code == 302
