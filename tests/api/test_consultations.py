"""加签 and 传阅."""

from __future__ import annotations

from huiyin.cases.models import Consultation
from tests.api.conftest import is_problem
from tests.api.test_list_tasks import walk

ASKED = "荷载够不够？"


def ask(client, task, to, words: str = ASKED):
    return client.write(f"/tasks/{task.public_id}/ask-signer/", {"person": to.public_id, "words": words})


def pass_on(client, task, *to, words: str = ""):
    people = [person.public_id for person in to]
    return client.write(f"/tasks/{task.public_id}/pass-for-reading/", {"people": people, "words": words})


def test_an_opinion_is_asked_and_given(caller, work):
    handler, head = caller("a"), caller("a-head")
    asked = ask(handler, work, head.person)
    assert (asked.status_code, asked.json()["kind"], asked.json()["waits"]) == (201, "sign", True)
    body = {"answers": {"progress": {"text": "换灯"}}, "seen_revision": work.revision}
    blocked = handler.write(f"/tasks/{work.public_id}/complete/", body, key="k")
    assert is_problem(blocked, 409, "still_to_sign")
    (row,) = walk(head, "/consultations/")
    at = f"/consultations/{row['id']}/answer/"
    assert is_problem(head.write(at, {"agrees": False}), 422, "opinion_missing")
    given = head.write(at, {"agrees": False, "words": "不够"})
    assert (given.status_code, given.json()["agrees"], given.json()["waits"]) == (200, False, False)
    assert walk(head, "/consultations/") == []
    assert handler.write(f"/tasks/{work.public_id}/complete/", body, key="k").status_code == 200
    (shown,) = handler.read(f"/cases/{work.case.public_id}/").json()["rounds"][0]["consultations"]
    assert shown == handler.read(f"/consultations/{row['id']}/").json()


def test_is_passed_for_reading_and_withdrawn(caller, work):
    handler, head = caller("a"), caller("a-head")
    (row,) = pass_on(handler, work, head.person).json()
    at = f"/consultations/{row['id']}/"
    assert is_problem(head.write(f"{at}answer/", {"agrees": True}), 422, "only_read")
    assert handler.write(f"{at}withdraw/").json()["withdrawn_at"] is not None
    assert is_problem(head.write(f"{at}answer/", {}), 409, "consultation_over")


def test_is_refused_where_it_must_be(caller, work):
    handler = caller("a")
    assert is_problem(ask(handler, work, handler.person), 422, "asked_oneself")
    assert is_problem(ask(handler, work, caller("b").person), 422, "not_beside")
    assert pass_on(handler, work).status_code == 422
    assert ask(caller("c"), work, handler.person).status_code == 404
    assert (
        handler.write(f"/tasks/{work.public_id}/ask-signer/", {"person": "x", "words": "y"}).status_code
        == 404
    )
    ask(handler, work, caller("a-head").person)
    assert is_problem(ask(handler, work, caller("a-head").person), 409, "asked_already")


def test_is_not_seen_from_outside(caller, work):
    ask(caller("a"), work, caller("a-head").person)
    row = Consultation.objects.get()
    for name in ("deputy", "station", "c"):
        assert caller(name).read(f"/consultations/{row.public_id}/").status_code == 404
        assert (
            caller(name).write(f"/consultations/{row.public_id}/answer/", {"agrees": True}).status_code == 404
        )
    shown = caller("deputy").read(f"/cases/{work.case.public_id}/").json()
    assert shown["rounds"][0]["consultations"] == []
    kinds = {line["kind"] for line in caller("deputy").read(f"/cases/{work.case.public_id}/history/").json()}
    assert "signer_asked" not in kinds
    assert is_problem(
        caller("office").write(f"/consultations/{row.public_id}/answer/", {"agrees": True}), 403, "not_asked"
    )
