"""签发: a draft on the pages of those who read, mark, return and sign it, and the letter that comes of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases.models import Case, ReplyDraft
from huiyin.core import ids, time_source
from huiyin.directory.models import Unit
from huiyin.files.models import Attachment
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, task_of
from tests.web.test_sealed_letters import LETTER
from tests.web.test_suggestions import text

ASKS = ("年内完成老城区主管网改造", "公布改造计划和停水安排")


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-11 10:00")):
        yield


def paper(answer) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(answer.getvalue())).paragraphs]


def test_a_returned_draft_is_shown_and_not_typed_again(client_of, town):
    case = play_until(town, "check")
    remarks = "请补充时间安排和责任人"
    do(town, case, "check", {"review": {"decision": "return", "remarks": remarks}}, time_source.now())
    assert "退回修改</span>" in text(client_of("a").get("/tasks/"))
    page = text(client_of("a").get(reverse("task", args=[task_of(case, "draft").public_id])))
    assert page.count("已列入今年计划并完成施工，水压稳定。") >= 4  # twice shown, twice in the form
    for words in (remarks, "答复稿第 1 稿", "登门与代表面商", "已保障管网改造用地和资金。", "0990-5551234"):
        assert words in page


def test_whoever_drafted_it_is_told_before_that_somebody_else_lets_it_pass(client_of, town):
    case = play_until(town, "check")
    page = reverse("task", args=[task_of(case, "check").public_id])
    told = "这一稿是您拟的"
    assert told not in text(client_of("a-head").get(page))
    ReplyDraft.objects.filter(case=case).update(by=town.actors["a-head"].person)
    assert told in text(client_of("a-head").get(page))


def test_a_first_draft_is_not_called_returned(client_of, town):
    play_until(town, "draft")
    assert "退回修改</span>" not in text(client_of("a").get("/tasks/"))


def test_a_mark_stands_at_its_passage_for_whoever_drafts_again(client_of, town):
    case = play_until(town, "check")
    task = task_of(case, "check")
    checker, address = client_of("a-head"), reverse("task", args=[task.public_id])
    wrong = {"key": "k1", "seen_revision": task.revision, "review.decision": "return"}
    wrong |= {"review.marks.passage": "没有这一句", "review.marks.words": "写明哪天完工"}
    refused = checker.post(address, wrong)
    assert refused.status_code == 422
    assert "批注 1 的原文在这一稿里找不到" in text(refused)
    assert "写明哪天完工" in text(refused)
    assert "在几条答复里都有" in text(checker.post(address, wrong | {"review.marks.passage": "完成施工"}))
    sent = checker.post(address, wrong | {"review.marks.ask": "2", "review.marks.passage": "完成施工"})
    assert sent.status_code == 302
    assert "退回修改</span>" in text(client_of("a").get("/tasks/"))
    page = text(client_of("a").get(reverse("task", args=[task_of(case, "draft").public_id])))
    assert page.count('data-n="1">完成施工</mark>') == 1
    assert "<q>完成施工</q> <strong>写明哪天完工</strong>" in page
    english = text(
        client_of("a").get(reverse("case", args=[case.public_id]), headers={"Accept-Language": "en"})
    )
    assert "Check" in english
    assert "办公室核稿" not in english


def written_anew(first: ReplyDraft, more: str, **columns) -> ReplyDraft:
    """A copy of a draft with a clause more in the answer to its first ask."""
    answers, second = list(first.answers.all()), ReplyDraft.objects.get(pk=first.pk)
    second.pk, second.public_id = None, ids.new_id()
    for name, value in columns.items():
        setattr(second, name, value)
    second.save()
    for number, answer in enumerate(answers):
        answer.pk, answer.draft = None, second
        answer.text = f"{answer.text}{more}" if number == 0 else answer.text
        answer.save()
    return second


def test_a_signer_sees_what_the_new_draft_changed(client_of, town):
    case = play_until(town, "check")
    shown = reverse("task", args=[task_of(case, "check").public_id])
    assert "<ins>" not in text(client_of("a-head").get(shown))
    written_anew(ReplyDraft.objects.get(case=case), "责任人：张工。", version=2)
    page = text(client_of("a-head").get(shown))
    assert "与上一稿相比的改动" in page
    assert "<ins>责任人：张工。</ins>" in page
    assert page.count("<ins>") == 1, "what stayed is not marked"


def test_a_signer_sees_what_a_new_round_says_otherwise_in_the_text_too(client_of, town):
    case = play_until(town, "check")
    first, shown = ReplyDraft.objects.get(case=case), reverse("task", args=[task_of(case, "check").public_id])
    ReplyDraft.objects.filter(pk=first.pk).update(text="感谢您的关心。")
    first.refresh_from_db()
    first.as_reply(
        case=case, round=1, by=first.by, at=first.at, delivered_on=date(2026, 2, 10), way="site"
    ).save()
    Case.objects.filter(pk=case.pk).update(round=2)
    written_anew(first, "责任人：张工。", round=2, version=1, text="感谢您的关心。今后每月通报。")
    page = text(client_of("a-head").get(shown))
    assert "与上次答复相比的改动" in page
    assert "<ins>责任人：张工。</ins>" in page
    assert "<ins>今后每月通报。</ins>" in page


def test_a_signer_reads_the_draft_point_by_point(client_of, town):
    case = play_until(town, "issue")
    page = text(client_of("a-head").get(reverse("task", args=[task_of(case, "issue").public_id])))
    for words in (*ASKS, "答复稿第 1 稿", "办公室核稿", "协办会签", "class-letter"):
        assert words in page
    assert "答复稿第 1 稿" not in text(client_of("deputy").get(reverse("case", args=[case.public_id])))


def test_the_letter_answers_every_ask(client_of, town, tmp_path, monkeypatch):
    case = play_until(town, "rate")
    url = reverse("case_letter", args=[case.public_id, 1])
    deputy = client_of("deputy")
    assert url in text(deputy.get(reverse("case", args=[case.public_id])))
    lines = paper(deputy.get(url))
    said = "\n".join(lines)
    for words in (f"对{case.number}的答复", "岚水利〔2026〕12号", "类别：A", "等2名代表：", *ASKS, "b局意见：",
                  "沈科", "0990-5551234", "签发人：何局", "2026年2月10日", "抄送：", "a局"):  # fmt: skip
        assert words in said
    assert "{{" not in said
    own = docx.Document()
    own.add_paragraph("本县格式 {{标题}}")
    own.save(tmp_path / "reply.docx")
    monkeypatch.setenv("HUIYIN_LETTERS", str(tmp_path))
    assert paper(deputy.get(url)) == [f"本县格式 对{case.number}的答复"]
    (tmp_path / "reply.docx").write_bytes(b"no word file")
    assert deputy.get(url).status_code == 409


def test_the_letter_encloses_the_rating_form(client_of, town):
    case = play_until(town, "rate")
    lines = paper(client_of("congress").get(reverse("case_letter", args=[case.public_id, 1])))
    form = lines[lines.index("办理情况征询意见表") :]
    assert [f"诉求{number}：{ask}　□已落实　□未落实" for number, ask in enumerate(ASKS, 1)] == form[5:7]
    assert "办理结果：□满意　□基本满意　□不满意" in form
    assert f"领衔代表：{case.reporter.name}" in form


def test_there_is_no_letter_before_there_is_a_reply_or_out_of_sight(client_of, town):
    case = play_until(town, "deliver")
    url = reverse("case_letter", args=[case.public_id, 1])
    assert client_of("deputy").get(url).status_code == 404
    assert client_of("c").get(url).status_code == 404


def test_the_unit_prints_the_letter_before_anybody_gets_it(client_of, town):
    case = play_until(town, "deliver")
    url = reverse("case_letter", args=[case.public_id, 1])
    head = client_of("a-head")
    assert "下载答复函（Word）" in text(head.get(reverse("case", args=[case.public_id])))
    said = "\n".join(paper(head.get(url)))
    for words in (
        *ASKS,
        ReplyDraft.objects.filter(case=case).latest("version").document_number,
        "签发人：何局",
    ):
        assert words in said


def test_the_letter_is_a_page_to_print_too_for_those_who_may_have_it(client_of, town):
    case = play_until(town, "deliver")
    url, head = reverse("print_letter", args=[case.public_id, 1]), client_of("a-head")
    assert url in text(head.get(reverse("case", args=[case.public_id])))
    page = text(head.get(url))
    for words in (
        *ASKS,
        ReplyDraft.objects.filter(case=case).latest("version").document_number,
        "签发人：何局",
    ):
        assert words in page
    assert client_of("deputy").get(url).status_code == 404, "nothing is delivered yet"
    assert client_of("c").get(url).status_code == 404
    assert head.get(reverse("print_letter", args=[case.public_id, 7])).status_code == 404


def test_a_sealed_letter_is_read_before_it_is_delivered_by_those_who_see_drafts(client_of, town):
    case, head = play_until(town, "deliver"), client_of("a-head")
    sealed = SimpleUploadedFile("盖章.pdf", LETTER, "application/pdf")
    assert (
        head.post(reverse("case_act", args=[case.public_id, "seal"]), {"sealed": sealed}).status_code == 302
    )
    link = reverse("attachment", args=[Attachment.objects.get(kind="sealed").public_id])
    assert link in text(head.get(reverse("case", args=[case.public_id])))


def test_who_returns_a_draft_is_told_so_and_is_not_led_into_the_drafting(client_of, town):
    case = play_until(town, "check")
    task, head = task_of(case, "check"), client_of("a-head")
    sent = {
        "key": "k1",
        "seen_revision": task.revision,
        "review.decision": "return",
        "review.remarks": "缺时间表",
    }
    answer = head.post(reverse("task", args=[task.public_id]), sent, follow=True)
    assert "已退回修改。" in text(answer)
    assert answer.redirect_chain[-1][0] == reverse("case", args=[case.public_id])


def test_the_case_names_its_units_its_people_and_its_papers(client_of, town):
    fresh = play_until(town, "screen")
    assert "还没有文件。" in text(client_of("congress").get(reverse("case", args=[fresh.public_id])))
    case = play_until(town, "deliver", definition=fresh.definition)
    part = case.assignments.get(part="lead")
    part.handler = town.actors["a"].person
    part.save()
    Unit.objects.filter(pk=part.unit_id).update(telephone="0990-5551234")
    page = text(client_of("congress").get(reverse("case", args=[case.public_id])))
    people = page.partition('id="people"')[2].partition("</section>")[0]
    assert 'href="tel:0990-5551234"' in people
    assert f"承办人 {part.handler.name}" in people
    papers = page.partition('id="papers"')[2].partition("</section>")[0]
    assert reverse("case_letter", args=[case.public_id, 1]) in papers
    assert "第 1 次答复函（Word）" in papers
