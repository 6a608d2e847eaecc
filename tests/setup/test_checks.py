"""A database in which Chinese cannot be searched is refused."""

import pytest
from django.db import connections

from huiyin.config import checks

NAME = "test_other_locale"
MAKE = """
CREATE DATABASE test_other_locale TEMPLATE template0 ENCODING 'UTF8'
LOCALE_PROVIDER builtin BUILTIN_LOCALE '{0}' LC_COLLATE 'C' LC_CTYPE '{0}'
"""


@pytest.fixture
def other(django_db_blocker):
    """Make a database of a locale beside the tests' own, known to Django as `other`."""

    def make(locale):
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(MAKE.format(locale))
        connections.databases["other"] = {**connections["default"].settings_dict, "NAME": NAME}

    with django_db_blocker.unblock():
        yield make
        connections["other"].close()
        del connections["other"], connections.databases["other"]
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")


def test_refuses_a_database_that_does_not_know_chinese(other):
    other("C")
    assert [message.id for message in checks.check_database(databases=["other"])] == ["huiyin.E003"]


def test_accepts_one_that_does(other):
    other("C.UTF-8")
    assert checks.check_database(databases=["other"]) == []


def test_says_nothing_when_no_database_is_asked_about():
    assert checks.check_database() == []
