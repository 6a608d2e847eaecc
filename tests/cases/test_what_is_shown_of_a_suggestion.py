"""A case with asks: the table of asks and answers, drafts for offices alone, extensions, visits, the plan."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from huiyin.cases import present
from huiyin.cases.models import Case, DraftAnswer, DraftReview, ReplyDraft
from huiyin.cases.present import choices
from huiyin.directory.actors import Actor
from tests.cases.acting import ASKS, act_of, answers, record, speak, write_asks


@pytest.fixture
def told(play):
    """Drafted twice, with a review of the first; an extension and a visit."""
    write_asks(play)
    play.dispatch("b")
    speak(play)
    record(act_of(play), "reply_draft", answers(1, 2, 3, text="第一稿总的说明"))
    record(act_of(play, "b"), "review", {"decision": "return", "remarks": "缺时间表"})
    record(act_of(play), "reply_draft", answers(1, 2, 3))
    record(act_of(play), "extension", {"to": "2026-09-15", "reason": "需现场勘察"})
    record(act_of(play), "milestones", [{"name": "立项", "planned_on": "2026-10-01"}])
    record(act_of(play, "deputy"), "visit", {"agrees": "no", "text": "还没有动工", "milestone": 1})
    return play


def deliver(play) -> None:
    issue = {
        "decision": "issue",
        "document_number": "建〔2026〕1号",
        "signed_by": "方明",
        "signed_on": "2026-09-01",
    }
    record(act_of(play, "a-head"), "issuing", issue)
    record(act_of(play, "office"), "delivery", {"on": "2026-09-01", "way": "paper"})


def view(play, who: str = "office") -> present.CaseView:
    actor = play.asker if who == "asker" else play.town.actors[who]
    return present.case(Case.objects.get(pk=play.case.pk), actor)


def page(found: present.CaseView) -> str:
    return "".join(
        render_to_string(f"web/parts/{part}.html", {"case": found}) for part in ("asked", "rounds")
    )


def test_an_office_reads_the_drafts_and_their_reviews(told):
    (one,) = view(told, "a").rounds
    assert [draft.version for draft, _reviews in one.drafts] == [2, 1]
    assert [review.remarks for review in one.drafts[1][1]] == ["缺时间表"]
    assert [ask.answer.text for ask in one.asks] == ["第 1 项已办", "第 2 项已办", "第 3 项已办"]
    html = page(view(told, "a"))
    for words in (
        "缺时间表",
        "第一稿总的说明",
        "拟答复",
        "第 2 稿",
        "立项",
        "还没有动工",
        "需现场勘察",
        ASKS[1],
    ):
        assert words in html


@pytest.mark.parametrize("who", ["asker", "deputy"])
def test_who_asked_and_who_follows_read_no_draft(told, who):
    (one,) = view(told, who).rounds
    assert (one.drafts, one.asks) == ((), ())
    html = page(view(told, who))
    for words in ("缺时间表", "第一稿总的说明", "拟答复", "第 1 项已办"):
        assert words not in html
    assert ASKS[1] in html
    actor = told.asker if who == "asker" else told.town.actors[who]
    for model in (ReplyDraft, DraftAnswer, DraftReview):
        assert not model.objects.visible_to(actor).exists()
        assert model.objects.visible_to(told.town.actors["office"]).exists()


def test_everybody_reads_the_reply_point_by_point(told):
    deliver(told)
    (one,) = view(told, "asker").rounds
    assert [(ask.number, ask.answer.result, ask.former) for ask in one.asks] == [
        (n, "done", None) for n in (1, 2, 3)
    ]
    html = page(view(told, "asker"))
    for words in ("建〔2026〕1号", "纸质送达 2026-09-01", "方明", "第 2 项已办"):
        assert words in html
    assert 'class="list answers"' in html
    assert 'data-label="诉求"' in html


def test_a_second_round_stands_beside_what_was_answered_before(told):
    deliver(told)
    Case.objects.filter(pk=told.case.pk).update(round=2)
    speak(told)
    again = {
        "result": "done",
        "asks": [{"ask": n, "result": "done", "text": f"第 {n} 项重办"} for n in (1, 2, 3)],
    }
    record(act_of(told), "reply_draft", again)
    second, first = view(told).rounds
    assert (second.asks[0].answer.text, second.asks[0].former.text) == ("第 1 项重办", "第 1 项已办")
    assert first.asks[0].former is None
    assert (second.drafts[0][0].version, first.drafts[0][0].version) == (1, 2)


def test_internal_lines_of_the_history_are_not_for_the_asker(told):
    def kinds(actor: Actor) -> set[str]:
        return {entry.kind for entry in present.entries_of(told.case, actor)}

    drafting = {"reply_drafted", "draft_returned"}
    assert drafting <= kinds(told.town.actors["a"])
    assert not drafting & kinds(told.asker)
    assert {"extension_asked", "visited"} <= kinds(told.asker)


def test_a_form_offers_asks_milestones_and_other_deputies(told):
    found = choices.choices_of(Case.objects.get(pk=told.case.pk), told.now.date())
    assert found["reply_draft"] == found["rating"] == list(enumerate(ASKS, 1))
    assert found["progress"] == found["visit"] == [(1, "立项")]
    deputy = told.town.actors["deputy"].person
    assert (deputy.public_id, f"{deputy.name}（试跑镇）") in found["invitations"]
    Case.objects.filter(pk=told.case.pk).update(reporter=deputy)
    found = choices.choices_of(Case.objects.get(pk=told.case.pk), told.now.date())
    assert deputy.public_id not in dict(found["invitations"])


def test_another_package_may_offer_more(told, monkeypatch):
    monkeypatch.setattr(choices, "sources", [lambda case, today: {"signatures": [("", "已有 3 名代表附议")]}])
    assert choices.choices_of(told.case, told.now.date())["signatures"] == [("", "已有 3 名代表附议")]
