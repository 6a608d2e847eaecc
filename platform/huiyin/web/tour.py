"""
The demo's guided tours: a citizen's matter, or a deputy's suggestion, of the visitor's own, and at every step a button
that makes the visitor the next person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases import present
from huiyin.cases.models import Case, Task
from huiyin.cases.recorders import drafter_who_waits
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.models import Account, Place, Post
from huiyin.directory.roles import Role

#: What the session keeps: the kind of tour, what there was when it began, and the tour's own matter once it is there.
KEY = "tour"
MATTER, SUGGESTION = "matter", "suggestion"

#: form -> what a visitor might do at a step that asks for it, the first time round and later
HINTS: dict[str, tuple[str, str]] = {
    "screen": (N_("选“受理”，事情就往下走。"), ""),
    "dispatch": (N_("选“交有关单位办理”，主办单位选县交通运输局，再选一名代表。"), ""),
    "sign": (N_("选“签收”。认为不归自己管，也可以提出异议。"), ""),
    "work": (N_("登记与反映人或代表的沟通，写一条进展。可以附照片。"), ""),
    "reply": (N_("写给反映人的答复，选办理结果。"), N_("第二次的答复，要说清这次多做了什么。")),
    "rate": (
        N_("请试着选“不满意”，看它怎样退回重新办理。"),
        N_("这是重新办理的结果，由反映的人说了算。"),
    ),
    "study": (
        N_("评价不满意，事情回到这里：研究原因，交回重新办理。"),
        N_("再次不满意时，可以转入协调会商。"),
    ),
    "ask_second_look": (N_("申请由另一位工作人员再看一次。不申请，期满后退回就此生效。"), ""),
    "second_look": (N_("筛查的人以外的一位来复核。改为受理就继续办理，维持的要说明理由。"), ""),
    "reopen": (N_("办结以后仍可以说“没有解决”。不说，这件事就走完了。"), ""),
    "submit": (N_("选“提交审查”，勾选确认。邀请了附议的，可以先等他们署名。"), ""),
    "screen_suggestion": (N_("选“立案”和类别，建议就有了编号。多件一起审查，用“批量办理”的表格更快。"), ""),
    "propose": (N_("主办单位选县交通运输局：它的承办人和负责人在演示中有账号。"), ""),
    "preview": (N_("选“同意承办”。不同意的，写明理由和建议的单位。"), ""),
    "hand_over": (N_("选交办日期，答复期限从这一天起算。"), ""),
    "assign": (N_("选“按拟办单位”，建议就到了承办单位。"), ""),
    "draft": (N_("逐条答复诉求。可以先存草稿，写好的答复函可以下载。"), ""),
    "check": (N_("选“同意”往下走，退回要写明意见。"), ""),
    "review": (N_("选“同意”往下走，退回要写明意见。"), ""),
    "issue": (N_("对照诉求、答复和沟通记录，填文号签发。"), ""),
    "inspect": (N_("空洞的答复在这里退回。答到了点子上的，选“同意”。"), ""),
    "deliver": (N_("登记送达日期和方式，代表就可以评价了。"), ""),
    "study_again": (N_("评价不满意，建议回到这里：写明原因，重新交办。"), ""),
}


@dataclass(frozen=True)
class Guide:
    """What the strip at the foot of a page says, and its one button."""

    sentence: str
    hint: str
    button: str
    url: str
    #: the account that the button signs in to; "" is a citizen, None stays who one is
    become: str | None = None


def begin(request: HttpRequest, kind: str) -> None:
    """Start a tour anew: the next matter that this browser reports, or suggestion that the deputy drafts, is its own."""
    had = len(request.session.get("followed", [])) if kind == MATTER else _newest_case()
    request.session[KEY] = {"kind": kind, "had": had, "case": ""}


def _newest_case() -> int:
    return Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def guide_of(request: HttpRequest) -> Guide | None:
    """Where the tour stands, if one is under way."""
    state = request.session.get(KEY)
    if state is None:
        return None
    case = _own_case(request, state)
    if case is None:
        return _before_suggestion(request) if state["kind"] == SUGGESTION else _before_matter(request)
    if not state["case"]:
        request.session[KEY] = {**state, "case": case.public_id}
    return _at(request, case)


def _own_case(request: HttpRequest, state: Mapping[str, Any]) -> Case | None:
    known = Case.objects.select_related("reporter__account")
    if state["case"]:
        return known.filter(public_id=state["case"]).first()
    if state["kind"] == MATTER:
        followed = request.session.get("followed", [])
        return known.filter(public_id=followed[-1]).first() if len(followed) > state["had"] else None
    deputy = demo_deputy()
    drafted = known.filter(
        kind=SUGGESTION, reporter=deputy.person_id if deputy else None, pk__gt=state["had"]
    )
    return drafted.order_by("pk").first()


def place_to_report_in() -> Place | None:
    """The first grid of the place whose station is in the demo."""
    stations = Post.objects.held_on(time_source.today()).filter(
        role=Role.STATION, person__account__is_demo=True
    )
    station = stations.select_related("place").order_by("id").first()
    if station is None:
        return None
    below = Place.objects.filter(path__startswith=station.place.path, level=Place.Level.GRID)
    return below.order_by("path").first()


def demo_deputy() -> Account | None:
    """The first of the demo's people who may move a suggestion."""
    seats = Post.objects.held_on(time_source.today()).filter(role=Role.DEPUTY)
    return accounts().filter(person__in=seats.values("person")).first()


def accounts() -> QuerySet[Account]:
    """The demo's accounts, in the order in which they were made."""
    return Account.objects.filter(is_demo=True, is_active=True).select_related("person").order_by("id")


def _before_suggestion(request: HttpRequest) -> Guide | None:
    """Become the deputy, and draft one; None in a demo without deputies."""
    deputy = demo_deputy()
    if deputy is None:
        return None
    is_deputy = request.user.is_authenticated and request.user.pk == deputy.pk
    return Guide(
        sentence=_("先以代表%(name)s的身份提一件建议。") % {"name": deputy.person.name},
        hint=_("写标题、情况和一两条诉求，每条诉求以后都要单独答复。"),
        button=_("去起草"),
        url=reverse("start", args=[SUGGESTION]),
        become=None if is_deputy else deputy.username,
    )


def _before_matter(request: HttpRequest) -> Guide:
    place = place_to_report_in()
    url = reverse("report", args=[place.public_id]) if place else reverse("choose_place")
    is_citizen = not request.user.is_authenticated
    return Guide(
        sentence=_("先以群众的身份反映一件事。"),
        hint=_("例如：村口的路灯坏了半个月，晚上看不清路。不必填姓名和电话。"),
        button=_("去反映"),
        url=url,
        become=None if is_citizen else "",
    )


def _at(request: HttpRequest, case: Case) -> Guide:
    waiting = Task.objects.open().filter(case=case).select_related("case").due_first()
    for task in sorted(waiting, key=lambda one: one.after_close):
        guide = _for_task(request, case, task)
        if guide is not None:
            return guide
    names = _("、").join(row.who for row in present.waiting_on(case, time_source.today()))
    if names:
        sentence = _("这件事轮到%(who)s，演示中没有这样的账号。") % {"who": names}
    else:
        sentence = _("这件事走完了：每一步是谁在什么时候做的，都在记录里。")
    return Guide(sentence, "", _("看这件事的经过"), *_whole_story(case))


def _whole_story(case: Case) -> tuple[str, str]:
    """(address, account) with which the one who asked sees what became of it."""
    if _is_citizens(case):
        return reverse("follow", args=[case.public_id]), ""
    return reverse("case", args=[case.public_id]), case.reporter.account.username


def _is_citizens(case: Case) -> bool:
    """Whether the one who asked has no account, and goes by the code of the receipt."""
    return not hasattr(case.reporter, "account")


def _for_task(request: HttpRequest, case: Case, task: Task) -> Guide | None:
    """The strip at one open task; None if nobody of the demo can do it."""
    first, later = HINTS.get(task.form, ("", ""))
    hint = (later if task.round > 1 else "") or first
    # An empty msgid is the catalogue's own header.
    hint = _(hint) if hint else ""
    if task.person_id == case.reporter_id and _is_citizens(case):
        sentence = _("轮到反映的人：%(task)s。") % {"task": task.name}
        return Guide(sentence, hint, _("回到反映人的页面"), reverse("follow", args=[case.public_id]), "")
    # Nobody passes what he wrote himself.
    people = set(addresses.people_led_to(task.target, time_source.today())) - {drafter_who_waits(task)}
    if task.claimed_by_id in people:
        people = {task.claimed_by_id}
    url = reverse("task", args=[task.public_id])
    if request.user.is_authenticated and request.user.person_id in people:
        sentence = _("轮到您：%(task)s。") % {"task": task.name}
        return Guide(sentence, hint, _("去办理"), url)
    account = next((row for row in accounts() if row.person_id in people), None)
    if account is None:
        return None
    said = {"task": task.name, "name": account.person.name}
    return Guide(
        _("轮到%(name)s：%(task)s。") % said,
        hint,
        _("以%(name)s的身份继续") % said,
        url,
        account.username,
    )
