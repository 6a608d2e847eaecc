"""Coming in: tokens and sessions."""

from __future__ import annotations

import pytest
from axes.utils import reset
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.api.conftest import PASSWORD, is_problem
from tests.api.test_complete_task import ACCEPT


@pytest.fixture
def account(office):
    office.account.set_password(PASSWORD)
    office.account.save()
    Token.objects.all().delete()
    yield office.account
    reset()


def sign_in(client, account, password: str = PASSWORD):
    return client.post("/api/v1/token/", {"username": account.username, "password": password})


def test_a_password_gives_a_token_that_opens(anyone, account, screen):
    answer = sign_in(anyone, account)
    assert answer.status_code == 200, answer.content
    anyone.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert [task["id"] for task in anyone.get("/api/v1/tasks/").json()["results"]] == [screen.public_id]


def test_a_wrong_password_gives_none(anyone, account):
    answer = sign_in(anyone, account, "wrong")
    assert is_problem(answer, 401, "authentication_failed")
    assert answer["WWW-Authenticate"] == "Token"
    assert not Token.objects.exists()


def test_too_many_wrong_passwords_close_the_door(anyone, account, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = sign_in(anyone, account, "wrong")
    assert is_problem(last, 429, "throttled")
    answer = sign_in(anyone, account)
    assert is_problem(answer, 429, "throttled")
    assert int(answer["Retry-After"]) == 15 * 60
    assert not Token.objects.exists()


def test_a_token_of_before_is_no_hindrance_at_the_door(anyone, account):
    anyone.credentials(HTTP_AUTHORIZATION="Token worthless")
    assert sign_in(anyone, account).status_code == 200


@pytest.mark.parametrize("body", [{}, {"username": "x"}, [], {"username": ["x"], "password": {}}])
def test_asks_for_name_and_password(anyone, db, body):
    assert is_problem(anyone.post("/api/v1/token/", body), 422, "invalid")


def test_a_demo_account_stays_outside_a_real_installation(anyone, account, settings):
    account.is_demo = True
    account.save()
    settings.DEMO = True
    token = sign_in(anyone, account).json()["token"]
    settings.DEMO = False
    assert is_problem(sign_in(anyone, account), 401, "authentication_failed")
    anyone.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert is_problem(anyone.get("/api/v1/tasks/"), 401, "authentication_failed")


def test_an_account_that_was_closed_is_not_opened_by_its_token(office, screen):
    office.account.is_active = False
    office.account.save()
    assert is_problem(office.read("/tasks/"), 401, "authentication_failed")


@pytest.mark.parametrize("header", ["Token nonsense", "Token", "Token a b", "Token \xff"])
def test_a_wrong_token_opens_nothing(anyone, db, header):
    anyone.credentials(HTTP_AUTHORIZATION=header)
    assert is_problem(anyone.get("/api/v1/tasks/"), 401, "authentication_failed")


def test_a_token_can_be_made_worthless(office, case):
    assert office.delete("/api/v1/token/").status_code == 204
    assert is_problem(office.read("/tasks/"), 401, "authentication_failed")


def test_someone_unknown_makes_no_token_worthless(anyone, office):
    assert is_problem(anyone.delete("/api/v1/token/"), 401, "not_authenticated")
    assert Token.objects.filter(user=office.account).exists()


def test_a_session_reads(office, screen):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(office.account)
    assert browser.get("/api/v1/tasks/").status_code == 200


def test_a_session_writes_only_with_its_csrf_token(office, screen):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(office.account)
    address = f"/api/v1/tasks/{screen.public_id}/complete/"
    answer = browser.post(address, ACCEPT, headers={"Idempotency-Key": "one"})
    assert is_problem(answer, 403, "permission_denied")
    screen.refresh_from_db()
    assert screen.status == "open"
    browser.get("/sign-in/")
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post(address, ACCEPT, headers={"Idempotency-Key": "one", "X-CSRFToken": "a" * 32})
    assert answer.status_code == 200, answer.content


def test_a_token_needs_no_csrf_token(office, screen):
    strict = APIClient(enforce_csrf_checks=True)
    strict.credentials(**office._credentials)
    assert strict.post(f"/api/v1/tasks/{screen.public_id}/claim/").status_code == 200


def test_the_token_says_who_acts_whatever_session_comes_along(office, caller, screen):
    """The actor of the pages is the session's; the API's is the token's."""
    office.force_login(caller("station").account)
    assert [task["id"] for task in office.read("/tasks/").json()["results"]] == [screen.public_id]
