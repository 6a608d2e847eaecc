"""What is different at a step between two versions, told beside the preview: none of it stands in the way of a move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from huiyin.cases.runtime import Runtime
from huiyin.forms.kinds import JUDGING

#: Field kinds in which a reply is drafted, looked over and issued.
DRAFTING = JUDGING | {"reply_draft"}


def likely(old: Runtime, new: Runtime, step: str, steps: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(id, name) of the steps of the new version that are of the same kind and in the same sub-process."""
    was = old.process.steps[step]
    within = steps.get(was.parent, was.parent) if was.parent else None
    for found in new.process.steps.values():
        if (found.kind, found.parent) == (was.kind, within):
            yield found.id, found.name or found.id


def loses_draft(old: Runtime, new: Runtime, step: str, steps: Mapping[str, str]) -> bool:
    """Whether a draft of a reply is at work in a step's form and no longer in the new one."""
    was, now = (_kinds(run, name) for run, name in ((old, step), (new, steps.get(step, step))))
    return bool(was & DRAFTING) and not now & DRAFTING


def notes(old: Runtime, new: Runtime, step: str, target: str, drafts: int) -> Iterator[str]:
    """Sentences about a step: its name, form, address and deadline, and drafts that the new form does not show."""
    was, now = old.process.steps[step], new.process.steps.get(target)
    if now is None or was.kind != "userTask" or now.kind != "userTask":
        return
    if was.name != now.name:
        yield _("改名为「%(name)s」") % {"name": now.name}
    yield from _form_notes(old, new, was.props["form"], now.props["form"])
    if was.props["address"] != now.props["address"]:
        yield _("办理对象由 %(old)s 改为 %(new)s，已领取的退回待办") % {
            "old": was.props["address"], "new": now.props["address"],
        }  # fmt: skip
    if was.props.get("rule") != now.props.get("rule"):
        yield _("期限规则不同：已在计时的照旧，新到这一环节的按新版")
    if drafts:
        yield _("%(n)s 件有答复稿：稿件保留，新表单不再显示它") % {"n": drafts}


def _form_notes(old: Runtime, new: Runtime, was: str, now: str) -> Iterator[str]:
    before, after = old.documents[was], new.documents[now]
    if before.source == after.source:
        return
    gone = [field.label for name, field in before.fields.items() if name not in after.fields]
    added = [field.label for name, field in after.fields.items() if name not in before.fields]
    yield _("表单有改动：正在填写的页面会请办理人对照新表单再提交")
    if gone:
        yield _("表单不再有：%(labels)s") % {"labels": "、".join(gone)}
    if added:
        yield _("表单新增：%(labels)s") % {"labels": "、".join(added)}


def _kinds(run: Runtime, step: str) -> frozenset[str]:
    found = run.process.steps.get(step)
    form = found.props.get("form") if found else None
    return run.documents[form].kinds if form in run.documents else frozenset()
