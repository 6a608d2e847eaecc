"""代录 over the API: what came on paper is entered by the office alone, and read with the case."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case, Contact, Rating, Transcription
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.api.conftest import REPORT, is_problem, picture
from tests.web.playing import play_until, publish, task_of

TODAY = "2026-02-11"
MOVED = {
    "title": "关于改造供水管网的建议",
    "words": "石棠镇老城区供水管网建成三十余年，爆管频发，居民用水得不到保障。",
    "asks": ["完成主管网改造", "公布停水安排"],
}
RATING = {"rating": {"result": "satisfied", "attitude": "satisfied", "asks": [
    {"ask": 1, "settled": "yes"}, {"ask": 2, "settled": "yes"}]}}  # fmt: skip


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment(f"{TODAY} 10:00")):
        yield


@pytest.fixture
def congress(caller):
    return caller("congress")


def sheet(client, on: str = TODAY, **more: object) -> dict[str, object]:
    """How a paper came, with its scan."""
    scan = client.write("/files/", {"kind": "photo", "file": picture()}, format="multipart").json()["id"]
    return {"transcription": {"way": "paper", "on": on, "proof": [scan], **more}}


def person(town, name: str) -> str:
    return town.actors[name].person.public_id


@pytest.fixture
def body(town, congress):
    publish(town)
    return {
        "kind": "suggestion",
        "place": town.place.parent.public_id,
        "answers": MOVED,
        "mover": person(town, "deputy"),
        "transcription": sheet(congress),
    }


def at(case: Case, act: str) -> str:
    return f"/cases/{case.public_id}/{act}/"


def test_enters_a_deputys_suggestion_and_the_signatures_on_it(congress, body, town):
    answer = congress.write("/cases/", body, key="one")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert (case.reporter.public_id, case.source) == (body["mover"], "office")
    read = congress.read(f"/cases/{case.public_id}/").json()
    (entered,) = read["transcriptions"]
    assert (entered["way"], entered["received_on"], entered["note"]) == ("paper", TODAY, "")
    assert (entered["by"], entered["person"], len(entered["proof"])) == (
        congress.person.name,
        case.reporter.name,
        1,
    )
    signed = congress.write(
        at(case, "paper-signatures"),
        {
            "people": [person(town, "deputy2")],
            "seen_hash": read["text_hash"],
            "transcription": sheet(congress),
        },
    )
    assert signed.status_code == 201, signed.content
    (row,) = signed.json()["rows"]
    assert (row["status"], row["on_paper"], signed.json()["have"]) == ("signed", True, 2)


def test_answers_the_same_when_the_key_is_repeated(congress, body):
    first, again = (congress.write("/cases/", body, key="one") for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert (Case.objects.count(), Transcription.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["station", "deputy2", "a"])
def test_nobody_else_enters_a_deputys_paper(caller, body, who):
    assert is_problem(caller(who).write("/cases/", body, key="one"), 403, "not_your_act")
    assert not Case.objects.exists()


def test_a_mover_is_a_deputy_and_the_paper_has_its_day(congress, body, town):
    without = {name: value for name, value in body.items() if name != "transcription"}
    answer = congress.write("/cases/", without, key="one")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["transcription"]
    for mover in ("nobody", person(town, "a")):
        assert is_problem(congress.write("/cases/", {**body, "mover": mover}, key="x"), 422, "mover_unknown")
    wrong = {**body, "transcription": {"transcription": {"way": "paper", "on": TODAY}}}
    answer = congress.write("/cases/", wrong, key="two")
    assert is_problem(answer, 422, "answers_rejected")
    assert list(answer.json()["problems"]) == ["transcription"]
    assert not Case.objects.exists()


def test_enters_a_citizens_letter_and_names_no_mover(caller, town, matter):
    for who, source in (("station", "station"), ("congress", "office")):
        client = caller(who)
        sent = {**matter, "transcription": sheet(client)}
        made = client.write("/cases/", sent, key="one")
        assert made.status_code == 201, made.content
        case = Case.objects.get(public_id=made.json()["id"])
        assert (case.source, case.transcription_rows.count()) == (source, 1)
        moved = {**sent, "mover": person(town, "deputy"), "transcription": sheet(client)}
        assert is_problem(client.write("/cases/", moved, key="two"), 422, "mover_unknown")


@pytest.fixture
def matter(town):
    publish(town, "matter")
    return {"kind": "matter", "place": town.place.public_id, "answers": REPORT}


def test_enters_a_rating_form_once(caller, congress, town):
    case = play_until(town, "rate")
    task = task_of(case, "rate")
    path = f"/tasks/{task.public_id}/complete/"
    sent = {"answers": RATING, "seen_revision": task.revision, "transcription": sheet(congress)}
    assert is_problem(caller("a").write(path, sent, key="one"), 403, "not_your_act")
    empty = congress.write(path, {**sent, "transcription": {}}, key="one")
    assert is_problem(empty, 422, "answers_rejected")
    assert is_problem(congress.write(path, {**sent, "transcription": "scan"}, key="one"), 422, "invalid")
    done = [congress.write(path, sent, key="one") for _n in range(2)]
    assert [one.status_code for one in done] == [200, 200], done[0].content
    assert Rating.objects.get(case=case).result == "satisfied"
    assert Transcription.objects.filter(case=case).count() == 1


def test_refuses_a_sheet_of_another_text_of_nobody_and_of_strangers(caller, congress, body, town):
    congress.write("/cases/", body, key="one")
    case = Case.objects.get()
    path, seen = at(case, "paper-signatures"), congress.read(f"/cases/{case.public_id}/").json()["text_hash"]
    sent = {
        "people": [person(town, "deputy2")],
        "seen_hash": seen,
        "transcription": sheet(congress),
    }
    assert is_problem(congress.write(path, {**sent, "seen_hash": "0" * 64}), 409, "text_changed")
    assert is_problem(congress.write(path, {**sent, "people": []}), 422, "no_signers")
    for wrong in (["nobody"], [person(town, "a")], [person(town, "deputy")]):
        assert is_problem(congress.write(path, {**sent, "people": wrong}), 422, "not_a_deputy_here")
    twice = congress.write(path, {**sent, "people": sent["people"] * 2})
    assert is_problem(twice, 422, "invalid")
    assert is_problem(caller("deputy").write(path, sent), 403, "not_your_act")
    assert is_problem(caller("a").write(path, sent), 404, "not_found")
    assert not Signature.objects.exists()
    assert congress.write(path, sent).status_code == 201
    assert is_problem(congress.write(path, sent), 409, "attachment_gone")
    assert Signature.objects.filter(case=case).count() == 1


def test_a_letter_takes_the_matter_back(caller, congress, town):
    case = play_until(town, "screen", skip=())
    Signature.objects.filter(case=case).update(agreed_withdrawal_at=moment(f"{TODAY} 09:00"))
    path, sent = at(case, "withdraw"), {"reason": "情况已解决", "transcription": sheet(congress)}
    assert is_problem(congress.write(path, {"reason": "情况已解决"}), 403, "only_the_asker")
    assert is_problem(caller("government").write(path, sent), 403, "not_your_act")
    assert congress.write(path, sent).status_code == 204
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    repeated = {**sent, "transcription": sheet(congress)}
    assert is_problem(congress.write(path, repeated), 409, "cannot_withdraw")
    assert Transcription.objects.filter(case=case).count() == 1


def test_a_contact_is_confirmed_from_paper_once(caller, congress, town):
    case = play_until(town, "rate")
    contact = Contact.objects.filter(case=case).first()
    path, sent = (
        f"/contacts/{contact.public_id}/confirm/",
        {"happened": True, "transcription": sheet(congress)},
    )
    assert is_problem(caller("a").write(path, sent), 403, "not_your_act")
    assert is_problem(congress.write(path, {"happened": True}), 403, "only_the_asker")
    assert [congress.write(path, sent).json()["confirmed"] for _n in range(2)] == [True, True]
    assert Transcription.objects.filter(case=case).count() == 1
