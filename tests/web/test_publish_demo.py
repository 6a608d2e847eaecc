"""The demo's public list is filled once, by its own congress office; a real installation is left alone."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.directory.models import Account
from huiyin.opinion.models import Publication


@pytest.fixture
def demo(settings, town, answered, do):
    settings.DEMO = True
    good = {"rating": {"result": "satisfied", "attitude": "satisfied"}}
    do("citizen_rate", good)
    do("deputy_rate", good)
    Account.objects.create(username="office", person=town.actors["office"].person, is_demo=True)
    return answered


def test_publishes_what_was_answered_and_only_once(demo):
    call_command("publish_demo")
    row = Publication.objects.get()
    assert (row.case, row.answer) == (demo, demo.reply_rows.get().text)
    call_command("publish_demo")
    assert Publication.objects.count() == 1
    assert row.title in Client().get(reverse("answers")).content.decode()


def test_leaves_out_what_names_somebody(demo):
    demo.text.words = "请打 13800001234 找我，村口的路灯坏了。"
    demo.text.save()
    call_command("publish_demo")
    assert not Publication.objects.exists()


def test_is_refused_in_a_real_installation(demo, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("publish_demo")
    assert Case.objects.exists()
    assert not Publication.objects.exists()
