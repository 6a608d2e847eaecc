"""签发 alone is given to a named person for a time: nothing else of the head's post goes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases import errors, services
from huiyin.cases.models import Case, Completion, Reply, Task
from huiyin.cases.services import covering
from huiyin.core import time_source
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Account, Delegation, Person, Post
from huiyin.directory.roles import Role
from huiyin.history.selectors import entries_of
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from huiyin.web import queues
from tests.web.playing import play_until, publish, task_of
from tests.web.test_suggestions import text

NOW = moment("2026-03-12 10:00")
TODAY = NOW.date()
LAST = TODAY + timedelta(20)
ISSUED = {
    "issuing": {
        "decision": "issue",
        "document_number": "岚水利〔2026〕12号",
        "signed_by": "何局",
        "signed_on": str(TODAY),
    }
}


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(NOW):
        yield


@pytest.fixture
def definition(town):
    return publish(town)


@pytest.fixture
def case(town, definition) -> Case:
    return play_until(town, "issue", definition=definition)


@pytest.fixture
def deputy_head(town) -> Person:
    """A colleague of unit a who is no head."""
    person = Person.objects.create(jurisdiction=town.jurisdiction, name="副局长", pinyin="fujuzhang")
    unit = town.units["a"]
    Post.objects.create(person=person, role=Role.HANDLER, unit=unit, place=unit.place, from_on="2020-01-01")
    Account.objects.create(username="deputy-head", person=person)
    return person


def give(town, to: Person, by: str = "a-head", **more) -> list[Delegation]:
    days = {"from_on": TODAY, "last_on": LAST, "signing_only": True} | more
    return list(services.cover_posts(cover=to, by=town.actors[by], now=NOW, **days))


def issue(case: Case, by: Actor, now=NOW) -> Task:
    return services.complete_task(task=task_of(case, "issue"), answers=ISSUED, by=by, now=now, key="k")


def test_the_named_person_signs_on_behalf_of_the_head(town, case, deputy_head):
    with pytest.raises(errors.NotYours):
        issue(case, actor_of(deputy_head, TODAY))
    give(town, deputy_head)
    done = issue(case, actor_of(deputy_head, TODAY))
    assert Completion.objects.get(task=done).on_behalf_of == town.actors["a-head"].person
    assert task_of(case, "inspect")


def test_nothing_else_of_the_post_goes_with_it(town, case, definition, deputy_head):
    reviewed = play_until(town, "review", definition=definition)
    own = actor_of(deputy_head, TODAY)
    give(town, deputy_head)
    given = actor_of(deputy_head, TODAY)
    assert (given.held, given.roles, given.units) == (own.held, own.roles, own.units)
    assert not given.may("board.overdue")
    assert set(Task.objects.waiting_for(given)) - set(Task.objects.waiting_for(own)) == {
        task_of(case, "issue")
    }
    with pytest.raises(errors.NotYours):
        services.complete_task(
            task=task_of(reviewed, "review"),
            answers={"review": {"decision": "pass"}},
            by=given,
            now=NOW,
            key="k",
        )


def test_what_the_head_holds_for_himself_stays_his_but_for_the_signature(town, case, definition, deputy_head):
    reviewed, head = play_until(town, "review", definition=definition), town.actors["a-head"]
    Post.objects.create(
        person=deputy_head, role=Role.UNIT_HEAD, unit=town.units["a"], place=town.units["a"].place,
        from_on="2020-01-01",
    )  # fmt: skip
    give(town, deputy_head)
    for one, step in ((case, "issue"), (reviewed, "review")):
        services.take_task(task=task_of(one, step), by=head, now=NOW)
    other = actor_of(deputy_head, TODAY)
    with pytest.raises(errors.TakenByAnother):
        services.complete_task(
            task=task_of(reviewed, "review"),
            answers={"review": {"decision": "pass"}},
            by=other,
            now=NOW,
            key="k",
        )
    assert Completion.objects.get(task=issue(case, other)).on_behalf_of == head.person


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (20, True), (21, False)])
def test_lasts_from_its_first_day_to_its_last(town, case, deputy_head, days, may):
    give(town, deputy_head)
    actor = actor_of(deputy_head, TODAY + timedelta(days))
    assert bool(actor.given) is may
    assert Task.objects.waiting_for(actor).filter(step_id="issue").exists() is may


def test_ends_when_the_named_person_has_left_or_the_head_is_back(town, deputy_head):
    (made,) = give(town, deputy_head)
    Post.objects.filter(person=deputy_head).update(to_on=TODAY)
    assert actor_of(deputy_head, TODAY).given == ()
    Post.objects.filter(person=deputy_head).update(to_on=None)
    services.end_cover(delegation=made, by=town.actors["a-head"], now=NOW)
    assert actor_of(deputy_head, TODAY).given == ()


def test_nobody_signs_what_he_drafted_himself(town, case):
    drafter = town.actors["a"].person
    give(town, drafter)
    with pytest.raises(errors.OwnDraft):
        issue(case, actor_of(drafter, TODAY))
    assert not Reply.objects.filter(case=case).exists()


def test_what_was_signed_for_the_head_can_be_taken_back_by_whoever_signed(town, case, deputy_head):
    give(town, deputy_head)
    actor = actor_of(deputy_head, TODAY)
    services.recall_task(task=issue(case, actor), by=actor, now=NOW)
    assert task_of(case, "issue")


def test_only_a_head_gives_it_and_only_once_for_the_same_days(town, deputy_head):
    with pytest.raises(covering.NothingToSign):
        give(town, deputy_head, by="a")
    give(town, deputy_head)
    with pytest.raises(covering.LeaveOverlaps):
        give(town, deputy_head)
    services.cover_posts(
        cover=town.actors["a"].person, from_on=TODAY, last_on=TODAY, by=town.actors["a-head"], now=NOW
    )
    assert Delegation.objects.count() == 2, "who signs may go on while another does all the rest"


def test_the_record_and_the_notice_say_that_it_is_the_signature_alone(town, deputy_head):
    give(town, deputy_head)
    post = Post.objects.get(person=town.actors["a-head"].person)
    (entry,) = entries_of("post", post.pk)
    assert (entry.kind, entry.facts["step"]) == ("post_covered", "issue")
    assert Notice.objects.get(kind="covers_for", person=deputy_head).facts["step"] == "issue"


def test_is_given_on_the_page_of_leave_and_found_in_a_queue_of_its_own(client_of, town, case, deputy_head):
    client, head = client_of("a-head"), town.actors["a-head"].person
    page = reverse("leave")
    assert "只代签发答复" in text(client.get(page))
    assert "只代签发答复" not in text(client_of("a").get(page))
    sent = {"from": str(TODAY), "last": str(LAST), "cover": deputy_head.public_id, "what": "issue"}
    shown = text(client.post(page, sent, follow=True))
    assert "已请副局长代为签发" in shown
    assert "只代签发</span>" in shown
    other = Client()
    other.force_login(deputy_head.account, backend="huiyin.config.demo_accounts.GuardedBackend")
    listed = text(other.get(reverse("tasks"), {"of": f"for-{head.public_id}"}))
    assert case.title in listed
    assert f"代{head.name}签发" in listed
    assert "issuing.document_number" in text(
        other.get(reverse("task", args=[task_of(case, "issue").public_id]))
    )
    found = queues.waiting_for(f"for-{head.public_id}", actor_of(deputy_head, TODAY), TODAY)
    assert list(found) == [task_of(case, "issue")]


def test_is_refused_on_the_page_to_who_heads_nothing(client_of, town, deputy_head):
    sent = {"from": str(TODAY), "last": str(LAST), "cover": deputy_head.public_id, "what": "issue"}
    answer = client_of("a").post(reverse("leave"), sent)
    assert answer.status_code == 422
    assert "只有单位负责人可以请人代为签发" in text(answer)
    assert not Delegation.objects.exists()
