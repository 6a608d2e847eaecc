"""Why a case does not move, in words, with the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin import engine
from huiyin.cases import runtime
from huiyin.definitions.models import Definition

#: code -> the sentence; `step` is the step of the old version, `other` what the obstacle names besides
SENTENCES: dict[str, Promise | str] = {
    "step-gone": _("新版没有环节「%(step)s」：请指定对应的新环节"),
    "way-gone": _("有分支已从「%(step)s」到达汇合处，新版没有这个环节：请指定对应的新环节"),
    "other-kind": _("「%(step)s」在新版对应的「%(other)s」是另一类节点"),
    "other-scope": _("「%(step)s」在新版对应的「%(other)s」位于另一个子流程"),
    "instances-changed": _("「%(step)s」在新版不再以同样的方式逐个单位办理"),
    "way-moved": _("有分支已从「%(other)s」到达「%(step)s」，新版的「%(other)s」不再直接通向那里"),
    "never-together": _("新版中这些环节不会这样同时等待：%(other)s"),
    "fact-missing": _("新版在「%(step)s」要看 %(other)s，它只在事项已经过的环节填写"),
    "closing-changed": _("「%(step)s」与新版「%(other)s」办结与否不同，迁移会改变事项的办结状态"),
    "message-lost": _("正在计时的期限届满时要发出消息 %(other)s，新版没有接收它的边界事件"),
    "ended": _("事项已结束"),
    "unreadable": _("事项的流程状态读不出来，请联系平台管理员"),
    "not-the-same": _("迁移后等待的环节与原来不一致"),
    "NobodyThere": _("新版的办理对象在本事项找不到人"),
    "NotAsSaved": _("待办环节与流程状态不一致，请联系平台管理员"),
    "RunsElsewhere": _("事项已不在原来的版本上"),
    "WentOn": _("迁移后已有人办理或期限已起作用"),
}
#: Obstacles that name nodes of the new version in `other`; the rest name nodes of the old one, or a message.
_NEW = frozenset({"other-kind", "other-scope", "instances-changed", "closing-changed", "never-together"})


def sentence(source: Definition, target: Definition, element: str, code: str, other: str) -> str:
    """What stands against a case, naming steps as they are drawn."""
    old, new = (_names(row) for row in (source, target))
    naming = new if code in _NEW else old
    if code == "fact-missing":
        old = new  # the node that would miss it
    others = [naming(name) for name in other.split(" ")] if other else []
    text = str(SENTENCES.get(code, "%(code)s"))
    return text % {"step": old(element), "other": "、".join(others), "code": code}


def sentences(source: Definition, target: Definition, reasons: Iterable[Iterable[str]]) -> list[str]:
    """The sentences of some reasons, each once."""
    return list(dict.fromkeys(sentence(source, target, *reason) for reason in reasons))


def as_rows(obstacles: Iterable[engine.Obstacle]) -> list[list[str]]:
    """Obstacles as they are stored."""
    return [[one.element, one.code, one.other] for one in obstacles]


def _names(definition: Definition) -> Callable[[str], str]:
    steps = runtime.of(definition.pk).process.steps
    return lambda name: (steps[name].name or name) if name in steps else name
