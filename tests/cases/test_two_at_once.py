"""Two who act at the same moment: one wins, the other is told, and nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from huiyin import engine
from huiyin.cases import errors, runtime, services
from huiyin.cases.models import Case, CaseState, Completion, ProgressNote, Task
from huiyin.cases.services import locking
from huiyin.core import errors as refusals
from huiyin.history import selectors as history
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from tests.cases.conftest import RECEIVED, REPORT
from tests.cases.test_consulting import colleague
from tests.conftest import at

pytestmark = pytest.mark.django_db(transaction=True)


def both(*acts: Callable[[], object]) -> list[object]:
    """Let the acts begin together, each on a connection of its own; what each returned or refused."""
    gate, results = threading.Barrier(len(acts), timeout=20), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait()
            results[number] = act()
        except refusals.Refusal as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(results)


def test_one_of_two_colleagues_completes_and_the_other_keeps_the_words(play):
    task, office = play.task("screen"), play.town.actors["office"]
    answers = ({"screening": "accept"}, {"screening": "return", "reason": "属合同纠纷，请走司法途径。"})
    found = both(
        *(
            lambda number=number: services.complete_task(
                task=task, answers=answers[number], by=office, now=play.now, key=f"k{number}"
            )
            for number in (0, 1)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["Task", "TaskClosed"]
    assert Completion.objects.count() == 1
    assert history.faults() == []


def test_the_same_request_twice_is_done_once(play):
    task, office = play.task("screen"), play.town.actors["office"]
    found = both(
        *[
            lambda: services.complete_task(
                task=task, answers={"screening": "accept"}, by=office, now=play.now, key="tap"
            )
        ]
        * 2
    )
    assert [type(one) for one in found] == [Task, Task]
    assert (Completion.objects.count(), Task.objects.filter(case=play.case).count()) == (1, 2)


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"  # unlike pg_stat_activity, never a copy of before
        )
        return bool(cursor.fetchone()[0])


def second_waits_for_first(
    first: Callable[[], object], second: Callable[[], object], then: Callable[[], object] = lambda: None
) -> object:
    """Let the second act begin while the first (`then` the rest of it) has not committed; what came of the second."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(second())
        except refusals.Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        for _turn in range(500):
            if is_waiting_for_a_lock():
                break
            threading.Event().wait(0.02)
        else:
            raise AssertionError("the second act does not wait for the first")
        then()
    thread.join(30)
    return results[0]


def what_the_engine_waits_for(case: Case) -> set[str]:
    state = bytes(CaseState.objects.get(case=case).state)
    return {task.key for task in engine.look(runtime.of(case.definition_id).process, state).open}


def what_people_see(case: Case) -> set[str]:
    return set(Task.objects.open().filter(case=case).values_list("key", flat=True))


def test_two_units_that_sign_at_once_both_go_on(play):
    """The second reads the engine's state after the first wrote it, not as it was when it began to wait."""
    play.dispatch("b")
    tasks = {unit: play.task("sign", unit) for unit in ("a", "b")}

    def sign(unit: str) -> Task:
        return services.complete_task(
            task=tasks[unit], answers={"sign": "accept"}, by=play.town.actors[unit], now=play.now, key=unit
        )

    assert isinstance(second_waits_for_first(lambda: sign("a"), lambda: sign("b")), Task)
    assert set(Task.objects.open().filter(case=play.case).values_list("step_id", "unit__name")) == {
        ("work", "a局"), ("work", "b局"),
    }  # fmt: skip
    assert what_the_engine_waits_for(play.case) == what_people_see(play.case)
    for unit in ("a", "b"):
        play.do("work", {"progress": {"text": "更换灯具两盏"}}, unit)
    assert play.task("reply").unit == play.town.units["a"]


def test_a_withdrawal_that_waited_for_a_completion_takes_the_new_task_away(play):
    task, office = play.task("screen"), play.town.actors["office"]
    second_waits_for_first(
        lambda: services.complete_task(
            task=task, answers={"screening": "accept"}, by=office, now=play.now, key="k"
        ),
        lambda: services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now),
    )
    assert Case.objects.get(pk=play.case.pk).outcome == "withdrawn"
    assert what_people_see(play.case) == what_the_engine_waits_for(play.case) == set()
    assert history.faults() == []


def test_a_completion_that_waited_for_a_withdrawal_is_refused(play):
    task, office = play.task("screen"), play.town.actors["office"]
    refused = second_waits_for_first(
        lambda: services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now),
        lambda: services.complete_task(
            task=task, answers={"screening": "accept"}, by=office, now=play.now, key="k"
        ),
    )
    assert isinstance(refused, errors.TaskClosed)
    assert not Completion.objects.exists()
    assert what_people_see(play.case) == set()


def test_a_mark_that_waited_for_an_answer_does_nothing(play):
    play.answer()
    task = play.task("citizen_rate")
    job = Job.objects.get(group=f"task:{task.pk}", args__mark="expire")
    second_waits_for_first(
        lambda: locking.lock(play.case.pk),
        lambda: jobs.run(job.pk, now=at("2026-09-16T00:00")),
        then=lambda: services.complete_task(
            task=task, answers={"rating": {"result": "satisfied"}}, by=play.asker, now=play.now, key="k"
        ),
    )
    assert what_people_see(play.case) == what_the_engine_waits_for(play.case)
    assert set(Task.objects.open().filter(case=play.case).values_list("step_id", flat=True)) == {
        "deputy_rate"
    }
    assert not Incident.objects.exists()


def test_the_same_matter_received_twice_is_one(definition, town):
    found = both(
        *[
            lambda: services.start_case(
                definition=definition, answers=REPORT, place=town.place, now=RECEIVED, source_key="web:tap"
            )
        ]
        * 2
    )
    assert found[0] == found[1]
    assert Case.objects.count() == 1


def test_two_matters_get_two_numbers(definition, town):
    found = both(
        *[lambda: services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)]
        * 2
    )
    assert len({case.number for case in found}) == 2


def test_progress_noted_twice_with_one_key_is_one_note(play):
    play.dispatch()
    task, handler = play.task("sign"), play.town.actors["a"]
    both(
        *[
            lambda: services.add_progress(
                task=task, answers={"progress": {"text": "到现场查看。"}}, by=handler, now=play.now, key="p"
            )
        ]
        * 2
    )
    assert ProgressNote.objects.count() == 1


def test_one_of_two_colleagues_takes_the_task(play):
    from huiyin.directory import actors
    from huiyin.directory.models import Person, Post

    own = Post.objects.get(person=play.town.actors["office"].person)
    second = Person.objects.create(jurisdiction=play.town.jurisdiction, name="林晚")
    Post.objects.create(person=second, role=own.role, unit=own.unit, place=own.place, from_on=own.from_on)
    people = [play.town.actors["office"], actors.actor_of(second, play.now.date())]
    task = play.task("screen")
    found = both(*[lambda by=by: services.take_task(task=task, by=by, now=play.now) for by in people])
    assert sorted(type(one).__name__ for one in found) == ["TakenByAnother", "Task"]


def test_a_mark_that_fires_while_somebody_answers_hurts_nobody(play):
    """The worker holds the mark's row and waits for the case; the person holds the case and takes the mark back."""
    play.answer()
    job = Job.objects.get(group=f"task:{play.task('citizen_rate').pk}", args__mark="expire")
    task = play.task("citizen_rate")
    found = both(
        lambda: jobs.run(job.pk, now=at("2026-09-16T00:00")),
        lambda: services.complete_task(
            task=task, answers={"rating": {"result": "satisfied"}}, by=play.asker, now=play.now, key="k"
        ),
    )
    assert isinstance(found[1], Task | errors.TaskClosed)
    assert found[0] in (True, False)
    assert not Incident.objects.exists()
    assert not Job.objects.filter(attempts__gt=0).exists()
    assert history.faults() == []


def test_a_colleague_asked_by_two_at_once_is_asked_once(play):
    play.dispatch()
    task, head = play.task("sign"), play.town.actors["a-head"]
    to = colleague(play.town, "沈科", play.town.units["a"]).person
    found = both(
        *(
            lambda by=by: services.ask_signer(task=task, to=to, words="请核", by=by, now=play.now)
            for by in (play.town.actors["a"], head)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["AskedAlready", "Consultation"]
    assert "沈科" in next(one.sentence for one in found if isinstance(one, errors.AskedAlready))


def test_a_completion_that_waited_for_a_request_to_sign_is_refused(play):
    play.dispatch()
    task, by = play.task("sign"), play.town.actors["a"]
    to = play.town.actors["a-head"].person
    refused = second_waits_for_first(
        lambda: services.ask_signer(task=task, to=to, words="请核", by=by, now=play.now),
        lambda: services.complete_task(task=task, answers={"sign": "accept"}, by=by, now=play.now, key="k"),
    )
    assert isinstance(refused, errors.StillToSign)
    assert not Completion.objects.filter(task=task).exists()
