"""立案: the official number, without gaps or doubles."""

import threading
from datetime import date

import pytest
from django.db import connection

from huiyin.cases.models import Case, Fact
from huiyin.cases.services import locking
from huiyin.congress import errors
from huiyin.congress.models import Registration, Series
from huiyin.directory.models import Place, Post, Term
from huiyin.history import selectors as history
from huiyin.notices.models import Notice
from tests.conftest import at
from tests.congress.conftest import NOW, told


def test_an_accepted_matter_gets_the_next_number_of_its_session(congress):
    congress.meeting()
    cases = [congress.case(), congress.case(mover=1)]
    titles = [congress.register(case) for case in cases]
    assert titles == ["县十七届人大五次会议第1号建议", "县十七届人大五次会议第2号建议"]
    assert [Case.objects.get(pk=case.pk).number for case in cases] == titles
    assert Fact.objects.get(case=cases[0], name="category").text == "roads"
    assert told(cases[0])[-1] == "某人立案，编号「县十七届人大五次会议第1号建议」，类别：交通"
    assert Notice.objects.filter(kind="registered", person=congress.deputies[0]).count() == 1


def test_each_kind_has_its_own_series(congress):
    assert congress.register(congress.case("bill")) == "县十七届人大闭会第1号议案"
    assert congress.register(congress.case("suggestion")) == "县十七届人大闭会第1号建议"


def test_what_was_submitted_in_time_belongs_to_the_meeting_however_late_it_is_accepted(congress):
    congress.meeting()
    early, late = congress.case(), congress.case(mover=1)
    congress.record(early, "signatures", {"confirmed": True}, now=at("2026-09-02T17:00"))
    congress.record(late, "signatures", {"confirmed": True}, now=at("2026-09-02T17:01"))
    assert congress.register(late, now=at("2026-09-08T09:00")) == "县十七届人大闭会第1号建议"
    assert congress.register(early, now=at("2026-09-09T09:00")) == "县十七届人大五次会议第1号建议"


def test_a_matter_that_is_accepted_again_keeps_its_number(congress):
    case = congress.case()
    assert congress.register(case) == congress.register(case) == "县十七届人大闭会第1号建议"
    assert Series.objects.get().last == 1


def test_a_category_outside_the_form_is_refused_and_costs_no_number(congress):
    case = congress.case()
    with pytest.raises(errors.CategoryUnknown):
        congress.record(case, "register", {"category": "sports"})
    assert congress.register(case) == "县十七届人大闭会第1号建议"


def test_two_kinds_that_are_called_the_same_are_refused(congress, monkeypatch):
    monkeypatch.setattr("huiyin.congress.tables.label", lambda kind, otherwise: "建议")
    congress.register(congress.case("suggestion"))
    with pytest.raises(errors.NumberTaken):
        congress.register(congress.case("other"))


def test_a_matter_belongs_to_its_movers_congress(congress):
    town = congress.town.place.parent
    term = Term.objects.create(
        jurisdiction=congress.town.jurisdiction, place=town, number=8, from_on=date(2022, 1, 1)
    )
    assert congress.register(congress.case()) == "县十七届人大闭会第1号建议"
    Post.objects.filter(person=congress.deputies[1]).update(term=term, place=town)
    assert congress.register(congress.case(mover=1)) == "试跑镇八届人大闭会第1号建议"


def test_without_a_mover_who_is_a_deputy_the_nearest_congress_is_meant(congress):
    Post.objects.filter(person=congress.deputies[0]).delete()
    assert congress.register(congress.case()) == "县十七届人大闭会第1号建议"


def test_no_term_no_number(congress):
    Post.objects.update(term=None)
    Term.objects.all().delete()
    with pytest.raises(errors.NoTerm):
        congress.register(congress.case())


class Changed(Exception):
    """Somebody's transaction fails after the number was given."""


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_give_the_numbers_one_to_n(congress, monkeypatch):
    """Every third transaction is rolled back after it took its number; the number goes to the next."""
    cases = [congress.case(mover=n % 15) for n in range(40)]
    congress.meeting()
    fails = {case.pk for case in cases[::3]}
    waiting, lock, faults = list(cases), threading.Lock(), []
    gate = threading.Barrier(8, timeout=30)
    real = locking.finish

    def breaking(act):
        real(act)
        if act.case.pk in fails:
            fails.discard(act.case.pk)
            raise Changed

    monkeypatch.setattr(locking, "finish", breaking)

    def work():
        try:
            gate.wait()
            while True:
                with lock:
                    if not waiting:
                        return
                    case = waiting.pop(0)
                try:
                    congress.register(case, now=NOW)
                except Changed:
                    if case.pk % 2:
                        with lock:
                            waiting.append(case)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    numbers = sorted(Registration.objects.values_list("number", flat=True))
    assert 26 <= len(numbers) < 40
    assert numbers == list(range(1, len(numbers) + 1))
    assert Case.objects.filter(number__startswith="县十七届人大五次会议第").count() == len(numbers)
    assert history.faults() == []


@pytest.mark.django_db(transaction=True)
def test_the_first_of_a_session_and_a_term_are_made_once_by_eight_at_once(congress):
    cases = [congress.case(mover=n) for n in range(8)]
    found, gate = [], threading.Barrier(8, timeout=30)

    def work(case):
        try:
            gate.wait()
            found.append(congress.register(case))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [f"县十七届人大闭会第{n}号建议" for n in range(1, 9)]
    assert Place.objects.filter(sessions__isnull=False).distinct().count() == 1
