"""
The letter of reply: a Word template that an office edits, filled with what was answered.

`reply.docx` lies in `web/letters/`; the folder that `HUIYIN_LETTERS` names goes before it, and a unit's own file before both.
A paragraph may hold names in double
braces, such as {{标题}}; {{正文}}, {{协办意见}} and the rating form's {{征询表}} become as many paragraphs as they need, in the
look of their own one; none, where there is nothing to say.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from django.utils import translation

from huiyin.cases import present
from huiyin.cases.models import Case, Rating
from huiyin.congress import letter_files, numerals
from huiyin.congress.models import Registration
from huiyin.congress.selectors import congress_of, signatures_of
from huiyin.congress.services.letters import letter_of
from huiyin.core import time_source
from huiyin.directory.models import Unit
from huiyin.web.errors import LetterUnreadable

SHIPPED = Path(__file__).parent / "letters"
NAME = "reply.docx"


@dataclass(frozen=True)
class Facts:
    """What a letter says: single words by placeholder, and the paragraphs of the long ones."""

    words: Mapping[str, str]
    paragraphs: Mapping[str, tuple[str, ...]]


def template(unit: Unit | None = None, name: str = NAME) -> bytes:
    """
    The file that serves: the letter of reply that a unit keeps itself, the installation's, or the shipped one.

    :raises LetterUnreadable: if the installation's cannot be opened
    """
    if name == NAME and (own := letter_of(unit)) is not None:
        return own
    folder = os.environ.get("HUIYIN_LETTERS", "")
    path = Path(folder) / name if folder and (Path(folder) / name).is_file() else SHIPPED / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise LetterUnreadable from error


Part = tuple[Case, present.RoundView]


def facts_of(case: Case, shown: present.RoundView, parts: Sequence[Part] = ()) -> Facts:
    """
    What the letter of a round says; official words are Chinese in whatever language the page is read.

    :param parts: every case that the letter answers with its round, this one too, where it answers several (合并答复)
    """
    reply, draft = shown.reply, shown.reply.draft
    signed_on = (draft.signed_on if draft else None) or reply.delivered_on or time_source.day_of(reply.at)
    parts = parts or [(case, shown)]
    cases = [one for one, _round in parts]
    with translation.override("zh-hans"):
        return Facts(
            words={
                "类别": present.CLASSES.get(reply.result, ""),
                "办理结果": str(reply.get_result_display()),
                "文号": reply.document_number,
                "标题": f"对{'、'.join(map(_named, cases))}的{'合并' if len(parts) > 1 else ''}答复",
                "事项": "；".join(one.title for one in cases),
                "编号": "、".join(one.number for one in cases),
                "称呼": "、".join(dict.fromkeys(map(_salutation, cases))),
                "联系人": draft.contact_name if draft else "",
                "联系电话": draft.contact_phone if draft else "",
                "签发人": reply.signed_by,
                "单位": reply.unit.name if reply.unit else "",
                "日期": f"{signed_on.year}年{signed_on.month}月{signed_on.day}日",
                "抄送": _copied_to(case),
            },
            paragraphs={
                "正文": tuple(_bodies(parts)),
                "协办意见": tuple(dict.fromkeys(line for _case, part in parts for line in _opinions(part))),
                **_rating_form(case, shown),
            },
        )


def _named(case: Case) -> str:
    """A case as a letter calls it: by its number of the session, else by its title."""
    is_numbered = Registration.objects.filter(case=case).exists()
    return case.number if is_numbered else f"《{case.title}》"


def _bodies(parts: Sequence[Part]) -> Iterator[str]:
    """What is answered; where the letter answers several cases, under the name of each."""
    for case, shown in parts:
        if len(parts) > 1:
            yield f"【{case.number}】{case.title}"
        yield from _body(shown)


def _salutation(case: Case) -> str:
    if "deputy" not in case.definition.starters:
        return case.reporter.name
    signed = sum(one.status == one.signature.Status.SIGNED for one in signatures_of(case))
    return f"{case.reporter.name}等{signed + 1}名代表" if signed else f"{case.reporter.name}代表"


def _copied_to(case: Case) -> str:
    """The congress's office that is called 代表工委 where there are several."""
    place = congress_of(case, case.received_on)
    offices = list(Unit.objects.filter(kind=Unit.Kind.CONGRESS_OFFICE, place=place).order_by("id"))
    offices.sort(key=lambda unit: "代表" not in unit.name)
    return offices[0].name if offices else "代表工委"


def _body(shown: present.RoundView) -> Iterator[str]:
    reply = shown.reply
    for ask in shown.asks:
        yield f"{numerals.chinese(ask.number)}、关于“{ask.text}”"
        if ask.answer:
            yield from ask.answer.text.splitlines()
            yield f"（办理结果：{ask.answer.get_result_display()}）"
    words = reply.draft.text if shown.asks and reply.draft else reply.text
    yield from filter(None, words.splitlines())


def _opinions(shown: present.RoundView) -> Iterator[str]:
    for note, _photos in shown.opinions:
        yield f"{note.unit.name}意见：{note.text}"
    for unit in shown.silent:
        yield f"{unit}未在期限内提出意见。"


def _rating_form(case: Case, shown: present.RoundView) -> dict[str, tuple[str, ...]]:
    """征询意见表: enclosed for the lead deputy alone, to be sent to the congress's office and entered there."""
    if "deputy" not in case.definition.starters:
        return {"征询表标题": (), "征询表": ()}
    scale = "　".join(f"□{label}" for label in Rating.Scale.labels)
    unit = shown.reply.unit.name if shown.reply.unit else ""
    lines = (
        f"编号：{case.number}",
        f"题目：{case.title}",
        f"领衔代表：{case.reporter.name}",
        f"承办单位：{unit}",
        *(f"诉求{ask.number}：{ask.text}　□已落实　□未落实" for ask in shown.asks),
        f"办理态度：{scale}",
        f"办理结果：{scale}",
        "具体意见：",
        "代表签名：　　　　　　　　　　年　　月　　日",
        f"（本表仅供领衔代表填写，填好后寄送{_copied_to(case)}。）",
    )
    return {"征询表标题": ("办理情况征询意见表",), "征询表": lines}


def write(facts: Facts, raw: bytes) -> bytes:
    """
    Fill a template.

    :raises LetterUnreadable: if it is no Word file
    """
    try:
        letter = docx.Document(BytesIO(raw))
    except Exception as error:  # whatever a broken file makes of the reader
        raise LetterUnreadable from error
    for paragraph in list(letter_files.paragraphs_of(letter)):
        names = letter_files.PLACEHOLDER.findall(paragraph.text)
        long = next((name for name in names if name in facts.paragraphs), None)
        if long is not None:
            _spread(paragraph, facts.paragraphs[long])
        elif names and not any(facts.words.get(name) for name in names) and _may_go(paragraph):
            _spread(paragraph, ())
        elif names:
            _set(
                paragraph,
                letter_files.PLACEHOLDER.sub(lambda found: facts.words.get(found[1], ""), paragraph.text),
            )
    out = BytesIO()
    letter.save(out)
    return out.getvalue()


def _may_go(paragraph: Any) -> bool:
    """A cell of a table keeps its last paragraph: Word opens none without."""
    return len(paragraph._parent.paragraphs) > 1


def _set(paragraph: Any, text: str) -> None:
    """Word cuts a placeholder into runs as it likes; the first run keeps its look and takes the whole text."""
    first, *rest = paragraph.runs
    first.text = text
    for run in rest:
        run.text = ""


def _spread(paragraph: Any, texts: tuple[str, ...]) -> None:
    """One paragraph for each text, all in the look of the one that held the placeholder."""
    for text in texts:
        twin = copy.deepcopy(paragraph._p)
        paragraph._p.addprevious(twin)
        _set(type(paragraph)(twin, paragraph._parent), text)
    paragraph._p.getparent().remove(paragraph._p)
