"""The office's pages: one's own tasks, one's own sight, and sentences instead of losses."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import docx
import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from huiyin.cases.models import Case, Task
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.history.models import Entry
from huiyin.rules.services import DATA


def screen_task(matter):
    return Task.objects.get(case=matter, step_id="screen")


def test_asks_a_stranger_to_sign_in(matter):
    for name in ("tasks", "cases", "overdue"):
        assert Client().get(reverse(name))["Location"].startswith("/sign-in/")


def test_lists_a_task_for_the_office_and_for_nobody_else(client_of, matter):
    assert matter.number in client_of("office").get(reverse("tasks")).content.decode()
    assert matter.number not in client_of("a").get(reverse("tasks")).content.decode()


def test_finds_a_task_by_filter_and_words(client_of, matter):
    office = client_of("office")
    assert matter.number in office.get(reverse("tasks"), {"q": "老桥", "step": "screen"}).content.decode()
    assert "没有符合条件的待办" in office.get(reverse("tasks"), {"q": "水库"}).content.decode()


def test_who_screens_puts_the_category_right(client_of, matter):
    office, task = client_of("office"), screen_task(matter)
    page = reverse("task", args=[task.public_id])
    shown = office.get(page).content.decode()
    assert re.search(r'value="road"[^>]*(selected|checked)', shown), "it begins with what the asker chose"
    sent = {"screening": "accept", "category": "water", "seen_revision": task.revision}
    assert office.post(page, sent).status_code == 302
    assert matter.facts.get(name="category").text == "water"
    assert "供水排水" in office.get(reverse("case", args=[matter.public_id])).content.decode()


def test_names_the_field_that_is_missing_and_keeps_the_choice(client_of, matter):
    url = reverse("task", args=[screen_task(matter).public_id])
    answer = client_of("office").post(url, {"key": "k", "seen_revision": "0", "screening": "return"})
    assert answer.status_code == 422
    assert "请填写“理由（告知反映人）”" in answer.content.decode()
    assert 'value="return" checked' in answer.content.decode()


def test_ends_in_a_sentence_when_a_colleague_was_faster(client_of, matter, do):
    url = reverse("task", args=[screen_task(matter).public_id])
    do("screen", {"screening": "accept"})
    answer = client_of("office").post(
        url,
        {
            "key": "late",
            "seen_revision": "0",
            "screening": "return",
            "reason": "属于合同纠纷，请找社区调解。",
        },
    )
    assert answer.status_code == 409
    assert "已经办结或收回" in answer.content.decode()
    assert "属于合同纠纷，请找社区调解。" in answer.content.decode()


def test_hides_a_case_from_a_unit_that_has_no_part_in_it(client_of, answered):
    url = reverse("case", args=[answered.public_id])
    assert client_of("a").get(url).status_code == 200
    assert client_of("b").get(url).status_code == 404


def test_hides_a_complaint_about_a_person_from_all_but_the_congress_office(client_of, matter, do):
    do("screen", {"screening": "exit", "reason": "属于举报，转纪检监察机关。"})
    url = reverse("case", args=[matter.public_id])
    assert client_of("office").get(url).status_code == 200
    assert client_of("station").get(url).status_code == 404


def test_shows_the_telephone_to_those_who_call_back(client_of, answered):
    url = reverse("case", args=[answered.public_id])
    assert "13800000000" in client_of("a").get(url).content.decode()
    assert "13800000000" not in client_of("deputy").get(url).content.decode()


@pytest.fixture
def photo(answered):
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (40, 30)).save(data, "PNG")
    staged = files.stage(kind=Attachment.Kind.PHOTO, raw=data.getvalue(), now=timezone.now())
    files.commit(
        ids=[staged.public_id],
        kinds=["photo"],
        subject_kind="case",
        subject_id=answered.pk,
        part="report",
        now=timezone.now(),
    )
    return staged


def test_sends_a_photo_by_sight_of_its_case(client_of, photo):
    for url in (
        reverse("attachment", args=[photo.public_id]),
        reverse("attachment_small", args=[photo.public_id, "small"]),
    ):
        assert client_of("a").get(url)["Content-Type"] == "image/jpeg"
        assert client_of("b").get(url).status_code == 404
        assert Client().get(url).status_code == 404


def test_shows_what_is_late_to_those_who_oversee(client_of, matter):
    Task.objects.filter(case=matter).update(due_on=timezone.localdate() - timedelta(days=2))
    page = client_of("office").get(reverse("overdue")).content.decode()
    assert matter.number in page
    assert "超期 2 天" in page
    assert client_of("deputy").get(reverse("overdue")).status_code == 403


def test_urges_with_words_and_only_with_the_right(client_of, matter):
    url = reverse("case_act", args=[matter.public_id, "urge"])
    client_of("office").post(url, {"words": "请抓紧筛查"})
    assert Entry.objects.filter(subject_id=matter.pk, kind="urged").count() == 1
    answer = client_of("station").post(url, {"words": "快一点"}, follow=True)
    assert "您的岗位没有这项权限" in answer.content.decode()
    assert Entry.objects.filter(subject_id=matter.pk, kind="urged").count() == 1


def test_switches_a_page_to_english_completely(client_of, answered):
    page = client_of("office").get(
        reverse("case", args=[answered.public_id]), headers={"accept-language": "en"}
    )
    text = page.content.decode()
    assert "Whose turn it is" in text
    assert "现在轮到" not in text


def test_names_the_steps_of_the_filter_in_english_too(client_of, matter):
    office = client_of("office")
    page = office.get(reverse("tasks"), headers={"accept-language": "en"}).content.decode()
    shown = re.search(r'<option value="screen">(.*?)</option>', page).group(1)
    assert shown.endswith(" (1)")
    assert not re.search("[一-鿿（）]", shown)
    assert "（1）" in office.get(reverse("tasks")).content.decode()


def test_answers_an_unknown_act_with_not_found(client_of, matter):
    assert client_of("office").post(reverse("case_act", args=[matter.public_id, "burn"])).status_code == 404
    assert Case.objects.get().closed_at is None


def test_a_citizens_letter_encloses_no_rating_form(client_of, matter, answered):
    answer = client_of("office").get(reverse("case_letter", args=[matter.public_id, 1]))
    said = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(answer.getvalue())).paragraphs)
    assert "收悉" in said
    assert "征询意见表" not in said
    assert "{{" not in said


def test_tells_the_record_and_the_deadlines_in_english_too(client_of, answered):
    address, english = reverse("case", args=[answered.public_id]), {"accept-language": "en"}
    page = client_of("office").get(address, headers=english).content.decode()
    record = page.partition('<ul class="lines">')[2].partition("</ul>")[0]
    assert "筛查" in client_of("office").get(address).content.decode()
    assert "<time" in record
    assert not re.search("「[一-鿿]+」", record), "the steps are called by the titles of their forms"
    clocks = re.findall(r'<div class="head"><span>(.*?)[<\n]', page)
    assert clocks
    assert not [name for name in clocks if re.search("[一-鿿]", name)]


def test_every_shipped_rule_has_an_english_name():
    named = [
        rule["name"]
        for file in DATA.glob("*.yaml")
        for rule in yaml.safe_load(file.read_text())["rules"].values()
    ]
    assert len(named) > 60
    with translation.override("en"):
        assert not [name for name in named if re.search("[一-鿿]", translation.gettext(name))]


def test_what_cannot_be_taken_back_says_so_before_it_is_sent(client_of, matter, do):
    def page(name: str) -> str:
        task = Task.objects.get(case=matter, status="open")
        return client_of(name).get(reverse("task", args=[task.public_id])).content.decode()

    assert "提交后不能收回，请核对。" in page("office")
    assert (
        "这一环节办理后不能收回" in client_of("office").get(reverse("grid", args=["screen"])).content.decode()
    )
    do("screen", {"screening": "accept"})
    assert "提交后、下一位办理之前，可以在这件事的页面上收回；" in page("office")
