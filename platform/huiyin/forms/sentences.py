"""What a person is told about a part of a compound answer: one sentence per (kind, part)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from jsonschema.exceptions import ValidationError

_REMARKS = _("退回时请写明意见，或者在稿上批注")
_PASSAGE = _("批注 %(n)s 请填写稿中的原文")
_MARKED = _("批注 %(n)s 请写明意见")
_DECISION = _("请选择处理意见")
_CONFIRM = _("请勾选确认")
_REASON = _("请写明理由")

#: (kind, part) -> the sentence when the part is missing or wrong; %(n)s is the row or the ask that it stands in.
SENTENCES: dict[tuple[str, str], Promise] = {
    ("progress", "milestone"): _("选择“该节点已完成”时，请先选择节点"),
    ("reply_draft", "result"): _("请选择总的办理结果"),
    ("reply_draft", "asks.result"): _("诉求 %(n)s 请选择办理结果"),
    ("reply_draft", "asks.text"): _("诉求 %(n)s 请写明答复"),
    ("rating", "asks.settled"): _("诉求 %(n)s 请选择是否落实"),
    ("signatures", "confirmed"): _CONFIRM,
    ("conversion", "confirmed"): _CONFIRM,
    ("register", "category"): _("请选择类别"),
    ("handover", "on"): _("请选择交办日期"),
    ("review", "decision"): _DECISION,
    ("review", "remarks"): _REMARKS,
    ("review", "marks.passage"): _PASSAGE,
    ("review", "marks.words"): _MARKED,
    ("issuing", "marks.passage"): _PASSAGE,
    ("issuing", "marks.words"): _MARKED,
    ("issuing", "decision"): _DECISION,
    ("issuing", "remarks"): _REMARKS,
    ("issuing", "document_number"): _("签发时请填写文号"),
    ("issuing", "signed_by"): _("签发时请填写签发人"),
    ("issuing", "signed_on"): _("签发时请选择签发日期"),
    ("delivery", "on"): _("请选择送达日期"),
    ("delivery", "way"): _("请选择送达方式"),
    ("objection", "reason"): _("请写明提出异议的理由（至少 5 个字）"),
    ("ruling", "decision"): _DECISION,
    ("ruling", "reason"): _REASON,
    ("extension", "to"): _("请选择申请延至的日期"),
    ("extension", "reason"): _REASON,
    ("extension_ruling", "decision"): _DECISION,
    ("extension_ruling", "to"): _("请选择同意延至的日期"),
    ("extension_ruling", "reason"): _REASON,
    ("second_look", "decision"): _DECISION,
    ("commitments", "text"): _("第 %(n)s 行请写明承诺事项"),
    ("commitments", "due_on"): _("第 %(n)s 行请选择完成期限"),
    ("milestones", "name"): _("第 %(n)s 行请写明节点名称"),
    ("milestones", "planned_on"): _("第 %(n)s 行请选择计划完成日期"),
    ("visit", "milestone"): _("请重新选择节点"),
    ("visit", "agrees"): _("请选择现场是否与填报一致"),
    ("visit", "text"): _("请写明现场看到的情况"),
    ("transcription", "way"): _("请选择是怎样来的"),
    ("transcription", "on"): _("请选择收到日期"),
    ("transcription", "note"): _("电话代录请写明通话时间、怎样核实身份"),
    ("transcription", "proof"): _("请上传纸质原件的扫描件或照片"),
    ("tally", "members"): _("请填写应到人数（整数）"),
    ("tally", "satisfied"): _("请填写满意票数（整数）"),
    ("tally", "basic"): _("请填写基本满意票数（整数）"),
    ("tally", "dissatisfied"): _("请填写不满意票数（整数）"),
    ("tally", "abstained"): _("请填写弃权票数（整数）"),
}


class OfPart(str):
    """
    A sentence about one part of a compound answer, to stand beside it.

    `part` is the part's name; in a row, and of an ask, it begins with the number: `2-due_on`.
    """

    part: str

    def __new__(cls, sentence: str, part: str) -> OfPart:
        """The sentence, with its place."""
        text = super().__new__(cls, sentence)
        text.part = part
        return text


def of_part(kind: str, error: ValidationError) -> str:
    """The sentence for the part of a compound answer that an error is about; empty if there is none."""
    path = list(error.absolute_path)[1:]
    names = [step for step in path if isinstance(step, str)]
    index = next((step for step in path if isinstance(step, int)), None)
    found: Any = error.instance
    if error.validator in ("required", "dependentRequired") and isinstance(found, dict):
        wanted: Any = error.validator_value
        needed = wanted if isinstance(wanted, list) else [name for more in wanted.values() for name in more]
        names += [name for name in needed if name not in found][:1]
    elif str(error.validator) in ("minLength", "maxLength") and found:
        return ""  # how long it may be is said better
    sentence = SENTENCES.get((kind, ".".join(names)))
    if sentence is None:
        return ""
    if index is None:
        return OfPart(str(sentence) % {"n": 1}, names[-1])
    number = found["ask"] if isinstance(found, dict) and "ask" in found and names[0] == "asks" else index + 1
    return OfPart(str(sentence) % {"n": number}, f"{number}-{names[-1]}")
