"""承诺事项台账 on a page: found by what became of it, reported by the unit, rated by the mover."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.congress.models import Commitment
from tests.web.test_ballots import text

TODAY = timezone.localdate()
LEDGER = "commitments"


@pytest.fixture
def promised(matter, town):
    """A promise of unit a in a matter that the deputy moves, due in twenty days."""
    Case.objects.filter(pk=matter.pk).update(reporter=town.actors["deputy"].person)
    return Commitment.objects.create(
        case=matter,
        case_round=1,
        unit=town.units["a"],
        text="完成桥面改造",
        due_on=TODAY + timedelta(days=20),
        made_on=TODAY - timedelta(days=60),
        made_at=timezone.now(),
    )


def keep(row: Commitment, town) -> None:
    services.report_kept(commitment=row, words="桥面已改造完成。", by=town.actors["a"], now=timezone.now())


def act(name: str, row: Commitment) -> str:
    return reverse(f"commitment_{name}", args=[row.public_id])


def test_says_that_there_is_nothing(client_of, town):
    assert "没有符合条件的承诺事项" in text(client_of("a").get(reverse(LEDGER)))


def test_leads_offices_units_and_movers_to_it(client_of, town):
    link = f'href="{reverse(LEDGER)}"'
    for name in ("a", "congress", "deputy"):
        assert link in text(client_of(name).get(reverse("tasks")))
    assert link not in text(Client().get(reverse("projects")))


def test_asks_a_stranger_to_sign_in_and_hides_others_promises(client_of, promised):
    assert Client().get(reverse(LEDGER))["Location"].startswith("/sign-in/")
    assert "完成桥面改造" in text(client_of("a").get(reverse(LEDGER)))
    assert "完成桥面改造" in text(client_of("congress").get(reverse(LEDGER)))
    assert "完成桥面改造" not in text(client_of("b").get(reverse(LEDGER)))
    assert client_of("b").post(act("kept", promised), {"words": "好了"}).status_code == 404


def test_filters_by_what_has_become_of_it(client_of, promised, town):
    office = client_of("congress")

    def where() -> list[str]:
        states = ("ahead", "late", "kept", "done")
        return [one for one in states if "完成桥面改造" in text(office.get(reverse(LEDGER), {"show": one}))]

    assert where() == ["ahead"]
    Commitment.objects.update(due_on=TODAY - timedelta(days=1))
    assert where() == ["late"]
    keep(promised, town)
    assert where() == ["kept"]
    services.rate_commitment(
        commitment=promised, result="basic", by=town.actors["deputy"], now=timezone.now()
    )
    assert where() == ["done"]
    assert "完成桥面改造" in text(office.get(reverse(LEDGER), {"show": "nonsense"}))


def test_takes_a_units_report_and_keeps_the_filter(client_of, promised):
    client = client_of("a")
    assert "报告兑现" in text(client.get(reverse(LEDGER)))
    answer = client.post(f"{act('kept', promised)}?show=ahead", {"words": "桥面已改造完成。"})
    assert answer["Location"] == f"{reverse(LEDGER)}?show=ahead"
    promised.refresh_from_db()
    assert promised.kept_words == "桥面已改造完成。"
    page = text(client.get(reverse(LEDGER)))
    assert "待评价" in page
    assert "桥面已改造完成。" in page


def test_says_why_a_report_is_refused_and_keeps_the_words(client_of, promised, town):
    client = client_of("a")
    empty = client.post(act("kept", promised), {"words": " "})
    assert empty.status_code == 422
    assert "请写几句说明" in text(empty)
    keep(promised, town)
    late = client.post(f"{act('kept', promised)}?show=ahead", {"words": "第二次报告的话"})
    assert late.status_code == 409
    assert "等待领衔代表评价" in text(late)
    assert "第二次报告的话" in text(late)
    office = client_of("congress").post(act("kept", promised), {"words": "办公室来报"})
    assert office.status_code == 403
    assert "只有作出承诺的单位" in text(office)
    assert "办公室来报" in text(office)


def test_takes_the_movers_rating(client_of, promised, town):
    keep(promised, town)
    client = client_of("deputy")
    assert 'value="satisfied"' in text(client.get(reverse(LEDGER)))
    assert 'value="satisfied"' not in text(client_of("a").get(reverse(LEDGER)))
    client.post(act("rate", promised), {"result": "satisfied", "words": "很好"})
    promised.refresh_from_db()
    assert promised.closed_at is not None
    assert "很好" in text(client.get(reverse(LEDGER)))


def test_says_why_a_rating_is_refused_and_keeps_choice_and_words(client_of, promised, town):
    client = client_of("deputy")
    early = client.post(act("rate", promised), {"result": "satisfied", "words": "好"})
    assert early.status_code == 409
    keep(promised, town)
    wordless = client.post(act("rate", promised), {"result": "dissatisfied", "words": ""})
    assert wordless.status_code == 422
    assert 'value="dissatisfied" checked' in text(wordless)
    choiceless = client.post(act("rate", promised), {"words": "只写了话"})
    assert choiceless.status_code == 422
    assert "只写了话" in text(choiceless)
    other = client_of("congress").post(act("rate", promised), {"result": "basic"})
    assert other.status_code == 403


def test_a_dissatisfied_mover_opens_it_again(client_of, promised, town):
    keep(promised, town)
    client_of("deputy").post(act("rate", promised), {"result": "dissatisfied", "words": "桥面又坏了"})
    page = text(client_of("a").get(reverse(LEDGER)))
    assert "第 2 次兑现" in page
    assert "桥面又坏了" in page
    assert "报告兑现" in page


def test_a_mover_who_works_in_the_unit_is_not_offered_what_the_service_refuses(client_of, promised, town):
    Case.objects.filter(pk=promised.case_id).update(reporter=town.actors["a-head"].person)
    keep(promised, town)
    client = client_of("a-head")
    assert 'value="satisfied"' not in text(client.get(reverse(LEDGER)))
    answer = client.post(act("rate", promised), {"result": "satisfied", "words": "自己说好"})
    assert (answer.status_code, "自己说好" in text(answer)) == (403, True)
