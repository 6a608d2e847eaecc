"""What offices and units are shown that no link leads to: what goes on in the background, and what is refused beside a form."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Consultation, Task
from huiyin.congress import services as congress
from huiyin.congress.models import Commitment
from huiyin.core import time_source
from huiyin.directory.roles import Role
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing
from huiyin.lifecycle.scenarios import moment
from huiyin.opinion import services as opinion
from tests.e2e.stories.stage import SCREENED, Stage
from tests.web.playing import do, play_until, publish
from tests.web.test_answers import TEXT
from tests.web.test_batches import DAY, LIST, send
from tests.web.test_migrations import renamed, work


def hands_a_whole_list_over(stage: Stage) -> None:
    """Leaves a date out, counts wrong, then waits for the background, which is refused one."""
    with time_source.standing_at(moment(f"{DAY} 15:00")):
        definition = publish(stage.town)
        cases = [play_until(stage.town, "hand_over", definition=definition) for _n in range(2)]
        office = stage.client("office")
        office.get(LIST)
        send(office, 2, **{"handover.on": ""})
        send(office, 9)
        address = send(office, 2)["Location"]
        office.get(address)
        do(stage.town, cases[1], "hand_over", {"handover": {"on": DAY}}, time_source.now())
        _work_off()
        office.get(address)
        office.get(reverse("grid", args=["hand_over"]))
        office.get(reverse("handovers"))
        office.get(reverse("handover", args=[DAY]))
        office.get(reverse("handover", args=["2020-01-01"]))
        office.post(reverse("handover", args=[DAY]))


def _work_off() -> None:
    while jobs.run_due(now=time_source.now(), limit=100):
        pass


def asks_colleagues(stage: Stage) -> None:
    """A handler asks nobody, then the head, who disagrees without a reason."""
    work, head = stage.working(), stage.town.actors["a-head"].person
    handler, asked = stage.client("a"), stage.client("a-head")
    ask = reverse("task_ask", args=[work.public_id])
    handler.post(ask, {"kind": "read", "words": "请阅"})
    handler.post(ask, {"kind": "sign", "to": [head.public_id], "words": "请核实桥面荷载"}, follow=True)
    page = reverse("consultation", args=[Consultation.objects.get().public_id])
    asked.get(page)
    asked.post(page, {"agrees": "no", "words": ""})


def works_with_two_windows(stage: Stage) -> None:
    """Sends a task that somebody else has done, notes nothing in each form beside it, and picks no template."""
    work = stage.working()
    handler, address = stage.client("a"), reverse("task", args=[work.public_id])
    handler.get(address)
    for act in ("progress", "contact", "give", "template"):
        handler.post(reverse(f"task_{act}", args=[work.public_id]))
    handler.post(f"{reverse('progress_together')}?step=work", {"task": [work.public_id]})
    stage.do(work.case, "work", {"progress": {"text": "更换灯具两盏"}})
    handler.post(address, {"seen_revision": work.revision, "progress.text": "写了很长的进展"})
    handler.post(reverse("task_save", args=[work.public_id]), {"progress.text": "写了很长的进展"})
    handler.get(address)
    stage.client("b").get(address)


def calls_somebody(stage: Stage) -> None:
    """Forgets to say how the call ended, then records one that a colleague has recorded already."""
    stage.answered()
    station, office = stage.client("station"), stage.client("office")
    listed = station.get(reverse("to_call"))
    (row,) = listed.context["rows"]
    address = reverse("called", args=[row.notice])
    station.post(address, {"seen": row.seen})
    office.post(address, {"seen": row.seen, "outcome": "told"})
    station.post(address, {"seen": row.seen, "outcome": "waiting"})


def keeps_templates(stage: Stage) -> None:
    """A template that says what cannot be filled in, one that is changed, and a letter without a file."""
    handler, unit = stage.client("a"), stage.town.units["a"]
    handler.get(reverse("reply_templates"))
    handler.post(reverse("reply_templates"), {"name": "收悉", "text": "您的{{身份证}}"})
    handler.post(reverse("reply_templates"), {"name": "收悉", "text": "您反映的{{编号}}收悉。"}, follow=True)
    row = unit.reply_templates.get()
    handler.get(reverse("reply_template", args=[row.public_id]))
    handler.post(reverse("reply_template", args=[row.public_id]), {"name": "", "text": ""})
    handler.post(reverse("reply_template_remove", args=[row.public_id]), follow=True)
    handler.post(reverse("reply_letter", args=[unit.public_id]), {"act": "keep"})


def publishes_an_answer(stage: Stage) -> None:
    """Too early, without a title, and then withdrawn without a reason."""
    office, case = stage.client("office"), stage.matter()
    office.get(reverse("publish", args=[case.public_id]))
    stage.do(case, "screen", SCREENED)
    address = reverse("publish", args=[case.public_id])
    office.get(address)
    office.post(address, {**TEXT, "answer": "", "title": ""})
    opinion.publish_case(
        case=case, by=stage.town.actors["office"], now=timezone.now(), **{**TEXT, "answer": ""}
    )
    office.post(reverse("publish_withdraw", args=[case.public_id]), {"reason": ""})
    office.post(address, {**TEXT, "seen": "older"})


def keeps_a_promise(stage: Stage) -> None:
    """A unit reports without a word, and the mover rates without a choice."""
    case, town = stage.matter(), stage.town
    today = time_source.today()
    Case.objects.filter(pk=case.pk).update(reporter=town.actors["deputy"].person)
    row = Commitment.objects.create(
        case=case, case_round=1, unit=town.units["a"], text="完成桥面改造", made_on=today,
        due_on=today + timedelta(days=20), made_at=timezone.now(),
    )  # fmt: skip
    unit, mover = stage.client("a"), stage.client("deputy")
    stage.client("b").get(reverse("commitments"))
    unit.get(reverse("commitments"))
    unit.post(reverse("commitment_kept", args=[row.public_id]), {"words": " "})
    congress.report_kept(commitment=row, words="桥面已改造完成。", by=town.actors["a"], now=timezone.now())
    mover.get(reverse("commitments"))
    mover.post(reverse("commitment_rate", args=[row.public_id]))


def moves_running_cases(stage: Stage) -> None:
    """Nothing is published; no newer version, nothing that runs, a step without its like; moved, and taken back twice."""
    town = stage.town
    manager = stage.joined("designer", sandbox.add_person(town, "designer", Role.DESIGNER))
    manager.get(reverse("definitions"))
    old = stage.definition
    manager.get(reverse("definitions"))
    address = reverse("move_cases", args=[old.public_id])
    manager.get(address)
    newer = storing.store(
        renamed(bundles.read("matter")), town.jurisdiction, version=2, by=None, now=timezone.now()
    )
    manager.get(address)
    stage.matter()
    Case.objects.update(definition=old)
    manager.get(address)
    manager.get(address, {"map.screen": "nowhere"})
    for words in ({}, {"map.screen": "sift"}):
        moved = manager.post(address, {"to": newer.public_id, **words})["Location"]
        manager.get(moved)
        work()
        manager.get(moved)
    for _twice in range(2):
        manager.post(f"{moved}revert/")


def decides_an_incident(stage: Stage) -> None:
    """All is well; then something is not, and is skipped without a reason."""
    admin = stage.joined("admin", sandbox.add_person(stage.town, "admin", Role.ADMIN))
    admin.get(reverse("operation"))
    row: Incident = jobs.open_incident(
        subject_kind="case", subject_id=stage.matter().pk, what="complete_task", step_id="screen",
        error="g_screened: no outcome fits", now=timezone.now(),
    )  # fmt: skip
    admin.get(reverse("operation"))
    admin.post(reverse("incident_decide", args=[row.public_id, "skip"]), {"reason": ""})
    admin.post(reverse("incident_decide", args=[row.public_id, "correct"]), {"reason": "改", "facts": "x"})


def acts_on_a_case(stage: Stage) -> None:
    """Whoever holds a case leaves out what each act needs."""
    case = stage.working().case
    for who, act in (("office", "reassign"), ("office", "urge"), ("congress", "key-list")):
        stage.client(who).get(reverse("case", args=[case.public_id]))
        stage.client(who).post(reverse("case_act", args=[case.public_id, act]))
    stage.client("watch").get(reverse("key_cases"))
    Task.objects.open().filter(case=case).update(due_on="2020-01-01")
    stage.client("watch").get(reverse("overdue"))


def visits_a_project(stage: Stage) -> None:
    """Writes down what was seen without saying whether it agrees."""
    project = services.start_case(
        definition=publish(stage.town, "livelihood"), place=stage.town.place, now=time_source.now(),
        answers={"title": "建口袋公园", "words": "老城区缺少休憩绿地，建议建设。", "category": "urban"},
    )  # fmt: skip
    stage.client("watch").post(reverse("case_visit", args=[project.public_id]), {"visit.text": "已围挡"})


def compares_two(stage: Stage) -> None:
    """Two that say the same, and nothing chosen; then none alike."""
    with time_source.standing_at(moment("2026-02-03 10:00")):
        definition = publish(stage.town)
        first, _second = (play_until(stage.town, "screen", definition=definition) for _n in range(2))
        office, address = stage.client("office"), reverse("alike", args=[first.public_id])
        office.get(address)
        other = Case.objects.exclude(pk=first.pk).get(definition=definition)
        office.post(address, {"other": other.public_id})
        office.post(address, {"other": other.public_id, "verdict": "different"}, follow=True)


STORIES = (
    hands_a_whole_list_over,
    asks_colleagues,
    works_with_two_windows,
    calls_somebody,
    keeps_templates,
    publishes_an_answer,
    keeps_a_promise,
    moves_running_cases,
    decides_an_incident,
    acts_on_a_case,
    visits_a_project,
    compares_two,
)
