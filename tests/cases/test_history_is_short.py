"""记录: what an act did and that its task is done are one line on a page, and two in the chain."""

from __future__ import annotations

from huiyin.cases import present, services
from huiyin.directory.models import Person
from huiyin.history import selectors as history
from huiyin.history.models import Entry


def test_a_completion_stands_beside_what_came_of_it(play):
    play.dispatch()
    lines = present.entries_of(play.case, play.town.actors["office"], joined=True)
    (given,) = [line for line in lines if line.kind == "units_assigned"]
    assert given.also.startswith("「")
    assert not [line for line in lines if line.also and line.kind == "task_completed"]
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)


def test_a_completion_of_which_nothing_more_is_told_keeps_its_line(play):
    play.do("screen", {"screening": "accept"})
    lines = present.entries_of(play.case, play.town.actors["office"], joined=True)
    assert [(line.kind, line.also) for line in lines[:1]] == [("task_completed", "")]


def test_who_completed_is_named_where_the_other_line_does_not(play):
    Person.objects.filter(pk=play.town.actors["deputy"].person.pk).update(name="林芳")
    play.answer()
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    (rated,) = [
        line
        for line in present.entries_of(play.case, play.town.actors["office"], joined=True)
        if line.kind == "rated"
    ]
    assert rated.also == "林芳完成「代表评价」"


def test_a_line_of_another_moment_is_not_taken_for_the_same_act(play):
    play.do("screen", {"screening": "accept"})
    task = play.task("dispatch")
    services.take_task(task=task, by=play.town.actor_for(task), now=play.now.replace(second=59))
    kinds = [line.kind for line in present.entries_of(play.case, play.town.actors["office"], joined=True)]
    assert kinds[:2] == ["task_taken", "task_completed"]


def test_the_chain_and_the_api_keep_every_entry(play):
    play.dispatch()
    entries = Entry.objects.filter(subject_kind="case", subject_id=play.case.pk).count()
    assert len(history.entries_of("case", play.case.pk)) == entries
    assert len(present.entries_of(play.case, play.town.actors["office"])) == entries
    assert len(present.entries_of(play.case, play.town.actors["office"], joined=True)) < entries
