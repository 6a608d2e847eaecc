"""答复函模板: a unit downloads its letter, changes it in Word, sends it back, and writes with it from then on."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases import present
from huiyin.cases.models import Case, ReplyDraft
from huiyin.congress import letter_files
from huiyin.congress.models import LetterTemplate
from huiyin.history.models import Entry
from huiyin.web import letter_writing
from tests.web.playing import play_until


@pytest.fixture
def url(town):
    return reverse("reply_letter", args=[town.units["a"].public_id])


def paper(*lines: str) -> bytes:
    letter, out = docx.Document(), BytesIO()
    for line in lines:
        letter.add_paragraph(line)
    letter.save(out)
    return out.getvalue()


OWN = paper("试跑县 a局 红头文件", "{{标题}}", "{{正文}}", "{{单位}}　{{日期}}")


def send(client, url, raw: bytes, **more):
    upload = SimpleUploadedFile("letter.docx", raw)
    return client.post(url, {"act": "keep", "file": upload, **more})


def lines_of(raw: bytes) -> list[str]:
    return [one.text for one in docx.Document(BytesIO(raw)).paragraphs]


def test_the_units_own_letter_is_used_from_then_on_and_the_shipped_one_comes_back(client_of, town, url):
    case, head = play_until(town, "deliver"), client_of("a-head")
    letter = reverse("case_letter", args=[case.public_id, 1])
    shipped = lines_of(head.get(letter).getvalue())
    assert send(head, url, OWN).status_code == 302
    page = head.get(reverse("reply_templates")).content.decode()
    assert "用的是本单位自己的模板" in page
    mine = lines_of(head.get(letter).getvalue())
    assert mine[0] == "试跑县 a局 红头文件"
    assert any("年内完成老城区主管网改造" in line for line in mine)
    assert lines_of(head.get(url).getvalue())[1] == "{{标题}}", "what is downloaded is the template"
    assert head.post(url, {"act": "drop"}).status_code == 302
    assert lines_of(head.get(letter).getvalue()) == shipped
    kinds = Entry.objects.filter(subject_kind="unit").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["letter_kept", "letter_dropped"]


def with_macros() -> bytes:
    out = BytesIO(OWN)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (paper("{{标题}}"), "请在答复正文的位置写上 {{正文}}"),
        (paper("{{正文}}", "{{身份证}}"), "答复函里不能用“身份证”"),
        (paper("{{正文}}", "{{不存在的名称 类别}}"), "答复函里不能用“不存在的名称 类别”"),
        (b"plain text", "不是能读取的 Word 文件（.docx，不超过 2 MB）"),
        (with_macros(), "带有宏"),
        (OWN + b"\0" * letter_files.LARGEST, "超过 2 MB"),
        (b"", "请先选择文件。"),
    ],
    ids=["no body", "unknown name", "two names", "no word file", "macros", "too large", "nothing"],
)
def test_a_file_that_cannot_serve_is_refused_with_the_way_out(client_of, url, raw, said):
    answer = send(client_of("a"), url, raw) if raw else client_of("a").post(url, {"act": "keep"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LetterTemplate.objects.exists()


def test_is_the_affair_of_the_units_own_people(client_of, url):
    assert send(client_of("b"), url, OWN).status_code == 404
    assert send(client_of("office"), url, OWN).status_code == 403
    assert client_of("b").get(url).status_code == 404
    assert not LetterTemplate.objects.exists()


def test_every_name_that_the_page_offers_is_filled(client_of, town):
    case = play_until(town, "rate")
    facts = letter_writing.facts_of(case, present.case(case, town.actors["a-head"]).rounds[0])
    assert set(facts.words) == set(letter_files.WORDS)
    assert set(facts.paragraphs) == set(letter_files.PARAGRAPHS)


def test_a_line_with_nothing_to_say_is_left_out():
    facts = letter_writing.Facts(
        words={"联系人": "", "联系电话": "", "标题": "对建议的答复"}, paragraphs={"正文": ("已办。",)}
    )
    raw = letter_writing.write(
        facts, paper("{{标题}}", "（联系人：{{联系人}}　电话：{{联系电话}}）", "{{正文}}", "此复")
    )
    lines = [one.text for one in docx.Document(BytesIO(raw)).paragraphs]
    assert lines == ["对建议的答复", "已办。", "此复"]


def signed_with(first: Case, town) -> Case:
    """Another suggestion whose reply is signed with the number of the first one's letter."""
    letter = ReplyDraft.objects.filter(case=first).latest("version")
    second = play_until(town, "check", definition=first.definition)
    draft = ReplyDraft.objects.get(case=second)
    draft.document_number, draft.signed_by, draft.signed_on = letter.document_number, "方明", letter.signed_on
    draft.save()
    draft.answers.filter(ask__number=1).update(text="已并入同一工程办理。")
    return second


def test_a_joint_answer_is_one_letter_to_all_who_asked(client_of, town):
    first = play_until(town, "deliver")
    second, head = signed_with(first, town), client_of("a-head")
    for case in (first, second):
        lines = lines_of(head.get(reverse("case_letter", args=[case.public_id, 1])).getvalue())
        assert f"对{first.number}、{second.number}的合并答复" in lines
        assert "已并入同一工程办理。" in lines
        names = [lines.index(f"【{one.number}】{one.title}") for one in (first, second)]
        assert names == sorted(names)
        assert f"编号：{case.number}" in lines, "each lead deputy rates the own suggestion"
    printed = head.get(reverse("print_letter", args=[first.public_id, 1])).content.decode()
    assert f"对{first.number}、{second.number}的合并答复" in printed


def test_who_does_not_see_the_other_matter_reads_the_own_answer_alone(client_of, town):
    first = play_until(town, "rate")
    second = signed_with(first, town)
    lines = lines_of(client_of("deputy").get(reverse("case_letter", args=[first.public_id, 1])).getvalue())
    assert f"对{first.number}的答复" in lines
    assert not any(second.number in line for line in lines)
