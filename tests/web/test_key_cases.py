"""重点督办 on pages: listed, planned and reported beside the case; marked wherever the matter is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services as cases
from huiyin.cases.models import Case, Task
from huiyin.congress import services
from huiyin.congress.models import KeyCase
from tests.web.conftest import REPORT
from tests.web.test_ballots import text

TODAY = timezone.localdate()
PAGE = "key_cases"
DECISION = "县十七届人大常委会第12次主任会议"
WORDS = "我写了很长的说明，一个字也不能丢"


def act(matter, name):
    return reverse("case_act", args=[matter.public_id, f"key-{name}"])


def put_on(matter, town, **other):
    words = {"decision": DECISION, "leader": "陈主任", "on": TODAY, **other}
    return services.list_key_case(case=matter, by=town.actors["congress"], now=timezone.now(), **words)


def test_the_whole_way_from_the_decision_to_the_report(client_of, answered):
    office = client_of("congress")
    page = text(office.get(reverse("case", args=[answered.public_id])))
    assert "列为重点督办" in page
    assert "登记督办方案" not in page
    sent = {"decision": DECISION, "leader": "陈主任", "committee": "城建工委", "on": TODAY.isoformat()}
    assert "已列为重点督办。" in text(office.post(act(answered, "list"), sent, follow=True))
    watch = client_of("watch")
    watch.post(act(answered, "plan"), {"plan": "六月底前完工", "on": TODAY.isoformat()})
    page = text(watch.get(reverse("case", args=[answered.public_id])))
    for said in ("tone-key", DECISION, "陈主任", "城建工委", "六月底前完工", "登记督办报告"):
        assert said in page
    assert "移出重点督办" not in page
    watch.post(act(answered, "report"), {"report": "完工并复查", "on": TODAY.isoformat()})
    for name in ("a", "deputy"):
        page = text(client_of(name).get(reverse("case", args=[answered.public_id])))
        assert "完工并复查" in page
        assert "登记督办报告</button>" not in page


@pytest.mark.parametrize(
    ("name", "who", "sent", "status"),
    [
        ("list", "watch", {"decision": WORDS, "leader": "陈主任", "on": TODAY}, 403),
        ("list", "congress", {"decision": WORDS, "leader": "", "on": TODAY}, 422),
        ("list", "congress", {"decision": WORDS, "leader": "陈主任", "on": ""}, 422),
        ("plan", "congress", {"plan": WORDS, "on": TODAY + timedelta(days=1)}, 422),
        ("report", "congress", {"report": WORDS, "on": TODAY}, 409),
        ("delist", "watch", {"reason": WORDS, "on": TODAY}, 403),
    ],
)
def test_a_refusal_keeps_the_words(client_of, matter, town, name, who, sent, status):
    if name != "list":
        put_on(matter, town)
    answer = client_of(who).post(act(matter, name), sent)
    assert (answer.status_code, WORDS in text(answer), "notice error" in text(answer)) == (status, True, True)
    assert not KeyCase.objects.exclude(plan="", report="", delisted_reason="").exists()


def test_who_writes_while_it_is_taken_off_keeps_the_words(client_of, matter, town):
    row = put_on(matter, town)
    services.delist_key_case(
        key_case=row, reason="并入他件", on=TODAY, by=town.actors["congress"], now=timezone.now()
    )
    answer = client_of("watch").post(act(matter, "plan"), {"plan": WORDS, "on": TODAY})
    assert (answer.status_code, WORDS in text(answer), "已移出重点督办" in text(answer)) == (409, True, True)


def test_the_list_is_found_by_what_became_of_it(client_of, answered, town):
    office = client_of("congress")
    empty = text(office.get(reverse(PAGE)))
    assert "没有正在督办的重点事项" in empty
    assert "选择案件" in empty
    assert "选择案件" not in text(client_of("watch").get(reverse(PAGE)))
    assert "查看在督的事项" in text(office.get(reverse(PAGE), {"show": "reported"}))
    row = put_on(answered, town)
    page = text(office.get(reverse(PAGE)))
    for said in (answered.title, "陈主任", "a局", "待定方案"):
        assert said in page
    by = town.actors["watch"]
    services.plan_key_case(key_case=row, plan="方案", on=TODAY, by=by, now=timezone.now())
    assert "有方案，待报告" in text(office.get(reverse(PAGE)))
    services.report_key_case(key_case=row, report="报告", on=TODAY, by=by, now=timezone.now())
    assert answered.title not in text(office.get(reverse(PAGE)))
    for show in ("reported", "all"):
        assert answered.title in text(office.get(reverse(PAGE), {"show": show}))
    assert answered.title not in text(client_of("b").get(reverse(PAGE), {"show": "all"}))


def test_a_restricted_matter_is_listed_for_the_office_alone(client_of, matter, town):
    put_on(matter, town)
    Case.objects.filter(pk=matter.pk).update(restricted=True)
    assert matter.title in text(client_of("congress").get(reverse(PAGE)))
    assert matter.title not in text(client_of("watch").get(reverse(PAGE)))


def test_rows_are_marked_with_as_many_queries_for_many_as_for_one(client_of, definition, town, matter):
    put_on(matter, town)
    office = client_of("office")

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert matter.title in text(office.get(reverse(name)))
        return len(asked)

    late = {"due_on": TODAY - timedelta(days=2)}
    Task.objects.open().filter(case=matter).update(**late)
    names = (PAGE, "cases", "tasks", "overdue")
    before = {name: queries(name) for name in names}
    for _ in range(3):
        more = cases.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())
        put_on(more, town)
        Task.objects.open().filter(case=more).update(**late)
    assert {name: queries(name) for name in names} == before
    for name in names[1:]:
        assert text(office.get(reverse(name))).count("tone-key") == 4


def test_the_navigation_leads_to_it_for_those_who_see_the_board(client_of, matter):
    link = f'href="{reverse(PAGE)}"'
    assert link in text(client_of("watch").get(reverse("cases")))
    assert link not in text(client_of("deputy").get(reverse("cases")))
