"""加签 and 传阅: colleagues are asked beside the diagram; an opinion is waited for, reading holds nothing up."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from huiyin.cases import errors, present, services
from huiyin.cases.models import Case, Consultation, Task
from huiyin.directory import actors
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Post, Unit
from huiyin.directory.roles import Role
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.notices.models import Notice

ASKED = "灯杆的荷载够不够？"


@pytest.fixture
def sectioner(town) -> Actor:
    """Somebody who works in a 科室 of the first unit."""
    bureau = town.units["a"]
    section = Unit.objects.create(
        jurisdiction=town.jurisdiction, place=bureau.place, kind=Unit.Kind.SECTION, code="sub1", name="一科",
        pinyin="yike", parent=bureau,
    )  # fmt: skip
    return colleague(town, "沈科", section)


def colleague(town, name: str, unit: Unit, role: str = Role.HANDLER, place=None) -> Actor:
    person = Person.objects.create(jurisdiction=town.jurisdiction, name=name)
    place = place or unit.place
    Post.objects.create(person=person, role=role, unit=unit, place=place, from_on=date(2020, 1, 1))
    return actors.actor_of(person, date(2026, 9, 1))


@pytest.fixture
def work(play) -> Task:
    play.dispatch("b")
    play.do("sign", {"sign": "accept"}, "a")
    return play.task("work", "a")


def ask(play, task: Task, to: Actor, by: str = "a", said: str = ASKED) -> Consultation:
    return services.ask_signer(task=task, to=to.person, words=said, by=play.town.actors[by], now=play.now)


def read(play, task: Task, *to: Actor, by: str = "a") -> list[Consultation]:
    people = [actor.person for actor in to]
    return services.pass_for_reading(task=task, to=people, words="", by=play.town.actors[by], now=play.now)


def answer(play, row: Consultation, by: Actor, agrees: bool | None = True, said: str = "") -> Consultation:
    return services.answer_consultation(consultation=row, agrees=agrees, words=said, by=by, now=play.now)


def withdraw(play, row: Consultation, by: Actor) -> Consultation:
    return services.withdraw_consultation(consultation=row, by=by, now=play.now)


def progress(play) -> None:
    play.do("work", {"progress": {"text": "更换灯具两盏"}}, "a")


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("id").values_list("kind", flat=True))


def test_the_task_waits_for_the_opinion_and_names_who_owes_it(play, work, sectioner):
    row = ask(play, work, sectioner)
    with pytest.raises(errors.StillToSign) as refused:
        progress(play)
    assert "沈科" in refused.value.sentence
    services.add_progress(
        task=work, answers={"progress": {"text": "灯具已到货"}}, by=play.town.actors["a"], now=play.now
    )
    answer(play, row, sectioner)
    progress(play)
    assert told(sectioner.person) == ["signer_asked"]
    assert "signer_answered" in told(play.town.actors["a"].person)


def test_an_opinion_that_disagrees_blocks_nothing_and_is_shown(play, work, sectioner):
    row = answer(play, ask(play, work, sectioner), sectioner, agrees=False, said="荷载不足，应加固")
    assert (row.agrees, row.answer) == (False, "荷载不足，应加固")
    progress(play)
    shown = present.case(Case.objects.get(pk=play.case.pk), play.town.actors["b"]).rounds[0]
    assert [found.answer for found in shown.signed] == ["荷载不足，应加固"]


def test_reading_holds_nothing_up_and_is_answered_after_the_task(play, work, sectioner):
    head = play.town.actors["a-head"]
    first, second = read(play, work, sectioner, head)
    progress(play)
    row = answer(play, first, sectioner, agrees=None, said="知悉")
    assert (row.answer, row.agrees) == ("知悉", None)
    assert list(Consultation.objects.asked_of(head)) == [second]
    assert told(head.person)[-1] == "passed_for_reading"


def test_only_who_works_on_the_task_asks(play, work, sectioner):
    with pytest.raises(errors.NotYours):
        ask(play, work, sectioner, by="b")
    services.take_task(task=work, by=play.town.actors["a-head"], now=play.now)
    with pytest.raises(errors.TakenByAnother):
        ask(play, work, sectioner)
    with pytest.raises(errors.TakenByAnother):
        read(play, work, sectioner)


def test_a_request_says_what_it_asks_and_whom(play, work, sectioner):
    with pytest.raises(errors.ReasonMissing):
        ask(play, work, sectioner, said=" ")
    with pytest.raises(errors.NobodyChosen):
        read(play, work)
    with pytest.raises(errors.AskedOneself):
        ask(play, work, play.town.actors["a"])
    assert not Consultation.objects.exists()


def test_all_are_asked_to_read_or_none(play, work, sectioner):
    with pytest.raises(errors.NotBeside):
        read(play, work, sectioner, play.town.actors["c"])
    assert not Consultation.objects.exists()


def test_nobody_is_asked_twice_at_a_time(play, work, sectioner):
    row = ask(play, work, sectioner)
    with pytest.raises(errors.AskedAlready):
        ask(play, work, sectioner)
    read(play, work, sectioner)  # another thing
    answer(play, row, sectioner)
    assert ask(play, work, sectioner).is_waiting


def test_at_an_office_the_holders_of_the_same_post_are_asked(play):
    own = Post.objects.get(person=play.town.actors["office"].person)
    other = colleague(play.town, "林晚", own.unit, own.role, own.place)
    task = play.task("screen")
    with pytest.raises(errors.NotBeside):
        ask(play, task, play.town.actors["station"], by="office")
    answer(play, ask(play, task, other, by="office"), other)
    play.do("screen", {"screening": "accept"})


def test_a_citizen_has_no_colleagues(play, sectioner):
    play.answer()
    with pytest.raises(errors.NotBeside):
        services.ask_signer(
            task=play.task("citizen_rate"), to=sectioner.person, words=ASKED, by=play.asker, now=play.now
        )


def test_asking_never_widens_sight(play, work, sectioner):
    Case.objects.filter(pk=play.case.pk).update(restricted=True)
    with pytest.raises(errors.CannotSee):
        ask(play, work, sectioner)
    with pytest.raises(errors.CannotSee):
        read(play, work, sectioner)


def test_the_one_who_asked_for_the_matter_is_not_asked_about_it(play, work, sectioner):
    """A handler may have reported it himself: the offices' own paper is not for him."""
    Case.objects.filter(pk=play.case.pk).update(reporter=sectioner.person)
    with pytest.raises(errors.CannotSee):
        ask(play, work, sectioner)


def test_only_who_was_asked_answers_and_once(play, work, sectioner):
    row = ask(play, work, sectioner)
    with pytest.raises(errors.NotAsked):
        answer(play, row, play.town.actors["a-head"])
    answer(play, row, sectioner)
    with pytest.raises(errors.ConsultationOver):
        answer(play, row, sectioner)


@pytest.mark.parametrize("agrees", [None, False])
def test_an_opinion_says_yes_or_why_not(play, work, sectioner, agrees):
    row = ask(play, work, sectioner)
    with pytest.raises(errors.OpinionMissing):
        answer(play, row, sectioner, agrees=agrees)


def test_reading_is_no_opinion(play, work, sectioner):
    (row,) = read(play, work, sectioner)
    with pytest.raises(errors.OnlyRead):
        answer(play, row, sectioner, agrees=True)


def test_the_asker_or_who_holds_the_task_takes_it_back(play, work, sectioner):
    """Somebody who left holds nothing up: his post is over, and the head of the unit withdraws the request."""
    row = ask(play, work, sectioner)
    sectioner.person.posts.update(to_on=date(2026, 8, 1))
    with pytest.raises(errors.NotYours):
        withdraw(play, row, play.town.actors["b"])
    withdraw(play, row, play.town.actors["a-head"])
    with pytest.raises(errors.ConsultationOver):
        withdraw(play, row, play.town.actors["a"])
    progress(play)


def test_after_the_task_only_the_asker_takes_reading_back(play, work, sectioner):
    (row,) = read(play, work, sectioner)
    progress(play)
    with pytest.raises(errors.TaskClosed):
        withdraw(play, row, play.town.actors["a-head"])
    withdraw(play, row, play.town.actors["a"])
    with pytest.raises(errors.ConsultationOver):
        answer(play, row, sectioner, agrees=None)
    assert told(sectioner.person) == ["passed_for_reading", "consultation_withdrawn"]


def test_with_its_task_a_request_to_sign_is_over(play, work, sectioner):
    row, (passed,) = ask(play, work, sectioner), read(play, work, sectioner)
    services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    assert list(Consultation.objects.unanswered()) == [passed]
    with pytest.raises(errors.ConsultationOver):
        answer(play, row, sectioner)
    answer(play, passed, sectioner, agrees=None)


def test_is_the_offices_own_paper(play, work, sectioner):
    ask(play, work, sectioner)
    read(play, work, sectioner)
    kinds = {"signer_asked", "passed_for_reading"}
    row = Case.objects.get(pk=play.case.pk)
    for actor in (play.asker, play.town.actors["deputy"], play.town.actors["station"]):
        assert not Consultation.objects.visible_to(actor).exists()
        assert not present.case(row, actor).rounds[0].consultations
        assert not kinds & {entry.kind for entry in present.entries_of(row, actor)}
    for name in ("a", "b", "office"):
        actor = play.town.actors[name]
        assert Consultation.objects.visible_to(actor).count() == 2
        assert kinds <= {entry.kind for entry in present.entries_of(row, actor)}
    for entry in history.entries_of("case", play.case.pk):
        assert words.tell(entry.kind, entry.facts, by="承办人")
    assert not Consultation.objects.visible_to(play.town.actors["c"]).exists()


@pytest.mark.parametrize(
    "columns",
    [
        {},  # the same again
        {"to": "by"},
        {"kind": "read", "question": "", "answered_at": "now", "agrees": True},
        {"to": "head", "question": ""},
        {"to": "head", "answered_at": "now"},
        {"to": "head", "answered_at": "now", "agrees": False},
        {"to": "head", "answered_at": "now", "agrees": True, "withdrawn_at": "now"},
        {"to": "head", "answer": "x"},
    ],
)
def test_the_database_keeps_what_must_be_true(play, work, sectioner, columns):
    row = ask(play, work, sectioner)
    people = {"by": row.by, "head": play.town.actors["a-head"].person}
    row.pk, row.public_id = None, "another"
    for name, value in columns.items():
        setattr(row, name, people.get(value, play.now if value == "now" else value))
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
