"""一事一议: a suggestion about several matters becomes two, and its people confirm both."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Ask, Case
from huiyin.congress import selectors
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.forms.answers import AnswersRejected
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from tests.web.playing import do, play_until, task_of

NOW = moment("2026-02-11 10:00")
WHY = {"screening": "split", "reason": "两条诉求属两件事，请分别提出（一事一议）。"}


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(NOW):
        yield


def test_moves_an_ask_into_a_matter_of_its_own_that_both_confirm(town):
    case = play_until(town, "screen")
    signed = list(Signature.objects.filter(case=case).signed().values_list("deputy", flat=True))
    asks = list(Ask.objects.filter(case=case).values_list("text", flat=True))
    do(town, case, "screen", {**WHY, "split": ["1"]}, NOW)
    made = Case.objects.get(derived_from=case)
    assert list(made.asks.values_list("number", "text")) == [(1, asks[0])]
    assert list(case.asks.values_list("number", "text")) == [(1, asks[1])]
    assert (made.reporter, made.title) == (case.reporter, f"{case.title}（分案）")
    assert task_of(case, "submit").person == task_of(made, "submit").person == case.reporter
    assert list(made.signatures.values_list("deputy", flat=True)) == signed
    assert selectors.proposers(case, NOW.date())[0] == 1
    assert Notice.objects.filter(person=case.reporter, kind="split").count() == 1


@pytest.mark.parametrize(("apart", "sentence"), [(["1", "2"], "至少留下一条"), (["7"], "没有这一条诉求")])
def test_refuses_to_leave_nothing_or_to_take_what_is_not_there(town, apart, sentence):
    case = play_until(town, "screen")
    with pytest.raises(AnswersRejected) as refused:
        do(town, case, "screen", {**WHY, "split": apart}, NOW)
    assert sentence in refused.value.problems["split"]
    assert not Case.objects.filter(derived_from=case).exists()
