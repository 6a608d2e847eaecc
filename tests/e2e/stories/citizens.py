"""What citizens are shown once they have sent something, and by the station that helps them."""

from __future__ import annotations

import re
from datetime import date

from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case, Contact, Task
from huiyin.congress.models import Collection
from huiyin.core import time_source
from huiyin.directory.models import Place
from huiyin.lifecycle.scenarios import moment
from huiyin.opinion import services as opinion
from tests.conftest import at
from tests.e2e.stories.stage import DISPATCHED, SCREENED, Stage
from tests.web.playing import publish
from tests.web.test_ballots import Congress
from tests.web.test_collections import collect
from tests.web.test_intake import posted
from tests.web.test_projects import plan
from tests.web.test_similar import WORDS

SENT = {"key": "k1", "category": "road", "words": WORDS}


def reports(stage: Stage) -> None:
    """Sends what somebody else has asked already, says so, and then sends it all the same."""
    case, citizen = stage.matter(), stage.client()
    citizen.get(reverse("answers"))
    stage.do(case, "screen", SCREENED)
    text = {"title": "村口老桥路灯坏了", "words": "村口老桥的路灯坏了一个多月，晚上看不清路。"}
    row = opinion.publish_case(case=case, by=stage.town.actors["office"], now=timezone.now(), **text)
    form = reverse("report", args=[stage.town.place.public_id])
    citizen.post(form, SENT)
    citizen.get(reverse("answers"))
    citizen.get(reverse("answer", args=[row.public_id]))
    citizen.post(reverse("meet", args=[row.public_id]), follow=True)
    citizen.post(form, {**SENT, "step": "send"}, follow=True)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now(), outcome="answered")
    citizen.post(reverse("meet", args=[row.public_id]))


def follows(stage: Stage) -> None:
    """Looks at a matter before anything has happened and after the answer, and forgets to fill in each form."""
    case = stage.matter()
    asker = stage.asker(case)
    asker.post(reverse("follow_withdraw", args=[case.public_id]), {"reason": ""})
    asker.post(reverse("follow_add", args=[case.public_id]))
    answered = stage.answered()
    asker = stage.asker(answered)
    task = Task.objects.open().get(case=answered, step_id="citizen_rate")
    asker.post(reverse("follow_answer", args=[answered.public_id, task.public_id]), {"key": "k"})
    contact = Contact.objects.get(case=answered)
    asker.post(
        reverse("follow_contact", args=[answered.public_id, contact.public_id]),
        {"happened": "no"},
        follow=True,
    )


def is_returned(stage: Stage) -> None:
    """Reads why a matter is not taken up, and asks for a second look with too few words."""
    case = stage.matter()
    stage.do(case, "screen", {"screening": "return", "reason": "属合同纠纷，请向调解委员会提出。"})
    asker = stage.asker(case)
    task = Task.objects.open().get(case=case, step_id="ask_declined")
    asker.post(
        reverse("follow_answer", args=[case.public_id, task.public_id]), {"key": "again", "why": "不对"}
    )


def comes_to_the_counter(stage: Stage) -> None:
    """The station enters a sheet, prints its slip, looks a lost one up, and prints the counter's papers."""
    assert stage.definition
    station = stage.client("station")
    with time_source.standing_at(at("2026-09-02T10:00")):
        station.get(reverse("intake"))
        station.post(reverse("intake"), posted(stage.town.place, then="next"), follow=True)
        station.post(reverse("intake"), posted(stage.town.place, key="two", words=""))
    station.get(reverse("lost"))
    station.post(reverse("lost"), {"phone": "13911112222"})
    station.post(reverse("lost"), {"phone": "13800005678"})
    station.post(reverse("lost"), {"phone": "1"})
    case = stage.matter()
    for name in ("handover_sheet", "answer_sheet"):
        station.get(reverse(name, args=[case.public_id]))
    station.post(reverse("slip", args=[case.public_id]))
    stage.do(case, "screen", SCREENED)
    stage.do(case, "dispatch", DISPATCHED)
    station.get(reverse("handover_sheet", args=[case.public_id]))
    answered = stage.answered()
    station.get(reverse("answer_sheet", args=[answered.public_id]))
    station.get(reverse("case", args=[answered.public_id]))
    task = Task.objects.open().get(case=answered, step_id="citizen_rate")
    station.get(reverse("task_for", args=[task.public_id]))
    station.post(reverse("task_for", args=[task.public_id]), {"key": "k"})
    station.post(reverse("case_act", args=[answered.public_id, "deliver"]), {"on": "", "way": "", "to": ""})


def prints_codes(stage: Stage) -> None:
    """The office chooses nothing, then everything; a citizen scans a code that is not ours."""
    office = stage.client("office")
    shown = office.get(reverse("door_codes")).content.decode()
    place = re.search(r'name="place" value="(\w+)"', shown)
    offers = re.findall(r'name="of" value="([^"]+)"', shown)
    assert place
    office.get(reverse("door_codes"), {"place": stage.town.place.public_id})
    office.post(reverse("door_sheet"), {"place": place[1]})
    office.post(reverse("door_sheet"), {"place": place[1], "of": offers, "plates": "3号楼2单元"})
    stage.client().get(reverse("scan", args=["nonsense"]))


def finds_no_place(stage: Stage) -> None:
    """Comes from a county in which nothing was entered yet, and from a grid that no deputy represents."""
    county = stage.town.place_for(("county",))
    bare = Place.objects.create(
        jurisdiction=stage.town.jurisdiction, level=Place.Level.COUNTY, code="bare", name="新设县",
        full_name="新设县", pinyin="xin", path="/bare/",
    )  # fmt: skip
    lonely = Place.objects.create(
        jurisdiction=stage.town.jurisdiction, level=Place.Level.GRID, code="lonely", name="新网格",
        full_name="新网格", pinyin="xin", path=f"{county.path}lonely/", parent=county,
    )  # fmt: skip
    citizen = stage.client()
    for name in ("choose_place_in", "deputies_in"):
        citizen.get(reverse(name, args=[bare.public_id]))
    citizen.get(reverse("deputies_in", args=[lonely.public_id]))


def proposes_a_project(stage: Stage) -> None:
    """Comes before, during and after the collection."""
    publish(stage.town, "livelihood")
    citizen = stage.client()
    citizen.get(reverse("collections"))
    with time_source.standing_at(moment("2026-02-11 10:00")):
        collection = collect(stage.town, date(2026, 2, 1))
        collect(stage.town, date(2026, 4, 1))
        form = reverse("propose", args=[collection.public_id])
        citizen.get(reverse("collections"), follow=True)
        citizen.post(form, {"key": "k"})
        Collection.objects.create(
            jurisdiction=stage.town.jurisdiction, place=stage.town.place.parent, kind="livelihood",
            title="本镇民生实事征集", opens_on=date(2026, 2, 1), closes_on=date(2026, 3, 13),
        )  # fmt: skip
        citizen.get(reverse("collections"))
    with time_source.standing_at(moment("2026-03-20 10:00")):
        citizen.get(reverse("collections"))
        citizen.post(form, {"key": "k"})


def reads_the_projects(stage: Stage) -> None:
    """One project without a plan and one that is being built."""
    citizen, congress = stage.client(), Congress(stage.town, stage.definition)
    citizen.get(reverse("projects"))
    first, second = congress.project("建设口袋公园", cost="560"), congress.project("新增停车位")
    Case.objects.filter(pk__in=[first.pk, second.pk]).update(stage="building")
    plan(first, ("开工", -40, -38), ("完工", 60, None))
    citizen.get(reverse("projects"))
    for case in (first, second):
        citizen.get(reverse("project", args=[case.public_id]))


STORIES = (
    reports,
    follows,
    is_returned,
    comes_to_the_counter,
    prints_codes,
    finds_no_place,
    proposes_a_project,
    reads_the_projects,
)
