"""The livelihood projects of the demo's session: collected, reviewed, voted on by all deputies, built and measured."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.congress import services as congress
from huiyin.congress.models import Ballot, Session
from huiyin.core import time_source
from huiyin.directory.roles import Role
from huiyin.lifecycle import virtual
from huiyin.lifecycle.demo.answers import letter_number
from huiyin.lifecycle.demo.year import Year, moment

TITLE = "2026年民生实事项目票决"
PLACES = 10
PLAN = (("完成设计和招标", "03-31"), ("开工建设", "05-15"), ("主体完成", "08-31"), ("完工验收", "10-20"))
MEASURED = (152, 30, 0, 0)


def play(year: Year, session: Session) -> None:
    """Play every project; what was played before is left as it is."""
    cases = [_propose(year, number, about) for number, about in enumerate(year.data["projects"], 1)]
    voted_at = session.deadline_at
    ballot = _vote(year, session, [case for case in cases if _is_open(case)], voted_at)
    for number, case in enumerate(cases, 1):
        if _is_open(case):
            _build(year, case, year.data["projects"][number - 1], ballot, number)


def _is_open(case: Case) -> bool:
    return Case.objects.being_handled().filter(pk=case.pk).exists()


def _do(year: Year, case: Case, step: str, answers: dict[str, Any], at: datetime) -> None:
    """Let the open task of a step be done, if it waits."""
    task = Task.objects.open().filter(case=case, step_id=step).select_related("unit", "person").first()
    if task is None or at >= year.now:
        return
    virtual.pass_time(case.pk, at)
    with time_source.standing_at(at):
        services.complete_task(task=task, answers=answers, by=year.cast.for_task(task), now=at, key=task.key)
    year.counts[step] += 1


def _propose(year: Year, number: int, about: dict[str, Any]) -> Case:
    at = moment(year.data["collection"]["opens_on"]) + timedelta(days=number, hours=2)
    words = f"{about['title']}，方便群众生产生活，群众呼声较高，建议列入2026年民生实事。"
    with time_source.standing_at(at):
        case = services.start_case(
            definition=year.definition("livelihood"),
            answers={"category": about["category"], "title": about["title"], "words": words, "where": "全县"},
            place=year.county,
            now=at,
            source_key=f"session:{year.seed}:project:{number}",
        )
    screened = at + timedelta(days=50)
    verdict: dict[str, Any] = {"public": "yes", "feasible": "yes", "screening": "accept"}
    if "screened" in about:
        verdict = {"public": "yes", "feasible": "no", "screening": "decline", "reason": about["screened"]}
    _do(year, case, "screen", verdict, screened)
    _do(
        year, case, "committee", {"reviewing": "candidate", "cost": str(200 + 70 * number)},
        screened + timedelta(days=30),
    )  # fmt: skip
    return case


def _vote(year: Year, session: Session, candidates: list[Case], at: datetime) -> Ballot:
    known = Ballot.objects.filter(session=session, title=TITLE).first()
    if known is not None and known.state == Ballot.State.COUNTED:
        return known
    office, luck = year.cast.at(Role.CONGRESS_OFFICE, year.county.pk), year.luck("vote")
    ballot = known or congress.prepare_ballot(
        session=session,
        title=TITLE,
        method=Ballot.Method.APPROVAL,
        places=PLACES,
        cases=candidates,
        by=office,
        now=at,
    )
    if ballot.state == Ballot.State.DRAFT:
        ballot = congress.open_ballot(ballot=ballot, by=office, now=at)
    numbers = list(ballot.candidates.order_by("number").values_list("number", flat=True))
    likings = [1 - 0.045 * (number - 1) for number in numbers]
    for person in year.deputies:
        by = year.cast.actor(person)
        if luck.random() < 0.05 or ballot.roll.filter(person=person, voted=True).exists():
            continue
        ranked = sorted(
            numbers, key=lambda number: luck.random() ** (1 / likings[numbers.index(number)]), reverse=True
        )
        marks = sorted(ranked[: PLACES + (1 if luck.random() < 0.01 else 0)])
        congress.cast(ballot=ballot, marks=marks, by=by, now=at + timedelta(hours=1), confirm=True)
        year.counts["vote"] += 1
    return congress.close_and_count(ballot=ballot, by=office, now=at + timedelta(hours=2))


def _build(year: Year, case: Case, about: dict[str, Any], ballot: Ballot, number: int) -> None:
    luck = year.luck(f"project:{number}")
    counted = (ballot.counted_at or year.now) + timedelta(hours=1)
    result = {"ballot": {"ballot": ballot.public_id}, "reason": "按计票结果。"}
    _do(year, case, "vote", result, counted)
    handed = moment(year.data["handed_over"])
    plan = [{"name": name, "planned_on": f"{handed.year}-{day}"} for name, day in PLAN]
    units = {"lead": year.units[about["lead"]], "co": [year.units["县财政局"]]}
    published = {"handover": {"on": handed.date().isoformat()}, "units": units, "milestones": plan}
    _do(year, case, "publish", published, handed + timedelta(hours=2))
    if not _is_open(case):
        return
    for _unit in (1, 2):
        _do(year, case, "sign", {"sign": "accept"}, handed + timedelta(days=2))
    _do(year, case, "help", {"progress": {"text": "建设资金已拨付到位。"}}, handed + timedelta(days=30))
    late = timedelta(days=40 if number % 6 == 0 else luck.randint(-10, 6))
    at = _reach_milestones(year, case, plan, late)
    final = plan[-1]["planned_on"]
    at = max(at, moment(f"{final} 10:00") + late)
    done = {"stage": PLAN[-1][0], "text": "项目全部完工并通过验收。", "milestone": len(PLAN), "done": "yes"}
    _do(year, case, "work", {"progress": done, "working": "done"}, at)
    _answer_and_measure(year, case, at, number)


def _reach_milestones(year: Year, case: Case, plan: list[dict[str, str]], late: timedelta) -> datetime:
    """Report each milestone but the last; deputies visit the second."""
    at = moment(year.data["handed_over"])
    for number, step in enumerate(plan[:-1], 1):
        task = Task.objects.open().filter(case=case, step_id="work").select_related("unit", "person").first()
        at = max(at, moment(f"{step['planned_on']} 10:00") + late)
        if (
            task is None
            or at >= year.now
            or case.milestones.filter(number=number, done_on__isnull=False).exists()
        ):
            continue
        report = {
            "stage": step["name"],
            "text": f"{step['name']}，进度符合安排。",
            "milestone": number,
            "done": "yes",
        }
        with time_source.standing_at(at):
            services.add_progress(
                task=task, answers={"progress": report}, by=year.cast.for_task(task), now=at,
                key=f"session:{number}",
            )  # fmt: skip
    return at


def _answer_and_measure(year: Year, case: Case, at: datetime, number: int) -> None:
    day = at + timedelta(days=2)
    lead = case.assignments.get(part="lead", round=case.round)
    head = year.cast.head_of(lead.unit_id)
    words = "项目已全部完工并投入使用，请代表和群众监督。"
    contact = {"contact_name": "办公室", "contact_phone": "0990-5550000"}
    passed = {"review": {"decision": "pass"}}
    issued = {
        "decision": "issue",
        "document_number": letter_number(lead.unit, year.data["marks"], day.date()),
        "signed_by": head.person.name,
    }
    steps: list[tuple[str, dict[str, Any]]] = [
        ("draft", {"reply_draft": {"result": "done", "asks": [], "text": words, **contact}}),
        ("check", passed),
        ("cosign", passed),
        ("review", passed),
        ("issue", {"issuing": {**issued, "signed_on": day.date().isoformat()}}),
        ("inspect", passed),
        ("deliver", {"delivery": {"on": day.date().isoformat(), "way": "meeting"}}),
    ]
    for minute, (step, answers) in enumerate(steps):
        _do(year, case, step, answers, day + timedelta(minutes=10 * minute))
    votes = dict(zip(("satisfied", "basic", "dissatisfied", "abstained"), MEASURED, strict=True))
    if number == 3:
        votes = {"satisfied": 60, "basic": 40, "dissatisfied": 80, "abstained": 2}
    tally = {
        "on": (day + timedelta(days=5)).date().isoformat(),
        "tally": {"members": 220 if number == 3 else 182, **votes},
    }
    _do(year, case, "measure", tally, day + timedelta(days=5))
    _do(year, case, "rework", {"progress": {"text": "已补做遗漏内容。"}}, day + timedelta(days=12))
