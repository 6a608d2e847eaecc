"""Every entry binds the one before; a page of code can check it."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from huiyin.core import canonical
from huiyin.history import chain, selectors, services
from huiyin.history.models import Anchor, Entry, EntryBody, Head
from tests.history.conftest import MORNING, faults, write


def test_numbers_entries_from_one_and_goes_on():
    write(1, "a", "b")
    write(1, "c")
    write(2, "a")
    assert [(row.seq, row.kind) for row in selectors.entries_of("case", 1)] == [(1, "a"), (2, "b"), (3, "c")]
    assert Head.objects.get(subject_id=1).seq == 3
    assert faults() == []


def test_keeps_facts_apart_from_the_hash():
    entry = write(1, "a")[0]
    body = EntryBody.objects.get(entry=entry)
    assert json.loads(bytes(body.facts)) == {"n": 0, "words": "a 0"}
    assert bytes(entry.body_hash) == hashlib.sha256(bytes(body.salt) + bytes(body.facts)).digest()
    twin = write(2, "a")[0]
    assert bytes(twin.body_hash) != bytes(entry.body_hash)  # salted: equal facts do not show


def test_can_be_checked_by_an_outsider():
    first, second = write(1, "a", "b")
    head = json.dumps(
        {"at": "2026-09-01T01:00:00+00:00", "by": 7, "kind": "b", "seq": 2}, separators=(",", ":")
    ).encode()
    assert hashlib.sha256(bytes(first.hash) + head + bytes(second.body_hash)).digest() == bytes(second.hash)


@pytest.mark.parametrize(
    "change", [{"seq": 2}, {"kind": "b"}, {"by_id": None}, {"at": MORNING.replace(hour=10)}, {"body": b"x"}]
)
def test_a_hash_covers_everything_that_is_said(change):
    said = {"seq": 1, "kind": "a", "at": MORNING, "by_id": 7, "body": b"body"}
    assert chain.entry_hash(chain.NOTHING, **said) != chain.entry_hash(chain.NOTHING, **{**said, **change})
    assert chain.entry_hash(chain.NOTHING, **said) != chain.entry_hash(b"x" * 32, **said)


def test_facts_have_one_form():
    assert (
        canonical.encode({"b": 1, "a": "路"})
        == canonical.encode({"a": "路", "b": 1})
        == '{"a":"路","b":1}'.encode()
    )
    with pytest.raises(TypeError, match="no canonical form"):
        canonical.encode({"a": object()})


def test_a_place_in_the_chain_is_taken_once():
    entry = write(1, "a")[0]
    entry.pk = None
    with pytest.raises(IntegrityError, match="an_entry_has_its_place"), transaction.atomic():
        entry.save(force_insert=True)


def test_nothing_of_a_transaction_that_is_rolled_back_stays():
    with transaction.atomic():
        write(1, "a")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not Head.objects.exists()


def test_a_seal_binds_every_new_head_once():
    write(1, "a")
    write(2, "a", "b")
    first = services.seal(at=MORNING)
    assert first is not None
    assert [(row[1], row[2]) for row in json.loads(bytes(first.heads))] == [(1, 1), (2, 2)]
    assert services.seal(at=MORNING) is None
    write(1, "c")
    second = services.seal(at=MORNING)
    assert second is not None
    assert [(row[1], row[2]) for row in json.loads(bytes(second.heads))] == [(1, 2)]
    assert bytes(second.hash) == chain.anchor_hash(
        bytes(first.hash), seq=2, at=second.at, heads=bytes(second.heads)
    )
    assert faults() == []


def test_what_is_too_much_for_one_seal_waits_for_the_next(monkeypatch):
    monkeypatch.setattr(services, "HEADS_PER_ANCHOR", 2)
    for subject in (1, 2, 3):
        write(subject, "a")
    while services.seal(at=MORNING):
        pass
    assert [
        len(json.loads(bytes(heads)))
        for heads in Anchor.objects.order_by("seq").values_list("heads", flat=True)
    ] == [2, 1]
    assert faults() == []
