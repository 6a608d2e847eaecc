"""What deputies and the congress office are shown on the way of a ballot, a signature, a sheet of paper, and a file."""

from __future__ import annotations

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services as cases
from huiyin.cases.models import Case, CaseText, Contact
from huiyin.congress import services
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.directory.models import Person, Term
from huiyin.lifecycle.scenarios import moment
from tests.congress.files import row, workbook
from tests.e2e.stories.stage import Stage
from tests.web.playing import do, play_until, publish, task_of
from tests.web.test_ballots import Congress, url
from tests.web.test_joining import code_of
from tests.web.test_paper_votes import checked, ids, page
from tests.web.test_transcribing import moved_by, sheet

DAY = "2026-02-11 10:00"


def votes(stage: Stage) -> None:
    """Drawn up, opened, voted on a screen and on paper, counted; with every wrong step on the way."""
    town, congress = stage.town, Congress(stage.town, stage.definition)
    office, deputy = stage.client("congress"), stage.client("deputy")
    deputy.get(reverse("ballots"))
    office.get(reverse("prepare_ballot"))
    ballot = congress.prepare()
    office.get(url("ballot", ballot))
    services.open_ballot(ballot=ballot, by=congress.office, now=timezone.now())
    office.get(url("ballot", ballot))
    address = url("ballot", ballot)
    deputy.get(reverse("ballots"))
    deputy.get(address)
    deputy.post(address, {"step": "choose", "marks": ["1", "3"]})
    deputy.post(address, {"step": "choose"})
    deputy.post(address, {"step": "cast", "marks": ["1", "2", "3"]})
    deputy.post(address, {"step": "cast", "marks": ["1", "3"]})
    deputy.post(address, {"step": "cast", "marks": ["1"]})
    office.post(address, {"step": "cast", "marks": ["1"]})
    deputy.post(url("ballot_act", ballot, "count"), follow=True)
    office.get(page(ballot))
    checked(office, ballot, {"papers": "六\n1", "voters": ids(town, "deputy2")})
    checked(office, ballot, {"papers": "1 2", "voters": ids(town, "deputy2")})
    office.get(url("ballot_result", ballot))
    code = services.cast(ballot=ballot, marks=[1, 2], by=town.actors["deputy3"], now=timezone.now())
    congress.count(ballot)
    for said in ("nosuchcode", code):
        stage.client().post(url("ballot_result", ballot), {"code": said})


def prepares_a_vote(stage: Stage) -> None:
    """A meeting is entered and nothing waits for it; then a project does, and the ballot has no title."""
    town, now = stage.town, moment(DAY)
    office, county = stage.client("congress"), town.place_for(("county",))
    with time_source.standing_at(now):
        meeting = services.enter_session(
            term=Term.objects.get(place=county), number=5, opens_on=date(2026, 2, 10),
            closes_on=date(2026, 2, 14), deadline_at=moment("2026-02-12 17:00"), by=town.actors["congress"], now=now,
        )  # fmt: skip
        office.get(reverse("prepare_ballot"))
        answers = {
            "category": "urban",
            "title": "建设五处口袋公园",
            "words": "老城区缺少休憩绿地，呼声较高。",
        }
        project = cases.start_case(
            definition=publish(town, "livelihood"), answers=answers, place=county, now=now
        )
        do(town, project, "screen", {"public": "yes", "feasible": "yes", "screening": "accept"}, now)
        do(town, project, "committee", {"reviewing": "candidate", "cost": "560"}, now)
        office.get(reverse("prepare_ballot"))
        office.post(reverse("prepare_ballot"), {"session": meeting.public_id, "title": ""})


def ranks(stage: Stage) -> None:
    """A ballot by ranks, on which one rank is given twice."""
    ballot, deputy = Congress(stage.town, stage.definition).open(method="ranked"), stage.client("deputy")
    deputy.get(url("ballot", ballot))
    deputy.post(url("ballot", ballot), {"rank-1": "1", "rank-2": "1"})
    deputy.post(url("ballot", ballot), {"rank-1": "2", "rank-2": "1"})


def gathers_signatures(stage: Stage) -> None:
    """The mover shows a code; it is read, signed, read by somebody else, and voided by a change of the text."""
    with time_source.standing_at(moment(DAY)):
        case = play_until(stage.town, "submit")
        Signature.objects.filter(case=case).delete()
        mover, friend = stage.client("deputy"), stage.client("deputy2")
        mover.get(reverse("join_code", args=[case.public_id]))
        mover.get(reverse("case", args=[case.public_id]))
        mover.post(reverse("case_signing", args=[case.public_id, "withdraw"]), {"reason": ""})
        address = code_of(case)
        shown = friend.get(address).content.decode()
        stage.client("office").get(address)
        text = re.search(r'name="text" value="(\w+)"', shown)
        friend.post(address, {"text": text[1] if text else ""})
        mover.get(reverse("join_code", args=[case.public_id]))
        CaseText.objects.filter(case=case).update(words="改过的案由与建议，和扫码时的不一样。")
        stage.client("deputy3").get(address)


def enters_paper(stage: Stage) -> None:
    """The office enters a suggestion, its signatures, its withdrawal, a rating, and what was said of a contact; all empty."""
    with time_source.standing_at(moment(DAY)):
        definition, office = publish(stage.town), stage.client("congress")
        office.get(reverse("start_for", args=["suggestion"]))
        office.post(reverse("start_for", args=["suggestion"]), sheet())
        office.post(reverse("start_for", args=["suggestion"]), moved_by(stage.town))
        draft = Case.objects.get(definition=definition)
        for name in ("signatures_for", "withdrawal_for"):
            office.get(reverse(name, args=[draft.public_id]))
            office.post(reverse(name, args=[draft.public_id]))
        case = play_until(stage.town, "rate", definition=definition)
        contact = Contact.objects.filter(case=case)[0]
        Contact.objects.filter(pk=contact.pk).update(confirmed=None, confirmed_at=None)
        task = reverse("task_for", args=[task_of(case, "rate").public_id])
        paper = reverse("contact_for", args=[case.public_id, contact.public_id])
        for address in (task, paper):
            office.get(address)
            office.post(address)
        stage.client("deputy").get(reverse("case", args=[case.public_id]))


def imports_a_file(stage: Stage) -> None:
    """Nothing was imported; no file is chosen; then a good and a bad row, entered in the background and once more."""
    with time_source.standing_at(moment(DAY)):
        publish(stage.town)
        office, address = stage.client("congress"), reverse("imports", args=["suggestion"])
        office.get(address)
        office.post(address, {"on": "2027-01-01"})
        Person.objects.filter(pk=stage.town.actors["deputy"].person.pk).update(name="王伟")
        raw = workbook([row(1, "王伟"), row(2, "没有此人")])
        read = office.post(address, {"file": [SimpleUploadedFile("建议.xlsx", raw)], "on": "2026-02-11"})
        there = read["Location"]
        office.get(there)
        office.get(there, {"show": "known"})
        office.post(there, follow=True)
        office.post(there)
        office.get(address)


def prints_a_letter(stage: Stage) -> None:
    """The reply to a suggestion as a letter."""
    case = play_until(stage.town, "deliver")
    stage.client("a-head").get(reverse("print_letter", args=[case.public_id, 1]))


STORIES = (
    votes,
    prepares_a_vote,
    ranks,
    gathers_signatures,
    enters_paper,
    imports_a_file,
    prints_a_letter,
)
