"""Personal data is encrypted in the database; keys can be rotated; nothing leaves as text."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.db import connection

from huiyin.core import sealing
from huiyin.directory.models import Jurisdiction, Person

SECRET = {"name": "周全", "phone": "13800001234"}


@pytest.fixture
def zhou(db) -> Person:
    home = Jurisdiction.objects.create(code="x", name="岚汀县")
    return Person.objects.create(jurisdiction=home, name="周**", details=SECRET)


def stored(person: Person) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT details FROM directory_person WHERE id = %s", [person.pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def test_is_read_back_as_it_was_written(zhou):
    assert Person.objects.get(pk=zhou.pk).details == SECRET


def test_is_not_plain_in_the_database(zhou):
    raw = stored(zhou)
    for secret in ("周全", "13800001234", "phone"):
        assert secret.encode() not in raw
        assert secret not in repr(raw)


def test_nothing_is_stored_for_nothing(zhou):
    zhou.details = {}
    zhou.save()
    assert stored(zhou) is None
    assert Person.objects.get(pk=zhou.pk).details == {}


def test_the_same_words_look_different_every_time():
    assert sealing.seal(SECRET) != sealing.seal(SECRET)


def test_keys_are_rotated_without_losing_a_word(zhou, settings):
    fresh = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [fresh, *settings.FIELD_KEYS]
    found = Person.objects.get(pk=zhou.pk)
    assert found.details == SECRET
    found.save()
    settings.FIELD_KEYS = [fresh]
    assert Person.objects.get(pk=zhou.pk).details == SECRET


def test_without_its_key_it_cannot_be_read(zhou, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(sealing.Unreadable):
        Person.objects.get(pk=zhou.pk)


def test_a_damaged_value_is_not_guessed(zhou):
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(stored(zhou)[:-4] + b"AAAA")


def test_does_not_leave_the_database_as_text(zhou):
    with pytest.raises(TypeError, match="sealed"):
        serializers.serialize("json", [zhou])
