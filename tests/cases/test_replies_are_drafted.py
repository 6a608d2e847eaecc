"""A reply on its way: drafted point by point, reviewed, issued, delivered."""

from __future__ import annotations

import pytest

from huiyin.cases import errors, marking, services
from huiyin.cases.models import DraftReview, Reply, ReplyDraft
from huiyin.forms.answers import AnswersRejected
from huiyin.history import selectors as history
from huiyin.notices.models import Notice
from tests.cases.acting import act_of, answers, record, said, speak, write_asks
from tests.cases.conftest import REPORT

ISSUE = {
    "decision": "issue",
    "document_number": "建〔2026〕1号",
    "signed_by": "方明",
    "signed_on": "2026-09-01",
}


@pytest.fixture
def spoken(play):
    """A suggestion of three asks that unit a leads, b joins, and a has spoken about."""
    write_asks(play)
    play.dispatch("b")
    speak(play)
    return play


@pytest.fixture
def drafted(spoken):
    record(act_of(spoken), "reply_draft", answers(1, 2, 3, text="总的说明"))
    return spoken


def sentence(play, value, by="a") -> str:
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(play, by), "reply_draft", value)
    return refused.value.problems["reply_draft"]


def test_a_draft_answers_every_ask(spoken):
    act = record(act_of(spoken), "reply_draft", answers(3, 1, 2))
    draft = ReplyDraft.objects.get()
    assert (draft.version, draft.unit) == (1, spoken.town.units["a"])
    assert [answer.ask.number for answer in draft.answers.all()] == [1, 2, 3]
    assert said(act) == ["reply_drafted"]


def test_a_draft_that_leaves_asks_out_names_them(spoken):
    assert sentence(spoken, answers(1)) == "诉求 2、3 还没有答复"
    assert sentence(spoken, answers(1, 2, 3, 7)) == "没有诉求 7，请核对"
    assert sentence(spoken, answers(1, 2, 3, 2)) == "诉求 2 答复了不止一次"
    assert not ReplyDraft.objects.exists()


def test_without_asks_a_draft_has_its_words(play):
    play.dispatch()
    speak(play)
    assert sentence(play, answers()) == "请填写答复内容"
    record(act_of(play), "reply_draft", answers(text="已修好"))
    assert ReplyDraft.objects.get().text == "已修好"


def test_nobody_drafts_before_speaking_with_the_deputy_in_this_round(play):
    write_asks(play)
    play.dispatch("b")
    speak(play, "b")
    assert sentence(play, answers(1, 2, 3)) == "还没有本次办理与代表的沟通记录，请先登记"
    contact = speak(play, "a")
    contact.round = 2
    contact.save()
    assert "沟通记录" in sentence(play, answers(1, 2, 3))
    speak(play, "a")
    record(act_of(play), "reply_draft", answers(1, 2, 3))
    assert ReplyDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("steps", "routed"),
    [
        (["check", "cosign", "review"], (True, True, True)),
        (["review"], (False, False, True)),
        ([], (False, False, False)),
    ],
)
def test_the_unit_says_which_steps_its_replies_pass(spoken, steps, routed):
    unit = spoken.town.units["a"]
    unit.reply_steps = steps
    unit.save()
    act = record(act_of(spoken), "reply_draft", answers(1, 2, 3))
    assert tuple(act.routing[name] for name in ("step_check", "step_cosign", "step_review")) == routed


def test_nobody_cosigns_where_no_unit_joins(play):
    write_asks(play)
    play.dispatch()
    speak(play)
    act = record(act_of(play), "reply_draft", answers(1, 2, 3))
    assert act.routing == {"step_check": True, "step_cosign": False, "step_review": True}


def test_a_returned_draft_keeps_its_remarks_and_gets_a_next_version(drafted):
    act = record(act_of(drafted, "b"), "review", {"decision": "return", "remarks": "缺时间表"})
    assert (act.routing, said(act)) == ({"review": "return"}, ["draft_returned"])
    record(act_of(drafted), "reply_draft", answers(1, 2, 3))
    act = record(act_of(drafted, "b"), "review", {"decision": "pass"})
    assert (act.routing, said(act)) == ({"review": "pass"}, ["draft_reviewed"])
    reviews = DraftReview.objects.order_by("id").values_list("draft__version", "decision", "remarks")
    assert list(reviews) == [(1, "return", "缺时间表"), (2, "pass", "")]


def test_what_was_returned_is_not_sent_again_word_for_word(drafted):
    again = answers(1, 2, 3, text="总的说明")
    record(act_of(drafted), "reply_draft", again)  # nobody has said a word of it yet
    record(act_of(drafted, "b"), "review", {"decision": "return", "remarks": "缺时间表"})
    assert sentence(drafted, again) == "与退回的第 2 稿完全相同，请按意见修改后再送核"
    record(act_of(drafted), "reply_draft", answers(1, 2, 3, text="九月底前完成"))
    assert ReplyDraft.objects.count() == 3


def test_marks_stay_with_the_version_that_they_were_made_in(drafted):
    marks = [{"passage": "第 2 项", "words": "哪天办的"}]
    record(act_of(drafted, "b"), "review", {"decision": "return", "marks": marks})
    record(act_of(drafted), "reply_draft", answers(1, 2, 3))
    record(act_of(drafted, "a-head"), "issuing", {"decision": "return", "marks": marks, "remarks": "再改"})
    kept = DraftReview.objects.order_by("id").values_list("draft__version", "remarks", "marks")
    placed = [{**marks[0], "ask": 2}]
    assert list(kept) == [(1, "", placed), (2, "再改", placed)]


def test_a_passage_that_stands_in_several_answers_is_marked_in_the_one_that_is_named(drafted):
    again = answers(1, 2, 3)
    again["asks"] = [{**one, "text": "正在研究办理的办法。"} for one in again["asks"]]
    record(act_of(drafted), "reply_draft", again)
    mark = {"passage": "正在研究", "words": "哪天有结果"}
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "b"), "review", {"decision": "return", "marks": [mark]})
    assert refused.value.problems == {"review": "批注 1 的原文在几条答复里都有，请写明是第几项"}
    record(act_of(drafted, "b"), "review", {"decision": "return", "marks": [{**mark, "ask": 3}]})
    (review,) = DraftReview.objects.all()
    cut = {
        n: [run.number for run in marking.marked("正在研究办理的办法。", [review], n)] for n in (0, 1, 2, 3)
    }
    assert cut == {0: [0], 1: [0], 2: [0], 3: [1, 0]}


def test_a_passage_is_sought_in_the_answer_that_is_named(drafted):
    marks = [{"ask": 1, "passage": "第 2 项", "words": "好"}]
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "b"), "review", {"decision": "return", "marks": marks})
    assert "批注 1 的原文在这一稿里找不到" in refused.value.problems["review"]


@pytest.mark.parametrize("kind", ["review", "issuing"])
def test_a_passage_that_is_not_in_the_draft_is_refused(drafted, kind):
    marks = [
        {"passage": "第 1 项已办", "words": "好"},
        {"passage": "第 1 项已办\n2. 第 2 项", "words": "两条"},
    ]
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "a-head"), kind, {"decision": "return", "marks": marks})
    assert refused.value.problems == {kind: "批注 2 的原文在这一稿里找不到，请从同一条答复里照原样选取"}
    assert not DraftReview.objects.exists()


def test_what_is_marked_is_not_issued(drafted):
    marks = [{"passage": "第 1 项", "words": "再改"}]
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "a-head"), "issuing", {**ISSUE, "marks": marks})
    assert refused.value.problems == {"issuing": "稿上还有批注：请选“退回修改”，或者清空批注后签发"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("review", {"decision": "pass"}), ("issuing", ISSUE), ("delivery", {"on": "2026-09-01", "way": "site"})],
)
def test_without_a_draft_there_is_nothing_to_judge(spoken, kind, value):
    with pytest.raises(errors.NoDraft):
        record(act_of(spoken), kind, value)


def test_issuing_gives_number_signer_and_day(drafted):
    act = record(act_of(drafted, "a-head"), "issuing", ISSUE)
    draft = ReplyDraft.objects.get()
    assert (draft.document_number, draft.signed_by, str(draft.signed_on)) == (
        "建〔2026〕1号",
        "方明",
        "2026-09-01",
    )
    assert (act.routing, said(act)) == ({"review": "pass"}, ["reply_issued"])
    assert "方明" not in str([entry.facts for entry in history.entries_of("case", drafted.case.pk)])


def test_issuing_in_the_future_is_refused_and_returning_needs_no_number(drafted):
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "a-head"), "issuing", {**ISSUE, "signed_on": "2026-09-02"})
    assert refused.value.problems == {"issuing": "签发日期不能晚于今天"}
    act = record(act_of(drafted, "a-head"), "issuing", {"decision": "return", "remarks": "重写第二条"})
    assert act.routing == {"review": "return"}
    assert DraftReview.objects.get().remarks == "重写第二条"
    assert ReplyDraft.objects.get().document_number == ""


def test_a_number_belongs_to_one_letter_unless_it_is_said_to_answer_both(drafted):
    case = drafted.case
    other = services.start_case(definition=case.definition, answers=REPORT, place=case.place, now=drafted.now)
    ReplyDraft.objects.create(
        case=other, round=1, version=1, unit=drafted.town.units["a"], result="done", by=drafted.asker.person,
        at=drafted.now, document_number=ISSUE["document_number"], signed_by="方明", signed_on="2026-09-01",
    )  # fmt: skip
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(drafted, "a-head"), "issuing", ISSUE)
    assert f"文号 建〔2026〕1号 已经用于{other.number}" in refused.value.problems["issuing"]
    record(act_of(drafted, "a-head"), "issuing", {**ISSUE, "joint": "yes"})
    assert ReplyDraft.objects.filter(document_number=ISSUE["document_number"]).count() == 2


def test_what_is_delivered_is_the_newest_draft(drafted):
    record(act_of(drafted), "reply_draft", answers(1, 2, 3))
    record(act_of(drafted, "a-head"), "issuing", ISSUE)
    act = record(act_of(drafted, "office"), "delivery", {"on": "2026-09-01", "way": "paper"})
    reply = Reply.objects.get()
    assert (reply.draft.version, reply.unit) == (2, drafted.town.units["a"])
    assert (reply.document_number, str(reply.delivered_on), reply.way) == (
        "建〔2026〕1号",
        "2026-09-01",
        "paper",
    )
    assert reply.text == "1. 第 1 项已办\n2. 第 2 项已办\n3. 第 3 项已办"
    assert said(act) == ["reply_given"]
    told = Notice.objects.filter(kind="answered").values_list("person", flat=True)
    assert set(told) == {drafted.case.reporter_id, drafted.town.actors["deputy"].person.pk}


def test_a_reply_is_delivered_once_and_not_tomorrow(drafted):
    with pytest.raises(AnswersRejected):
        record(act_of(drafted, "office"), "delivery", {"on": "2026-09-02", "way": "site"})
    record(act_of(drafted, "office"), "delivery", {"on": "2026-09-01", "way": "site"})
    with pytest.raises(errors.AnsweredAlready):
        record(act_of(drafted, "office"), "delivery", {"on": "2026-09-01", "way": "site"})
    assert Reply.objects.get().text == "总的说明"


def test_a_step_with_a_draft_takes_progress(play, monkeypatch):
    from huiyin.cases import runtime, services
    from huiyin.cases.models import Task
    from tests.forms.documents import document

    task = Task.objects.select_related("case").get(case=play.case)
    assert not services.takes_progress(task)
    documents = {task.form: document({"reply_draft": {"kind": "reply_draft"}})}
    monkeypatch.setattr(runtime, "of", lambda _id: type("Run", (), {"documents": documents}))
    assert services.takes_progress(task)
