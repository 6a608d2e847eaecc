"""The database itself refuses to change the history; only a body goes, by law, and that is recorded."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from huiyin.history import selectors, services, words
from huiyin.history.models import Anchor, Entry, EntryBody
from tests.history.conftest import MORNING, faults, write


@pytest.mark.parametrize("table", ["history_entry", "history_entrybody", "history_anchor"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_refuses_update_and_delete(table, statement):
    write()
    services.seal(at=MORNING)
    column = {"history_entry": "kind", "history_entrybody": "facts", "history_anchor": "heads"}[table]
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))


def test_refuses_the_same_through_models():
    entry = write()[0]
    for act in (lambda: Entry.objects.filter(pk=entry.pk).update(kind="x"), entry.save, entry.body.delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()
    with pytest.raises(ProtectedError):
        entry.delete()
    assert faults() == []


def test_a_body_is_erased_by_law_and_the_chain_stays_whole():
    _first, second, _third = write()
    services.seal(at=MORNING)
    services.erase_body(entry=second, by_id=9, reason="个人信息保护法第47条", at=MORNING)
    told = selectors.entries_of("case", 1)
    assert [entry.facts is None for entry in told] == [False, True, False, False]
    assert (told[3].kind, told[3].by_id, told[3].facts) == (
        "body_erased", 9, {"reason": "个人信息保护法第47条", "seq": 2},
    )  # fmt: skip
    assert faults() == []
    assert words.tell(told[1].kind, told[1].facts, by="周全") == words.tell("erased_entry", {}, by="周全")


def test_a_body_is_erased_once():
    entry = write()[0]
    services.erase_body(entry=entry, by_id=9, reason="依法", at=MORNING)
    with pytest.raises(services.AlreadyErased):
        services.erase_body(entry=entry, by_id=9, reason="依法", at=MORNING)
    assert Entry.objects.filter(kind="body_erased").count() == 1


def test_the_door_is_shut_again_after_an_erasure():
    first, second, _third = write()
    services.erase_body(entry=first, by_id=9, reason="依法", at=MORNING)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        EntryBody.objects.filter(entry=second).delete()
    assert EntryBody.objects.filter(entry=second).exists()


def test_an_anchor_is_never_erased():
    write()
    services.seal(at=MORNING)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('huiyin.erasing', 'on', true)")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Anchor.objects.all().delete()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            EntryBody.objects.update(facts=b"{}")
    assert Anchor.objects.exists()
