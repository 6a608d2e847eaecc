"""Running cases go to a new version on a phone without scripts: previewed, mapped, moved, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Task
from huiyin.definitions.models import Definition
from huiyin.directory.models import Account
from huiyin.directory.roles import Role
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle import sandbox, storing
from tests.e2e.conftest import PASSWORD
from tests.web.conftest import REPORT
from tests.web.test_migrations import renamed

pytestmark = pytest.mark.browser


@pytest.fixture
def matters(site, town, matter_bundle):
    """Three matters wait to be screened; the new version calls the step otherwise and asks for the hand-over anew."""
    old = Definition.objects.get(jurisdiction=town.jurisdiction)
    now = timezone.now()
    made = [
        services.start_case(definition=old, answers=REPORT, place=town.place, now=now) for _number in range(3)
    ]
    newer = renamed(matter_bundle)
    newer = replace(newer, diagram=newer.diagram.replace("筛查".encode(), "初步筛查".encode()))
    storing.store(newer, town.jurisdiction, version=2, by=None, now=now)
    person = sandbox.add_person(town, "designer", Role.DESIGNER)
    account = Account(username="designer", person=person)
    account.set_password(PASSWORD)
    account.save()
    return made


def steps(matters) -> set[str]:
    return set(Task.objects.open().filter(case__in=matters).values_list("step_id", flat=True))


def work() -> None:
    for pk in Job.objects.filter(subject_kind="migration", status="waiting").values_list("pk", flat=True):
        jobs.run(pk, now=timezone.now())


def test_a_designer_moves_cases_and_takes_them_back(person, matters):
    designer = person(phone=True, scripts=False)
    page = designer.page
    page.goto("/sign-in/")
    page.fill("#id_username", "designer")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.goto("/definitions/")
    page.click("text=迁移在办事项")
    assert designer.sees("需指定对应环节")
    assert designer.sees_all_of_it()
    page.select_option("select[name='map.screen']", "sift")
    page.get_by_role("button", name="按所选对应关系预览").click()
    assert designer.sees("可直接迁移 3")
    assert designer.sees("改名为「初步筛查」")
    page.get_by_role("button", name="迁移 3 件到 v2").click()
    assert designer.sees("已处理 0 / 3 件")
    work()
    # The page looks again by itself while the work goes on: a reload would meet it on its way.
    page.wait_for_selector("text=每一件都成功了")
    assert designer.sees_all_of_it()
    assert steps(matters) == {"sift"}
    page.get_by_role("button", name="整批退回").click()
    work()
    page.wait_for_selector("text=已退回 3")
    assert steps(matters) == {"screen"}
