"""疑似重复: two suggestions side by side; merged, linked, or told apart for good."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.congress import alike, services
from huiyin.congress.errors import ConfidentialCase, SameCase
from huiyin.congress.models import CasePair
from huiyin.core import time_source
from huiyin.directory.actors import NotYourAct
from huiyin.history.selectors import entries_of
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import play_until, publish
from tests.web.test_grid import ids, said
from tests.web.test_suggestions import text


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-03 10:00")):
        yield


@pytest.fixture
def two(town) -> tuple[Case, Case]:
    """Two that say the same, and one that says something else."""
    definition = publish(town)
    first, second, third = (play_until(town, "screen", definition=definition) for _n in range(3))
    Case.objects.filter(pk=third.pk).update(title="关于发展民宿旅游、培育乡村夜经济的建议")
    return first, second


def page(case: Case) -> str:
    return reverse("alike", args=[case.public_id])


def compare(two, town, verdict: str, name: str = "office"):
    return services.compare_cases(
        one=two[0], other=two[1], verdict=verdict, by=town.actors[name], now=time_source.now()
    )


def test_the_grid_counts_what_is_alike_and_leads_to_both_texts(client_of, two):
    office = client_of("office")
    shown = text(office.get(reverse("grid", args=["screen"])))
    assert shown.count("疑似重复 1 件") == 2
    assert page(two[0]) in shown
    side = text(office.get(page(two[0])))
    assert two[1].number in side
    assert "相似 100%" in side
    assert side.count("年内完成老城区主管网改造") == 2
    assert "民宿" not in side


def test_merges_with_the_step_that_the_process_has(client_of, two):
    office = client_of("office")
    side = text(office.get(page(two[0])))
    assert "本件并入对照件" in side
    assert f'name="r-{ids("screen", two[0])[0]}.into" value="{two[1].number}"' in side
    sent = said(
        two[0], "screen", screening="merge", into=two[1].number, reason="内容相同，并案办理，分别答复。"
    )
    office.post(reverse("grid", args=["screen"]), {**sent, "save": ids("screen", two[0])[0]})
    assert Case.objects.get(pk=two[0].pk).merged_into == two[1]
    assert "没有相似的建议" in text(office.get(page(two[1])))


def test_links_two_and_says_so_in_both_histories(client_of, two):
    office = client_of("office")
    answer = office.post(page(two[0]), {"other": two[1].public_id, "verdict": "linked"}, follow=True)
    assert "已关联" in text(answer)
    for case, other in (two, two[::-1]):
        assert f"将本件与 {other.number}" in text(office.get(reverse("case", args=[case.public_id])))


def test_tells_two_apart_for_good(client_of, two, town):
    office = client_of("office")
    office.post(page(two[1]), {"other": two[0].public_id, "verdict": "different"})
    assert "没有相似的建议" in text(office.get(page(two[0])))
    assert alike.counts([case.pk for case in two], town.actors["office"]) == {}
    compare(two, town, "linked")
    assert "已关联" in text(office.get(page(two[0])))
    assert CasePair.objects.count() == 1


def test_refuses_what_cannot_be_compared(client_of, two, town):
    office = client_of("office")
    answer = office.post(page(two[0]), {"other": two[1].public_id, "verdict": "?"})
    assert (answer.status_code, "请选择怎样处理。" in text(answer)) == (422, True)
    with pytest.raises(SameCase):
        compare((two[0], two[0]), town, "linked")
    with pytest.raises(NotYourAct):
        compare(two, town, "linked", "station")
    with pytest.raises(IntegrityError):
        CasePair.objects.create(
            first=two[1], second=two[0], verdict="linked", by=two[0].reporter, at=time_source.now()
        )


def test_is_the_offices_alone(client_of, two):
    assert client_of("a").get(page(two[0])).status_code == 404
    assert client_of("station").get(page(two[0])).status_code == 403


@pytest.mark.parametrize("verdict", ["linked", "different"])
def test_the_other_matters_words_stand_in_no_record(two, town, client_of, verdict):
    assert verdict in CasePair.Verdict.values
    compare(two, town, verdict)
    lines = [line for case in two for line in entries_of("case", case.pk) if line.kind.startswith("case_")]
    facts = [line.facts for line in lines if line.kind in ("case_linked", "case_told_apart")]
    assert len(facts) == 2
    assert all(set(one) == {"to"} for one in facts)
    seen = text(client_of("deputy").get(reverse("case", args=[two[0].public_id])))
    assert two[1].number not in seen, "who asked is not told of another's matter"


def test_a_confidential_matter_is_compared_with_none(two, town):
    Case.objects.filter(pk=two[1].pk).update(restricted=True)
    with pytest.raises(ConfidentialCase):
        compare(two, town, CasePair.Verdict.LINKED)
    assert not CasePair.objects.exists()


def test_linked_matters_lead_to_each_other_for_those_who_see_both(client_of, two, town):
    one, other = two
    office = client_of("office")
    assert "相关事项" not in office.get(reverse("case", args=[one.public_id])).content.decode()
    compare(two, town, "linked")
    for here, there in ((one, other), (other, one)):
        shown = office.get(reverse("case", args=[here.public_id])).content.decode()
        assert "相关事项" in shown
        assert reverse("case", args=[there.public_id]) in shown
    compare(two, town, "different")
    assert "相关事项" not in office.get(reverse("case", args=[one.public_id])).content.decode()
