"""A data directory is made once: a demo or a real one for ever, with keys of its own."""

import stat

import pytest

from huiyin.config import embedded, keys
from huiyin.config.datadir import Kind, open_data_dir
from huiyin.config.refusal import CannotStart


@pytest.fixture(autouse=True)
def _no_environment(data, monkeypatch):
    for name in ("DATABASE_URL", "HUIYIN_DEMO", "HUIYIN_SECRET_KEY", "HUIYIN_FIELD_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUIYIN_DATA", str(data))


def test_keeps_the_kind_it_was_made_with(data):
    open_data_dir(data, new_as=Kind.REAL)
    assert open_data_dir(data, new_as=Kind.DEMO) is Kind.REAL
    assert not embedded.is_demo()


def test_made_as_a_demo_is_one(data):
    open_data_dir(data, new_as=Kind.DEMO)
    assert embedded.is_demo()


def test_that_does_not_exist_is_no_demo(data):
    assert not embedded.is_demo()


def test_beside_a_named_database_is_a_demo_only_when_said(data, monkeypatch):
    open_data_dir(data, new_as=Kind.DEMO)
    monkeypatch.setenv("DATABASE_URL", "postgres://db/huiyin")
    assert not embedded.is_demo()
    monkeypatch.setenv("HUIYIN_DEMO", "1")
    assert embedded.is_demo()


def test_made_as_real_is_never_a_demo_whatever_is_said(data, monkeypatch):
    open_data_dir(data, new_as=Kind.REAL)
    monkeypatch.setenv("DATABASE_URL", "postgres://db/huiyin")
    monkeypatch.setenv("HUIYIN_DEMO", "1")
    assert not embedded.is_demo()


def test_keeps_its_keys_to_itself_and_for_ever(data):
    open_data_dir(data, new_as=Kind.REAL)
    before = keys.secret_key(), keys.field_keys()
    open_data_dir(data, new_as=Kind.REAL)
    assert (keys.secret_key(), keys.field_keys()) == before
    assert stat.S_IMODE((data / "keys" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys" / "field_keys").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700


def test_yields_to_keys_of_the_environment(data, monkeypatch):
    open_data_dir(data, new_as=Kind.REAL)
    monkeypatch.setenv("HUIYIN_SECRET_KEY", "said")
    monkeypatch.setenv("HUIYIN_FIELD_KEYS", "new, old")
    assert keys.secret_key() == "said"
    assert keys.field_keys() == ["new", "old"]


def test_without_keys_refuses_instead_of_inventing_some(data):
    with pytest.raises(CannotStart, match="secret_key"):
        keys.secret_key()


def test_has_a_database_with_limits_and_prepared_statements(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://lin:secret@db:6432/huiyin?sslmode=require")
    found = embedded.database_settings()
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", 6432, "huiyin")
    assert found["CONN_MAX_AGE"] is None
    assert found["OPTIONS"] == {
        "sslmode": "require",
        "server_side_binding": True,
        "prepare_threshold": 1,
        "options": "-c statement_timeout=30000 -c lock_timeout=10000",
    }
