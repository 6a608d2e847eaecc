"""附议 over the API: invited, signed, declined, taken back, and agreed to be withdrawn."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case, CaseText
from tests.api.conftest import is_problem
from tests.api.test_transcribing import MOVED
from tests.web.playing import publish


@pytest.fixture
def draft(caller, town):
    publish(town)
    body = {"kind": "suggestion", "place": town.place.parent.public_id, "answers": MOVED}
    made = caller("deputy").write("/cases/", body, key="one")
    assert made.status_code == 201, made.content
    return Case.objects.get(public_id=made.json()["id"])


def at(case: Case, act: str) -> str:
    return f"/cases/{case.public_id}/{act}/"


def invite(caller, town, case: Case, *names: str):
    people = [town.actors[name].person.public_id for name in names]
    return caller("deputy").write(at(case, "cosigners"), {"people": people})


def seen_by(client, case: Case) -> dict[str, str]:
    return {"seen_hash": client.read(f"/cases/{case.public_id}/").json()["text_hash"]}


@pytest.fixture
def friend(caller, town, draft):
    assert invite(caller, town, draft, "deputy2").status_code == 201
    return caller("deputy2")


def test_the_mover_invites_deputies_once(caller, town, draft):
    asked = invite(caller, town, draft, "deputy2", "deputy3")
    assert [row["status"] for row in asked.json()["rows"]] == ["invited", "invited"]
    assert is_problem(invite(caller, town, draft, "deputy2"), 409, "invited_already")
    for name in ("deputy", "a"):
        assert is_problem(invite(caller, town, draft, name), 422, "not_a_deputy_here")
    mover, path = caller("deputy"), at(draft, "cosigners")
    assert is_problem(mover.write(path, {"people": ["nobody"]}), 422, "not_a_deputy_here")
    assert is_problem(mover.write(path, {"people": []}), 422, "invalid")
    assert is_problem(mover.write(path, {}), 422, "invalid")
    other = {"people": [town.actors["deputy4"].person.public_id]}
    assert is_problem(caller("deputy2").write(path, other), 403, "only_the_mover")
    assert is_problem(caller("deputy5").write(path, other), 404, "not_found")


def test_signs_the_text_that_was_read(caller, friend, draft):
    path, seen = at(draft, "sign"), seen_by(friend, draft)
    assert is_problem(caller("deputy3").write(path, seen), 404, "not_found")
    assert is_problem(caller("deputy").write(path, seen), 403, "not_a_cosigner")
    assert list(friend.write(path, {}).json()["problems"]) == ["seen_hash"]
    CaseText.objects.filter(case=draft).update(words=f"{MOVED['words']}请尽快。")
    assert is_problem(friend.write(path, seen), 409, "text_changed")
    signed = friend.write(path, seen_by(friend, draft))
    assert signed.status_code == 200, signed.content
    assert [(row["status"], row["on_paper"]) for row in signed.json()["rows"]] == [("signed", False)]
    assert is_problem(friend.write(path, seen_by(friend, draft)), 409, "signed_already")


def test_declines_and_sees_it_no_more(caller, friend, draft):
    assert is_problem(caller("deputy").write(at(draft, "decline")), 403, "not_a_cosigner")
    assert friend.write(at(draft, "decline")).status_code == 204
    assert is_problem(friend.write(at(draft, "decline")), 404, "not_found")
    (row,) = caller("deputy").read(f"/cases/{draft.public_id}/").json()["signing"]["rows"]
    assert row["status"] == "declined"


def test_takes_the_signature_back_and_does_not_decline_it(caller, friend, draft):
    path = at(draft, "take-signature-back")
    assert is_problem(friend.write(path), 409, "not_signed")
    friend.write(at(draft, "sign"), seen_by(friend, draft))
    assert is_problem(friend.write(at(draft, "decline")), 409, "signed_already")
    assert is_problem(caller("deputy").write(path), 403, "not_a_cosigner")
    assert friend.write(path).status_code == 204
    assert is_problem(friend.write(path), 404, "not_found")


def test_agrees_that_it_is_withdrawn(caller, friend, draft):
    path, mover = at(draft, "agree-to-withdraw"), caller("deputy")
    assert is_problem(friend.write(path), 409, "not_signed")
    assert is_problem(mover.write(path), 403, "not_a_cosigner")
    friend.write(at(draft, "sign"), seen_by(friend, draft))
    withdraw = {"reason": "已经合并到另一件"}
    assert is_problem(mover.write(at(draft, "withdraw"), withdraw), 409, "signers_disagree")
    for _again in range(2):
        (row,) = friend.write(path).json()["rows"]
        assert row["agrees_to_withdrawal"] is True
    answer = mover.write(at(draft, "withdraw"), withdraw)
    assert answer.status_code == 204, answer.content
