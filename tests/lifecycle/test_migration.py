"""Running cases go over to a changed process: previewed, one by one, with clocks and drafts kept, and back."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from huiyin.cases import services
from huiyin.cases.errors import RecalledTooLate
from huiyin.cases.models import Case, CaseState, Task
from huiyin.cases.services import moving
from huiyin.core import time_source
from huiyin.directory.actors import NotYourAct, actor_of
from huiyin.directory.roles import Role
from huiyin.history import selectors as history
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import migrating, reasons, sandbox, scenarios, storing
from huiyin.lifecycle.migrating import migrate_cases, revert_migration
from huiyin.lifecycle.models import Move
from huiyin.lifecycle.plan import OtherProcess, StepUnknown, plan_migration
from tests.conftest import at
from tests.lifecycle.population import (
    RENAMED,
    SUGGESTION,
    begin,
    changed,
    go_on,
    kept,
    multiply,
    populate,
    store,
    whole,
)

LATER = at("2026-06-01T09:00")


@pytest.fixture
def old(town):
    return store(town, SUGGESTION, 1)


@pytest.fixture
def new(town, old):
    return store(town, changed(), 2)


@pytest.fixture
def designer(town):
    return actor_of(sandbox.add_person(town, "designer", Role.DESIGNER), LATER.date())


def work(now=LATER) -> int:
    """Let the worker do what is due for batches, and nothing else."""
    done = 0
    while ids := list(
        Job.objects.filter(subject_kind="migration", status="waiting")
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        with time_source.standing_at(now):
            done += sum(jobs.run(pk, now=now) for pk in ids)
    return done


def expected(scenario):
    """What a scenario ends as on the new version, whose steps have other names."""
    waits = [RENAMED.get(step, step) for step in scenario["expect"].get("open", [])]
    return {**scenario, "expect": {**scenario["expect"], "open": waits}}


def at_step(town, old, step: str, number: int = 0):
    """A case of a scenario, standing before a step."""
    scenario = SUGGESTION.scenarios[number]
    upto = next(n for n, one in enumerate(scenario["steps"]) if one.get("do") == step)
    case, now = begin(town, old, scenario)
    now = go_on(town, case, scenario, now, 0, upto)
    return case, scenario, upto, now


def moved(case, old, new, designer, steps=RENAMED, now=LATER):
    batch = migrate_cases(source=old, target=new, by=designer, now=now, steps=steps)
    work(now)
    return batch, Move.objects.get(migration=batch, case=case)


def test_a_population_is_previewed_moved_and_taken_back(town, old, new, designer):
    cases = populate(town, old, 60)
    before, everything = kept(), whole()
    plan = plan_migration(source=old, target=new, by=designer)
    assert plan.total == 60
    assert plan.verdicts.keys() == {"safe", "mapping"}
    (gone,) = (row for row in plan.rows if row.wants_mapping)
    assert (gone.step_id, gone.verdict) == ("sign", "mapping")
    assert ("sign_for", "签收") in gone.choices
    assert whole() == everything
    plan = plan_migration(source=old, target=new, by=designer, steps=RENAMED)
    assert plan.verdicts == {"safe": 60}
    batch = migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    assert batch.moves.counts() == {"waiting": 60}
    assert work() == 60
    assert batch.moves.counts() == {"moved": 60}
    assert kept() == before
    assert set(Case.objects.values_list("definition", flat=True)) == {new.pk} | (
        {old.pk} if Case.objects.filter(ended_at__isnull=False).exists() else set()
    )
    revert_migration(migration=batch, by=designer, now=LATER + timedelta(hours=1))
    assert work() == 60
    assert batch.moves.counts() == {"returned": 60}
    assert whole() == everything
    assert history.faults() == []
    for case, scenario, upto, now in cases[:10]:
        go_on(town, case, scenario, now, upto)
        scenarios._compare(case, scenario)


def test_cases_that_moved_come_to_the_ends_that_they_were_to_come_to(town, old, new, designer):
    cases = populate(town, old, 30)
    migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    work()
    ends = set()
    for case, scenario, upto, now in cases:
        go_on(town, case, scenario, now, upto)
        scenarios._compare(case, expected(scenario))
        assert case.definition_id == new.pk
        ends.add(case.outcome)
    assert {"answered", "unrated", "withdrawn"} <= ends
    assert not Job.objects.filter(attempts__gt=0).exists()
    assert history.faults() == []


@pytest.mark.parametrize("name", bundles.shipped())
def test_every_scenario_ends_as_it_says_when_its_case_moves_at_every_step(name, profile, monkeypatch):
    """There and back between two versions that are drawn alike, through the real services."""
    bundle, moves = bundles.read(name), []

    def moving_after(act):
        def acted(town, case, *rest):
            act(town, case, *rest)
            now = rest[-1]
            row = Case.objects.select_related("definition").get(pk=case.pk)
            if row.ended_at is not None:
                return
            here = row.definition
            known = here.__class__.objects.filter(jurisdiction=town.jurisdiction, process=here.process)
            there = known.exclude(pk=here.pk).first()
            if there is None:
                twin = bundles.read(here.process)
                twin = replace(twin, diagram=twin.diagram + b"\n<!-- twin -->")
                there = storing.store(twin, town.jurisdiction, version=2, by=None, now=now)
            services.move_case(
                case=row, source=here, target=there, steps={}, by=town.actors["watch"], now=now
            )
            moves.append(row.pk)
            case.refresh_from_db()

        return acted

    monkeypatch.setattr(scenarios, "_do", moving_after(scenarios._do))
    monkeypatch.setattr(scenarios, "_ACTS", {key: moving_after(act) for key, act in scenarios._ACTS.items()})
    scenarios.run_all(bundle, profile)
    assert len(moves) > 10


def test_a_case_keeps_its_tasks_and_its_past(town, old, new, designer):
    case, _scenario, _upto, _now = at_step(town, old, "opinion")
    tasks = list(
        Task.objects.filter(case=case).order_by("pk").values("pk", "key", "name", "status", "due_on", "round")
    )
    _batch, move = moved(case, old, new, designer)
    assert move.status == Move.Status.MOVED
    after = Task.objects.filter(case=case).order_by("pk")
    assert list(after.values("pk", "key", "name", "status", "due_on", "round")) == tasks
    assert not after.filter(step_id="sign").exists()
    assert set(after.exclude(status="open").values_list("done_under", flat=True)) == {old.pk}
    assert history.entries_of("case", case.pk)[-1].kind == "case_moved"
    state = CaseState.objects.get(case=case)
    assert (state.before, state.undo) == ([], [])


def test_a_step_put_in_is_done_and_a_boundary_event_put_on_listens(town, old, new, designer):
    case, _scenario, _upto, now = at_step(town, old, "propose")
    moved(case, old, new, designer)
    case.refresh_from_db()
    assert services.marks.awaits(case, "signatures.short")
    task = Task.objects.open().select_related("case__reporter").get(case=case)
    units = town.resolve({"units": {"lead": "@unit.a"}, "remarks": "请办理"})
    with time_source.standing_at(now):
        services.complete_task(task=task, answers=units, by=town.actor_for(task), now=now, key="k")
    assert list(Task.objects.open().filter(case=case).values_list("step_id", flat=True)) == ["second_look"]


def test_a_case_without_its_step_stays_and_is_listed_and_the_others_go(town, old, new, designer):
    signing, *_rest = at_step(town, old, "sign")
    rating, *_rest = at_step(town, old, "rate")
    before = bytes(CaseState.objects.get(case=signing).state)
    batch, move = moved(signing, old, new, designer, steps={})
    assert batch.moves.counts() == {"moved": 1, "failed": 1}
    assert move.status == Move.Status.FAILED
    assert reasons.sentences(old, new, move.reasons) == ["新版没有环节「签收」：请指定对应的新环节"]
    signing.refresh_from_db()
    rating.refresh_from_db()
    assert (signing.definition_id, rating.definition_id) == (old.pk, new.pk)
    assert bytes(CaseState.objects.get(case=signing).state) == before
    again = migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    work()
    assert again.moves.counts() == {"moved": 1}


def test_a_damaged_case_stops_nobody(town, old, new, designer):
    broken, *_rest = at_step(town, old, "sign")
    at_step(town, old, "rate")
    CaseState.objects.filter(case=broken).update(state=b"HYE\x01nonsense")
    assert plan_migration(source=old, target=new, by=designer).verdicts == {"blocked": 1, "safe": 1}
    batch, move = moved(broken, old, new, designer)
    assert batch.moves.counts() == {"moved": 1, "failed": 1}
    assert move.reasons == [["", "unreadable", ""]]


def test_a_case_that_ended_meanwhile_is_left_as_it_is(town, old, new, designer):
    scenario = next(one for one in SUGGESTION.scenarios if one["file"].startswith("15_"))
    last = next(n for n, step in enumerate(scenario["steps"]) if "withdraw" in step)
    case, now = begin(town, old, scenario)
    now = go_on(town, case, scenario, now, 0, last)
    batch = migrate_cases(source=old, target=new, by=designer, now=now)
    go_on(town, case, scenario, now, last)
    work()
    assert batch.moves.get().reasons == [["", "ended", ""]]
    assert (case.definition_id, case.outcome) == (old.pk, "withdrawn")


def test_a_batch_killed_half_way_goes_on_with_nothing_lost_or_doubled(town, old, new, designer, monkeypatch):
    populate(town, old, 12)
    before = kept()
    batch = migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    ids = list(Job.objects.filter(subject_kind="migration").order_by("pk").values_list("pk", flat=True))
    for pk in ids[:5]:
        jobs.run(pk, now=LATER)
    real = moving._prove

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(moving, "_prove", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(ids[5], now=LATER)
    monkeypatch.setattr(moving, "_prove", real)
    assert batch.moves.counts() == {"moved": 5, "waiting": 7}
    migrating.move_one(
        move=batch.moves.filter(status="moved").first(), now=LATER
    )  # once more: nothing happens
    work()
    assert batch.moves.counts() == {"moved": 12}
    assert kept() == before
    assert Case.objects.filter(definition=new, ended_at=None).count() == 12
    moves = [
        entry for case in Case.objects.filter(definition=new) for entry in history.entries_of("case", case.pk)
    ]
    assert sum(entry.kind == "case_moved" for entry in moves) == 12
    assert not Incident.objects.exists()


def test_what_was_worked_on_since_stays_on_the_new_version(town, old, new, designer):
    worked, _scenario, _upto, _now = at_step(town, old, "screen")
    idle, *_rest = at_step(town, old, "rate")
    batch, _move = moved(worked, old, new, designer)
    after = LATER + timedelta(hours=1)
    task = Task.objects.open().select_related("case__reporter").get(case=worked)
    services.complete_task(
        task=task, answers=town.resolve({"screening": "accept", "register": {"category": "water"}}),
        by=town.actor_for(task), now=after, key="k",
    )  # fmt: skip
    revert_migration(migration=batch, by=designer, now=after)
    work(after)
    assert batch.moves.counts() == {"stayed": 1, "returned": 1}
    assert batch.moves.get(case=worked).reasons == [["", "WentOn", ""]]
    worked.refresh_from_db()
    idle.refresh_from_db()
    assert (worked.definition_id, idle.definition_id) == (new.pk, old.pk)


def test_an_act_beside_the_tasks_is_work_too(town, old, new, designer):
    case, *_rest = at_step(town, old, "work")
    batch, _move = moved(case, old, new, designer)
    after = LATER + timedelta(hours=1)
    services.urge_case(case=case, words="请抓紧办理", by=town.actors["watch"], now=after)
    revert_migration(migration=batch, by=designer, now=after)
    work(after)
    assert batch.moves.counts() == {"stayed": 1}


def test_what_still_waits_is_not_moved_after_the_batch_is_taken_back(town, old, new, designer):
    at_step(town, old, "rate")
    batch = migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    revert_migration(migration=batch, by=designer, now=LATER)
    work()
    assert batch.moves.counts() == {"left": 1}
    with pytest.raises(migrating.RevertedAlready):
        revert_migration(migration=batch, by=designer, now=LATER)


def test_the_step_before_cannot_be_recalled_across_versions(town, old, new, designer):
    case, _scenario, _upto, now = at_step(town, old, "check")
    done = Task.objects.get(case=case, step_id="draft")
    drafter = town.actor_for(done)
    assert [one.task for one in services.recallable(case, drafter)] == [done]
    moved(case, old, new, designer, now=now)
    case.refresh_from_db()
    assert services.recallable(case, drafter) == []
    with pytest.raises(RecalledTooLate):
        services.recall_task(task=done, by=drafter, now=now)


def test_a_page_that_shows_the_old_form_is_told_so_and_one_with_the_same_form_is_not(town, old, designer):
    forms = {**SUGGESTION.forms}
    forms["rate"] = {**forms["rate"], "title": {"zh": "代表评价（新）", "en": "Rate (new)"}}
    other = store(town, replace(changed(), forms={**changed().forms, "rate": forms["rate"]}), 2)
    rating, *_rest = at_step(town, old, "rate")
    signing, *_rest = at_step(town, old, "sign")
    before = {row.case_id: row.revision for row in Task.objects.open()}
    moved(rating, old, other, designer)
    after = {row.case_id: row.revision for row in Task.objects.open()}
    assert after[rating.pk] == before[rating.pk] + 1
    assert after[signing.pk] == before[signing.pk]


def test_another_address_is_resolved_and_a_holder_of_the_old_one_lets_go(town, old, designer):
    text = SUGGESTION.diagram.decode()
    part = text[text.index('<userTask id="assign"') :]
    other = part.replace("government_office@place", "congress_office@place", 1)
    new = store(town, replace(SUGGESTION, diagram=text.replace(part, other).encode()), 2)
    case, *_rest = at_step(town, old, "assign")
    task = Task.objects.open().select_related("case__reporter").get(case=case)
    services.take_task(task=task, by=town.actor_for(task), now=LATER)
    plan = plan_migration(source=old, target=new, by=designer)
    assert any("办理对象由" in note for row in plan.rows for note in row.notes)
    batch, _move = moved(case, old, new, designer, steps={})
    row = Task.objects.open().get(case=case)
    assert (row.role, row.claimed_by_id, row.revision) == ("congress_office", None, task.revision + 1)
    revert_migration(migration=batch, by=designer, now=LATER)
    work()
    row = Task.objects.open().get(case=case)
    assert (row.role, row.claimed_by_id) == (task.role, task.claimed_by_id or row.claimed_by_id)


def test_a_deadline_whose_message_nobody_would_catch_any_more_holds_its_case(town, old, designer):
    text = SUGGESTION.diagram.decode()
    for piece in ('<boundaryEvent id="opinion_silent"', '<sequenceFlow id="f_silent"'):
        begins = text.index(piece)
        ends = text.index("</boundaryEvent>" if "boundary" in piece else "/>", begins)
        text = text[:begins] + text[ends + (len("</boundaryEvent>") if "boundary" in piece else 2) :]
    text = re.sub(
        r'<bpmndi:BPMN(Shape|Edge)[^>]*bpmnElement="(opinion_silent|f_silent)".*?</bpmndi:BPMN\1>',
        "",
        text,
        flags=re.S,
    )
    new = store(town, replace(SUGGESTION, diagram=text.encode()), 2)
    waiting, *_rest = at_step(town, old, "opinion")
    at_step(town, old, "rate")
    plan = plan_migration(source=old, target=new, by=designer)
    assert plan.verdicts == {"blocked": 1, "safe": 1}
    _batch, move = moved(waiting, old, new, designer, steps={})
    assert move.reasons == [["opinion", "message-lost", "opinion.silent"]]


def test_a_gateway_whose_question_the_case_was_never_asked_holds_it(town, old, designer):
    bundle = changed()
    form = json.loads(json.dumps(bundle.forms["second_look"]))
    form["ui"]["fields"]["said"] |= {
        "kind": "choice",
        "routing": True,
        "options": {"yes": {"zh": "是", "en": "Yes"}},
    }
    form["schema"]["properties"]["said"] = {}
    text = bundle.diagram.decode().replace('screening == "never"', 'said == "no"')
    text = text.replace(
        'sourceRef="propose_short" targetRef="hand_over"', 'sourceRef="propose_short" targetRef="second_look"'
    )
    new = store(town, replace(bundle, diagram=text.encode(), forms={**bundle.forms, "second_look": form}), 2)
    before, *_rest = at_step(town, old, "propose")
    past, *_rest = at_step(town, old, "hand_over")
    beyond, *_rest = at_step(town, old, "rate")
    batch, move = moved(past, old, new, designer)
    assert move.reasons == [["g_assigned", "fact-missing", "said"]]
    assert "分办完" in reasons.sentences(old, new, move.reasons)[0]
    assert batch.moves.counts() == {"moved": 2, "failed": 1}
    assert {before.pk, beyond.pk} == set(Case.objects.filter(definition=new).values_list("pk", flat=True))


def test_a_diagram_that_is_called_may_change_too(town, old, designer):
    """The reply chain gets a step of another name, where one of the cases stands."""
    chain = SUGGESTION.called["reply_chain"]
    for place in (b"id", b"sourceRef", b"targetRef", b"bpmnElement"):
        chain = chain.replace(b" " + place + b'="check"', b" " + place + b'="check_words"')
    new = store(town, replace(SUGGESTION, called={**SUGGESTION.called, "reply_chain": chain}), 2)
    case, scenario, upto, now = at_step(town, old, "check")
    plan = plan_migration(source=old, target=new, by=designer)
    assert [(row.step_id, row.verdict) for row in plan.rows] == [("check", "mapping")]
    _batch, move = moved(case, old, new, designer, steps={"check": "check_words"}, now=now)
    assert move.status == Move.Status.MOVED
    task = Task.objects.open().select_related("case__reporter").get(case=case, step_id="check_words")
    passed = {"review": {"decision": "pass"}}
    with time_source.standing_at(now):
        services.complete_task(task=task, answers=passed, by=town.actor_for(task), now=now, key="k")
    go_on(town, case, scenario, now, upto + 1, upto + 2)
    assert [row.step_id for row in Task.objects.open().filter(case=case)] == ["review"]


def test_only_designer_and_administrator_move_cases(town, old, new):
    at_step(town, old, "rate")
    for refused in (
        lambda by: plan_migration(source=old, target=new, by=by),
        lambda by: migrate_cases(source=old, target=new, by=by, now=LATER),
    ):
        with pytest.raises(NotYourAct):
            refused(town.actors["congress"])
    batch = migrate_cases(source=old, target=new, by=None, now=LATER)
    with pytest.raises(NotYourAct):
        revert_migration(migration=batch, by=town.actors["congress"], now=LATER)


def test_cases_move_between_two_versions_of_one_process(town, old, new, definition, designer):
    for other in (definition, old):
        with pytest.raises(OtherProcess):
            plan_migration(source=old, target=other, by=designer)
    for steps in ({"nowhere": "sign_for"}, {"sign": "nowhere"}):
        with pytest.raises(StepUnknown):
            migrate_cases(source=old, target=new, by=designer, now=LATER, steps=steps)


def test_one_batch_at_a_time_and_none_for_nothing(town, old, new, designer):
    with pytest.raises(migrating.NothingRuns):
        migrate_cases(source=old, target=new, by=designer, now=LATER)
    at_step(town, old, "rate")
    migrate_cases(source=old, target=new, by=designer, now=LATER)
    with pytest.raises(migrating.MigrationUnderWay):
        migrate_cases(source=old, target=new, by=designer, now=LATER)


@pytest.mark.long
def test_a_thousand_cases_are_previewed_in_seconds_moved_and_taken_back(town, old, new, designer):
    multiply([case for case, *_rest in populate(town, old, 60)], 1000)
    everything, before = whole(), kept()
    began = time.monotonic()
    plan = plan_migration(source=old, target=new, by=designer, steps=RENAMED)
    previewed = time.monotonic() - began
    assert plan.verdicts == {"safe": 1000}
    began = time.monotonic()
    batch = migrate_cases(source=old, target=new, by=designer, now=LATER, steps=RENAMED)
    begun = time.monotonic() - began
    assert work() == 1000
    moved_in = time.monotonic() - began
    assert batch.moves.counts() == {"moved": 1000}
    assert kept() == before
    began = time.monotonic()
    revert_migration(migration=batch, by=designer, now=LATER + timedelta(hours=1))
    assert work() == 1000
    took = time.monotonic() - began
    sys.stderr.write(
        f"1000 cases: preview {previewed:.1f} s, begun in {begun:.1f} s, moved in {moved_in:.1f} s, back in {took:.1f} s\n"
    )
    assert batch.moves.counts() == {"returned": 1000}
    assert whole() == everything
    assert history.faults() == []
    assert previewed < 15
