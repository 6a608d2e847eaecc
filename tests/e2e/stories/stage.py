"""Where a story is told: a town, and a browser for each of its people that keeps every page it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.definitions.models import Definition
from huiyin.directory.models import Account, Jurisdiction, Person
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing
from huiyin.lifecycle.scenarios import rolled_back
from huiyin.rules import services as rules
from huiyin.web import codes
from tests.conftest import at
from tests.e2e.crawling import BACKEND, Found, Keeping
from tests.web.conftest import REPORT, complete

Story = Callable[["Stage"], None]

SCREENED = {"screening": "accept"}
DISPATCHED = {"route": "units", "units": {"lead": "@unit.a", "co": ["@unit.b"]}, "deputy": "@deputy"}
WORKED = {
    "contact": {"way": "phone", "on": "2026-09-02", "text": "电话说明安排"},
    "progress": {"text": "更换灯具两盏"},
}
REPLIED = {"reply": {"result": "done", "text": "已更换灯具两盏，恢复照明。"}}


@dataclass
class Stage:
    """A town of one jurisdiction, and what its people were shown."""

    town: sandbox.Town
    pages: list[Found] = field(default_factory=list)
    #: names of addresses that were shown to neither of two strangers
    closed: set[str] = field(default_factory=set)

    @classmethod
    def built(cls) -> Stage:
        """A town of its own."""
        jurisdiction = Jurisdiction.objects.create(code="stories", name="规则县")
        return cls(sandbox.build(rules.load_profile(jurisdiction=jurisdiction, code="zhejiang-2016")))

    @cached_property
    def definition(self) -> Definition:
        """The process of citizens' matters, published."""
        moment = at("2026-01-01T08:00")
        return storing.store(bundles.read("matter"), self.town.jurisdiction, version=1, by=None, now=moment)

    def client(self, who: str = "", **options: Any) -> Keeping:
        """A browser of one of the town's people; "" is a citizen's."""
        client = Keeping(who, self.pages, **options)
        if who:
            account, _made = Account.objects.get_or_create(username=who, person=self.town.actors[who].person)
            client.force_login(account, backend=BACKEND)
        return client

    def joined(self, who: str, person: Person) -> Keeping:
        """A browser of somebody whom the story has brought into the town."""
        client = Keeping(who, self.pages)
        client.force_login(Account.objects.create(username=who, person=person), backend=BACKEND)
        return client

    def matter(self) -> Case:
        """A citizen's matter that has just been reported."""
        return services.start_case(
            definition=self.definition, answers=REPORT, place=self.town.place, now=timezone.now()
        )

    def do(self, case: Case, step: str, answers: dict[str, Any]) -> None:
        """Let the right person do a step."""
        complete(case, self.town, step, answers)

    def working(self) -> Task:
        """The task of a unit that has signed for a matter."""
        case = self.matter()
        self.do(case, "screen", SCREENED)
        self.do(case, "dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
        self.do(case, "sign", {"sign": "accept"})
        return Task.objects.open().get(case=case, step_id="work")

    def answered(self) -> Case:
        """A matter whose asker has the unit's reply."""
        case = self.working().case
        self.do(case, "work", WORKED)
        self.do(case, "reply", REPLIED)
        return case

    def asker(self, case: Case) -> Keeping:
        """The browser of whoever holds the receipt."""
        client = self.client()
        client.get(reverse("follow", args=[case.public_id]), {"code": codes.code_of(case)}, follow=True)
        return client

    def shut(self) -> None:
        """Knock, as nobody and as somebody without a post, wherever the story has been shown a page."""
        person = Person.objects.create(name="路人", jurisdiction=self.town.jurisdiction)
        strangers = self.client(), self.joined("stranger", person)
        for name, page in {page.name: page for page in reversed(self.pages) if page.status == 200}.items():
            if not any(_is_shown(page, client) for client in strangers):
                self.closed.add(name)


def _is_shown(page: Found, client: Client) -> bool:
    answer = client.get(page.address, follow=True)
    return answer.status_code == 200 and page.template in [one.name for one in answer.templates]


def tell(story: Story, stage: Stage) -> None:
    """Tell a story of which nothing but its pages stays."""
    with rolled_back():
        own = Stage(stage.town)
        story(own)
        own.shut()
        stage.pages += own.pages
        stage.closed |= own.closed
