"""Everything that must hold before a bundle is published; each finding names its element and its remedy."""

from __future__ import annotations

import copy
import random
import re
from dataclasses import replace

import pytest

from huiyin.cases.models import Case
from huiyin.cases.present.badges import status_badge
from huiyin.history import words
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import gate
from huiyin.lifecycle.findings import WORDS
from huiyin.lifecycle.outcomes import NOTICE
from huiyin.rules.models import Rule
from tests.cases import calling
from tests.conftest import at
from tests.engine.mutating import mutated

NOW = at("2026-09-01T08:00")
MATTER = bundles.read("matter")


def codes(bundle, profile) -> set[str]:
    return {found.code for found in gate.check(bundle, profile)}


def optional(form: str, field: str) -> dict:
    """A form that no longer requires one of its fields."""
    document = copy.deepcopy(MATTER.forms[form])
    document["schema"]["required"].remove(field)
    return document


def redrawn(before: str, after: str) -> bundles.Bundle:
    text = MATTER.diagram.decode()
    assert before in text
    return replace(MATTER, diagram=text.replace(before, after, 1).encode())


def with_forms(**changes) -> bundles.Bundle:
    forms = copy.deepcopy(MATTER.forms)
    for name, document in changes.items():
        if document is None:
            del forms[name]
        else:
            forms[name] = document
    return replace(MATTER, forms=forms)


@pytest.mark.parametrize("process", bundles.shipped())
def test_lets_the_shipped_processes_pass(profile, process):
    assert gate.check(bundles.read(process), profile) == []


RECALLED = '<spiffworkflow:property name="recall_until" value="sign" />'
# (bundle, code); the shipped processes, which pass, are the mended twins
CASES = [
    (redrawn('value="screen"', 'value="sift"'), "no-form"),
    (with_forms(spare=MATTER.forms["rate"]), "unused-form"),
    (with_forms(progress=None), "no-standing-form"),
    (with_forms(rate={"title": {}, "schema": {}, "ui": {}}), "broken-form"),
    (redrawn('value="unit(lead)"', 'value="unit(best)"'), "unknown-address"),
    (redrawn('value="unit(lead)"', 'value="completer(nobody)"'), "unknown-completer"),
    (redrawn("not completer(screen)", "not completer(nobody)"), "unknown-completer"),
    (redrawn('name="recall_until" value="sign"', 'name="recall_until" value="sing"'), "unknown-until"),
    (redrawn('value="reply" />', f'value="reply" />{RECALLED}'), "never-recalled"),
    (redrawn('value="matter.sign"', 'value="matter.sing"'), "unknown-rule"),
    (redrawn('name="starts" value="matter.answer"', 'name="starts" value="matter.sign"'), "never-met"),
    (redrawn('value="screening"', 'value="sifting"'), "unknown-stage"),
    (redrawn('name="withdraw"', 'name="retreat"'), "message-not-sent"),
    (redrawn('name="rate.expired"', 'name="rate.over"'), "message-not-caught"),
    (redrawn('name="outcome" value="converted"', 'name="outcome" value="forwarded"'), "unknown-outcome"),
    (redrawn('name="after_close" value="unrated"', 'name="after_close" value="rested"'), "unknown-outcome"),
    (redrawn('name="outcome" value="declined"', 'name="outcome" value="answered"'), "no-reply"),
    (redrawn('name="after_close" value="answered"', 'name="after_close" value="declined"'), "no-reason"),
    (with_forms(reply=optional("reply", "reply")), "no-reply"),
    (with_forms(rate=MATTER.forms["reopen"]), "no-rating-chance"),
    (with_forms(redirect=optional("redirect", "reason")), "no-reason"),
    (redrawn('name="outcome" value="unrated"', 'name="outcome" value="declined"'), "no-reason"),
    (with_forms(second_look=optional("second_look", "reason")), "no-reason"),
    (with_forms(screen=MATTER.forms["ask_second_look"]), "no-reason"),
    (calling.redrawn(connector="carrier-pigeon"), "unknown-connector"),
    (calling.redrawn(connector="webhook"), "connector-needs"),
    (calling.redrawn(connector="mail", to="nowhere"), "unknown-endpoint"),
    (
        replace(MATTER, scenarios=({**MATTER.scenarios[4], "expect": {"outcome": "answered"}},)),
        "scenario-fails",
    ),
]


@pytest.mark.parametrize(
    ("bundle", "code"), CASES, ids=[f"{code}-{number}" for number, (_, code) in enumerate(CASES)]
)
def test_finds(profile, bundle, code):
    found = [finding for finding in gate.examine(bundle, profile) if finding.code == code]
    assert found
    assert all(finding.zh and finding.en and finding.remedy_zh and finding.remedy_en for finding in found)


def test_asks_the_profile_for_its_marks(profile):
    Rule.objects.filter(profile=profile, code="matter.rate").update(marks=[{"name": "expire"}])
    assert "message-not-sent" in codes(MATTER, profile)


def test_every_finding_has_a_bundle_that_triggers_it():
    assert {code for _, code in CASES} == set(WORDS)


def test_every_outcome_that_has_words_has_a_badge():
    """Else the page of a case that ends so could not be shown."""
    for kind in words.kinds("zh") & words.kinds("en"):
        if kind.startswith(NOTICE):
            assert status_badge(Case(outcome=kind.removeprefix(NOTICE), closed_at=NOW)).text


def test_tells_what_is_wrong_in_the_drawing_together_with_what_does_not_fit(profile):
    wrong = redrawn('value="screen"', 'value="sift"')
    wrong = replace(wrong, diagram=wrong.diagram.replace(b'"unit(lead)"', b'"unit(best)"', 1))
    wrong = replace(wrong, diagram=wrong.diagram.replace(b'"matter.sign"', b'"matter.sing"', 1))
    wrong = replace(
        wrong,
        diagram=wrong.diagram.replace(b'<userTask id="talk"', b'<manualTask id="odd"/><userTask id="talk"'),
    )
    found = codes(wrong, profile)
    assert found == {"manual-task", "no-form", "unknown-address", "unknown-rule"}


def test_tells_nothing_of_the_whole_while_a_part_cannot_be_read(profile):
    """The form `talk` and the step of its address are there, but the engine does not know the element."""
    text = MATTER.diagram.decode()
    text = re.sub('<userTask id="talk"(.*?)</userTask>', r'<task id="talk"\1</task>', text, flags=re.S)
    found = codes(replace(MATTER, diagram=text.encode()), profile)
    assert "plain-task" in found
    assert not found & set(WORDS)


def test_an_unreadable_file_is_told_with_the_broken_forms(profile):
    broken = with_forms(rate={"title": {}, "schema": {}, "ui": {}})
    assert codes(replace(broken, diagram=b"<"), profile) == {"not-xml", "broken-form"}


def test_a_broken_table_of_its_own_is_found(profile):
    broken = replace(MATTER, tables={"rating": "<definitions/>"})
    assert "other-document" in codes(broken, profile)


def test_the_way_is_told_by_its_labels(profile):
    wrong = with_forms(redirect=optional("redirect", "reason"))
    (found,) = gate.check(wrong, profile)
    assert (found.code, found.element) == ("no-reason", "end_converted")
    assert "收到反映 → 筛查 → 如何处置？ → 出具告知单 → 转法定渠道" in found.zh
    assert "收到反映 → 筛查 → 如何处置？ → 出具告知单 → 转法定渠道" in found.en


@pytest.mark.parametrize("words_of", list(WORDS.items()), ids=list(WORDS))
def test_every_finding_speaks_chinese_and_english(words_of):
    code, (zh, en, remedy_zh, remedy_en) = words_of
    assert re.search("[\u4e00-\u9fff]", zh)
    assert re.search("[\u4e00-\u9fff]", remedy_zh)
    assert not re.search("[\u4e00-\u9fff]", en + remedy_en)
    assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), code


def test_no_damaged_diagram_breaks_the_gate(profile):
    found = []
    for seed in range(40):
        damaged = mutated(MATTER.diagram, random.Random(seed))
        found += gate.check(replace(MATTER, diagram=damaged), profile)
    assert found
    assert all(finding.zh and finding.en for finding in found)
