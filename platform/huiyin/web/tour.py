"""The demo's guided tour: one matter of the visitor's own, and at every step a button that makes the visitor the next person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases import present
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.models import Account, Place, Post
from huiyin.directory.roles import Role

#: What the session keeps: how many matters the browser followed when the tour began, and the tour's own one once it is there.
KEY = "tour"

#: form -> what a visitor might do at a step that asks for it, the first time round and later
HINTS: dict[str, tuple[str, str]] = {
    "screen": (N_("选“受理”，事情就往下走。"), ""),
    "dispatch": (N_("选“交有关单位办理”，主办单位选县交通运输局，再选一名代表。"), ""),
    "sign": (N_("选“签收”。认为不归自己管，也可以提出异议。"), ""),
    "work": (N_("写一条进展。可以附照片，也可以先登记与反映人的沟通。"), ""),
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


def begin(request: HttpRequest) -> None:
    """Start the tour anew: the next matter that this browser reports is its own."""
    request.session[KEY] = {"had": len(request.session.get("followed", [])), "case": ""}


def guide_of(request: HttpRequest) -> Guide | None:
    """Where the tour stands, if one is under way."""
    state = request.session.get(KEY)
    if state is None:
        return None
    followed = request.session.get("followed", [])
    case_id = state["case"] or (followed[-1] if len(followed) > state["had"] else "")
    case = Case.objects.filter(public_id=case_id).select_related("reporter").first() if case_id else None
    if case is None:
        return _before(request)
    if not state["case"]:
        request.session[KEY] = {**state, "case": case_id}
    return _at(request, case)


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


def accounts() -> Iterable[Account]:
    """The demo's accounts, in the order in which they were made."""
    return Account.objects.filter(is_demo=True, is_active=True).select_related("person").order_by("id")


def _before(request: HttpRequest) -> Guide:
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
    return Guide(sentence, "", _("看这件事的经过"), reverse("follow", args=[case.public_id]), "")


def _for_task(request: HttpRequest, case: Case, task: Task) -> Guide | None:
    """The strip at one open task; None if nobody of the demo can do it."""
    first, later = HINTS.get(task.form, ("", ""))
    hint = (later if task.round > 1 else "") or first
    # An empty msgid is the catalogue's own header.
    hint = _(hint) if hint else ""
    if task.person_id == case.reporter_id:
        sentence = _("轮到反映的人：%(task)s。") % {"task": task.name}
        return Guide(sentence, hint, _("回到反映人的页面"), reverse("follow", args=[case.public_id]), "")
    people = addresses.people_led_to(task.target, time_source.today())
    if task.claimed_by_id in people:
        people = [int(task.claimed_by_id or 0)]
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
