"""The list of processes and the sheets to print: for everyone who is signed in, by version and hash."""

from __future__ import annotations

from dataclasses import replace

from django.test import Client
from django.urls import reverse

from huiyin.definitions.models import Definition
from huiyin.directory.models import Post
from huiyin.directory.roles import Role
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at
from tests.web.playing import publish


def page(client: Client, name: str, *parts: str) -> str:
    return client.get(reverse(name, args=parts)).content.decode()


def test_asks_a_stranger_to_sign_in(definition):
    for name, parts in (("definitions", []), ("print_diagram", [definition.public_id])):
        assert Client().get(reverse(name, args=parts))["Location"].startswith("/sign-in/")


def test_lists_versions_with_hash_and_running_cases(client_of, matter):
    listed = page(client_of("congress"), "definitions")
    assert matter.definition.digest[:12] in listed
    assert "v1" in listed
    assert "现行" in listed
    assert 'data-label="在办案件">1<' in listed


def test_counts_only_cases_that_the_reader_may_see(client_of, matter):
    assert 'data-label="在办案件">0<' in page(client_of("a"), "definitions")


def test_who_may_move_cases_is_told_how_many_there_are(client_of, town, matter):
    Post.objects.filter(person=town.actors["a"].person).update(role=Role.ADMIN)
    assert 'data-label="在办案件">1<' in page(client_of("a"), "definitions")


def test_says_so_while_nothing_is_published(client_of, town):
    assert not Definition.objects.filter(jurisdiction=town.jurisdiction).exists()
    assert "还没有发布流程" in page(client_of("congress"), "definitions")


def test_an_old_version_says_that_it_is_old(client_of, town, definition):
    newer = bundles.read("matter")
    newer = replace(newer, diagram=newer.diagram + b"\n<!-- again -->")
    storing.store(newer, town.jurisdiction, version=2, by=None, now=at("2026-09-02T08:00"))
    listed = page(client_of("congress"), "definitions")
    assert listed.index("v2") < listed.index("v1 ")
    assert "旧版" in listed


def test_offers_a_sheet_of_every_diagram(client_of, town):
    definition = publish(town)
    listed = page(client_of("congress"), "definitions")
    for process in definition.called_diagrams:
        url = reverse("print_called", args=[definition.public_id, process])
        assert url in listed
        sheet = page(client_of("congress"), "print_called", definition.public_id, process)
        assert reverse("called_diagram", args=[definition.public_id, process]) in sheet
        assert definition.digest[:16] in sheet
    own = page(client_of("congress"), "print_diagram", definition.public_id)
    assert "<h1>代表建议</h1>" in own
    assert "属于" not in own


def test_knows_no_other_diagram(client_of, definition):
    office = client_of("congress")
    assert office.get(reverse("print_called", args=[definition.public_id, "nothing"])).status_code == 404
    assert office.get(reverse("print_diagram", args=["nothing"])).status_code == 404


def test_the_case_page_leads_to_the_sheet(client_of, matter):
    sheet = reverse("print_diagram", args=[matter.definition.public_id])
    assert sheet in page(client_of("office"), "case", matter.public_id)


def test_is_whole_in_english(client_of, definition):
    english = client_of("congress")
    english.cookies["django_language"] = "en"
    assert "In force" in page(english, "definitions")
    assert "Print (A3)" in page(english, "print_diagram", definition.public_id)
