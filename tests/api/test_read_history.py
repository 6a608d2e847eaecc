"""The history of a case."""

from __future__ import annotations

from tests.api.conftest import Caller


def test_tells_it_in_plain_words_newest_first(office, handled):
    told = office.read(f"/cases/{handled.public_id}/history/").json()
    assert [entry["seq"] for entry in told] == list(range(len(told), 0, -1))
    texts = [entry["text"] for entry in told]
    assert any("人大审查交办" in text and "筛查" in text for text in texts)
    assert handled.number in texts[-1]
    assert all(text and "{" not in text for text in texts)


def test_tells_it_in_english_to_those_who_ask_for_it(office, handled):
    chinese = office.read(f"/cases/{handled.public_id}/history/").json()
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    english = office.read(f"/cases/{handled.public_id}/history/").json()
    assert [entry["hash"] for entry in english] == [entry["hash"] for entry in chinese]
    assert "received" in english[-1]["text"].lower()


def test_keeps_the_lines_of_the_office_from_the_one_who_asked(office, start, town, case):
    first = office.read("/tasks/").json()["results"][0]["id"]
    office.write(f"/tasks/{first}/claim/")
    asker = Caller(case.reporter)

    def kinds(client):
        return {entry["kind"] for entry in client.read(f"/cases/{case.public_id}/history/").json()}

    assert "task_taken" in kinds(office)
    assert "task_taken" not in kinds(asker)
    assert "case_received" in kinds(asker)
