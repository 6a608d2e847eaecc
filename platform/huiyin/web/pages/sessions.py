"""会议与征集: the congress office enters a meeting with its dates, and announces what is collected."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.congress import errors as congress
from huiyin.congress import numerals, selectors, services
from huiyin.congress.models import Collection, Session
from huiyin.congress.models.sessions import COLLECTION_DAYS
from huiyin.core import errors, time_source
from huiyin.directory.models import Term
from huiyin.web.fields import Posted

PAGE = 20
#: how many collections are listed
LATEST = 10
ACT = "congress.session"
#: What is collected; citizens propose nothing else themselves.
COLLECTED = "livelihood"
#: Beside which field a refusal of the services is said.
BESIDE: dict[type[errors.Refusal], str] = {
    congress.SessionKnown: "number",
    congress.SessionDates: "closes_on",
    congress.CollectionTooShort: "closes_on",
    congress.WordsMissing: "title",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """
    The sessions and collections of the congresses that the actor's office runs; two forms beside them.

    :raises NotYourAct: without the right anywhere
    """
    request.actor.require(ACT)
    terms = list(selectors.terms_run_by(request.actor, ACT, time_source.today()))
    if request.method != "POST":
        return _page(request, terms)
    what, posted = request.POST.get("what", ""), Posted(request.POST.dict())
    term = next((one for one in terms if one.public_id == posted.words.get("term")), None)
    if term is None:
        posted.problems["term"] = _("请选择届次。")
        return _page(request, terms, what, posted)
    try:
        done = _announce(request, term, posted) if what == "collection" else _enter(request, term, posted)
    except errors.Refusal as refusal:
        posted.problems[BESIDE.get(type(refusal), "")] = refusal.sentence
        return _page(request, terms, what, posted, refusal.status)
    if posted.problems:
        return _page(request, terms, what, posted)
    messages.success(request, done)
    return redirect("sessions")


def _enter(request: HttpRequest, term: Term, posted: Posted) -> str:
    """Enter a meeting if its fields can be read; the sentence that says it is done."""
    number, opens, closes = posted.number("number"), posted.day("opens_on"), posted.day("closes_on")
    deadline = posted.moment("deadline_at")
    if posted.problems:
        return ""
    row = services.enter_session(
        term=term,
        number=number,
        opens_on=opens,
        closes_on=closes,
        deadline_at=deadline,
        by=request.actor,
        now=time_source.now(),
    )
    return _("已登记：%(name)s") % {"name": row.name}


def _announce(request: HttpRequest, term: Term, posted: Posted) -> str:
    """Announce a collection if its fields can be read; the sentence that says it is done."""
    title, opens, closes = posted.title("title"), posted.day("opens_on"), posted.day("closes_on")
    if posted.problems:
        return ""
    row = services.announce_collection(
        place=term.place,
        kind=COLLECTED,
        title=title,
        opens_on=opens,
        closes_on=closes,
        by=request.actor,
        now=time_source.now(),
    )
    return _("已公布征集：%(title)s") % {"title": row.title}


def _page(
    request: HttpRequest, terms: list[Term], what: str = "", posted: Posted | None = None, status: int = 422
) -> HttpResponse:
    today = time_source.today()
    seen = Session.objects.visible_to(request.actor).where_may(request.actor, ACT).select_related("place")
    page = Paginator(seen.order_by("-opens_on", "-id"), PAGE).get_page(request.GET.get("page"))
    given = selectors.numbers_given(page)
    rows = [
        # What a matter is called stands in a data file, in Chinese; the page says it in the reader's language.
        (row, [(_(label), last) for label, last in given.get(row.pk, [])], _is_open(row))
        for row in page
    ]
    known = Collection.objects.visible_to(request.actor).where_may(request.actor, "congress.collection")
    current = known.filter(kind=COLLECTED).select_related("place").order_by("-opens_on", "-id")[:LATEST]
    context = {
        "rows": rows,
        "page": page,
        "collections": [(one, _stage(one.opens_on <= today, one.closes_on < today)) for one in current],
        "terms": [(term.public_id, numerals.term_name(term)) for term in terms],
        "days": COLLECTION_DAYS,
        "enter": posted if posted and what != "collection" else Posted(),
        "announce": posted if posted and what == "collection" else Posted(),
        "what": what if posted else "",
    }
    return render(request, "web/sessions.html", context, status=status if posted else 200)


def _is_open(row: Session) -> bool:
    """Whether what is submitted now belongs to this meeting."""
    now: datetime = time_source.now()
    return row.deadline_at is not None and row.opens_on <= time_source.day_of(now) and now <= row.deadline_at


def _stage(begun: bool, over: bool) -> tuple[str, str]:
    """(tone, words) of where a collection stands."""
    if over:
        return "quiet", _("已结束")
    return ("done", _("征集中")) if begun else ("calm", _("未开始"))
