"""`history verify` names any changed, missing or reordered entry and any changed seal."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from huiyin.history import chain, selectors, services
from huiyin.history.models import Anchor, Entry, Head
from tests.history.conftest import MORNING, as_owner, faults, sql, write


def verify() -> str:
    out = StringIO()
    call_command("history", "verify", stdout=out)
    return out.getvalue()


def test_says_what_is_proven_and_what_is_not():
    write(1)
    write(2)
    services.seal(at=MORNING)
    said = verify()
    assert "clean: 6 entries, 1 anchors" in said
    assert bytes(Anchor.objects.get().hash).hex() in said
    assert "only by an anchor kept elsewhere" in said


def test_fails_with_a_list_of_what_is_wrong():
    entry = write(1)[1]
    with as_owner():
        sql("UPDATE history_entry SET kind = 'x' WHERE id = %s", entry.pk)
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("history", "verify", stdout=out)
    assert "case 1 entry 2: changed or out of order" in out.getvalue()


@pytest.mark.parametrize(
    "change",
    ["kind = 'x'", "at = at + interval '1 second'", "by_id = 99", "by_id = NULL", r"body_hash = '\x00'"],
)
def test_names_a_changed_entry(change):
    entry = write(1)[1]
    write(2)
    with as_owner():
        sql(f"UPDATE history_entry SET {change} WHERE id = %s", entry.pk)
    assert "case 1 2 changed or out of order" in faults()
    assert not [fault for fault in faults() if fault.startswith("case 2")]


@pytest.mark.parametrize("column", ["facts", "salt"])
def test_names_changed_facts(column):
    entry = write(1)[1]
    with as_owner():
        sql(f"UPDATE history_entrybody SET {column} = '{{}}' WHERE entry_id = %s", entry.pk)
    assert faults() == ["case 1 2 its facts were changed"]


def remove(*entries: Entry) -> None:
    keys = [entry.pk for entry in entries]
    sql("DELETE FROM history_entrybody WHERE entry_id = ANY(%s)", keys)
    sql("DELETE FROM history_entry WHERE id = ANY(%s)", keys)


@pytest.mark.parametrize(
    ("place", "fault"), [(0, "case 1 1 missing"), (1, "case 1 2 missing"), (2, "case 1 3 missing at the end")]
)
def test_names_a_missing_entry(place, fault):
    entries = write(1)
    with as_owner():
        remove(entries[place])
    assert fault in faults()


def test_names_every_entry_of_a_gap():
    entries = write(1, *"abcde")
    with as_owner():
        remove(*entries[1:4])
    assert [fault for fault in faults() if fault.endswith("missing")] == [
        f"case 1 {n} missing" for n in (2, 3, 4)
    ]


def test_names_a_missing_chain():
    write(1)
    entries = write(2)
    with as_owner():
        remove(*entries)
    assert faults() == ["case 2 1 the whole chain is missing"]


def test_names_a_chain_that_was_removed_with_its_head_after_a_seal():
    entries = write(1)
    services.seal(at=MORNING)
    with as_owner():
        remove(*entries)
    Head.objects.all().delete()
    assert faults() == ["case 1 3 differs from what was sealed"]


def test_names_an_end_that_was_cut_off_with_its_head_after_a_seal():
    entries = write(1)
    services.seal(at=MORNING)
    with as_owner():
        remove(entries[2])
    Head.objects.update(seq=2, hash=bytes(entries[1].hash))
    assert "case 1 3 differs from what was sealed" in faults()


def test_names_reordered_entries():
    first, second, third = write(1)
    with as_owner():
        for entry, seq in ((first, 9), (second, 1), (first, 2)):
            sql("UPDATE history_entry SET seq = %s WHERE id = %s", seq, entry.pk)
    found = faults()
    assert "case 1 1 changed or out of order" in found
    assert "case 1 2 changed or out of order" in found
    assert third.seq == 3


def test_names_an_entry_that_was_put_in():
    entries = write(1)
    body = bytes(entries[0].body_hash)
    forged = chain.entry_hash(bytes(entries[2].hash), seq=4, kind="x", at=MORNING, by_id=1, body=body)
    Entry.objects.create(
        subject_kind="case", subject_id=1, seq=4, kind="x", at=MORNING, by_id=1, body_hash=body, hash=forged
    )
    assert faults() == ["case 1 4 differs from the head"]


def test_names_a_chain_that_was_written_anew_after_a_seal():
    """Someone who owns every table writes the whole chain again with right hashes: only the seal shows it."""
    entries = write(1)
    services.seal(at=MORNING)
    with as_owner():
        remove(*entries)
    Head.objects.all().delete()
    write(1, "x", "y", "z")
    assert faults() == ["case 1 3 differs from what was sealed"]


@pytest.fixture
def anchors() -> list[Anchor]:
    for subject in (1, 2, 3):
        write(subject, "a")
        services.seal(at=MORNING)
    return list(Anchor.objects.order_by("seq"))


@pytest.mark.parametrize("change", ["at = at + interval '1 second'", "heads = '[]'", r"hash = '\x00'"])
def test_names_a_changed_seal(anchors, change):
    with as_owner():
        sql(f"UPDATE history_anchor SET {change} WHERE seq = 2")
    assert any(fault.startswith("anchor 2 changed") for fault in faults())


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_names_a_missing_seal(anchors, seq):
    with as_owner():
        sql("DELETE FROM history_anchor WHERE seq = %s", seq)
    assert any(fault.startswith(f"anchor {seq} missing") for fault in faults())


def test_names_reordered_seals(anchors):
    with as_owner():
        for before, after in ((1, 9), (2, 1), (9, 2)):
            sql("UPDATE history_anchor SET seq = %s WHERE seq = %s", after, before)
    assert {"anchor 1 changed or out of order", "anchor 2 changed or out of order"} <= set(faults())


@pytest.mark.django_db(transaction=True)
def test_does_not_mistake_what_is_written_meanwhile_for_a_fault(monkeypatch):
    """The check reads heads first and entries after; a line that is written in between must not look like a forgery."""
    write_in_a_transaction(1)

    def meanwhile() -> None:
        write_in_a_transaction(1)
        connection.close()

    real = selectors.groupby

    def late(*given, **named):
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join(20)
        return real(*given, **named)

    monkeypatch.setattr(selectors, "groupby", late)
    assert faults() == []
    assert Entry.objects.count() == 6


def write_in_a_transaction(subject: int) -> None:
    with transaction.atomic():
        write(subject)
