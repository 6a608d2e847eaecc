"""Rules are dated data: profiles load, pin their text, and say so when a rule is missing."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from django.db import IntegrityError, transaction

from huiyin.directory.models import Jurisdiction
from huiyin.rules import selectors, services
from huiyin.rules.arithmetic import Unit
from huiyin.rules.models import Profile, Rule

SHIPPED = sorted(path.stem for path in services.DATA.glob("*.yaml"))


@pytest.fixture
def county(db) -> Jurisdiction:
    return Jurisdiction.objects.create(code="lanting", name="岚汀县")


def test_ships_the_default_and_its_contrast():
    assert SHIPPED == ["chongqing-2017", "zhejiang-2016"]


@pytest.mark.parametrize("code", SHIPPED)
def test_loads_whole_and_with_valid_units(county, code):
    profile = services.load_profile(jurisdiction=county, code=code)
    document = yaml.safe_load((services.DATA / f"{code}.yaml").read_text(encoding="utf-8"))
    assert set(profile.rules.values_list("code", flat=True)) == set(document["rules"])
    for rule in profile.rules.all():
        assert rule.unit in set(Unit)
        assert rule.amount >= 1
        assert rule.name
        assert rule.starts_from
        assert rule.article
        names = [mark["name"] for mark in rule.marks]
        assert len(names) == len(set(names))
        assert names[-1:] == ["expire"]
        for mark in rule.marks:
            assert set(mark) <= {"name", "before", "after", "unit", "message"}
            assert ("before" in mark or "after" in mark) == (mark.get("unit") in {"D", "WD"})
    assert profile.tables["rating"]


def test_the_default_says_what_zhejiang_wrote(county):
    profile = services.load_profile(jurisdiction=county, code="zhejiang-2016")
    wanted = {
        "suggestion.accept": (7, "D"),
        "suggestion.object": (10, "D"),
        "suggestion.opinion": (2, "M"),
        "suggestion.answer": (3, "M"),
        "suggestion.again": (1, "M"),
        "matter.answer": (5, "WD"),
    }
    assert {
        code: (found.amount, found.unit) for code in wanted for found in [selectors.rule(profile, code)]
    } == wanted
    assert profile.confirmed_on is None
    assert "核对" in profile.source


def test_the_contrast_differs(county):
    profile = services.load_profile(jurisdiction=county, code="chongqing-2017")
    rate = selectors.rule(profile, "matter.rate")
    assert (rate.amount, rate.unit) == (20, "WD")
    assert (selectors.rule(profile, "suggestion.again").amount) == 2


def test_the_same_content_again_changes_nothing(county):
    first = services.load_profile(jurisdiction=county, code="zhejiang-2016")
    assert services.load_profile(jurisdiction=county, code="zhejiang-2016") == first
    assert Profile.objects.filter(jurisdiction=county).count() == 1


def test_says_that_a_rule_or_a_profile_is_missing(county):
    profile = services.load_profile(jurisdiction=county, code="zhejiang-2016")
    with pytest.raises(selectors.NoRule) as refused:
        selectors.rule(profile, "suggestion.nothing")
    assert "suggestion.nothing" in refused.value.sentence
    with pytest.raises(selectors.NoProfile) as refused:
        selectors.profile_in_force(county, date(1999, 1, 1))
    assert "1999-01-01" in refused.value.sentence


def test_the_version_in_force_is_the_one_of_the_day(county):
    old = Profile.objects.create(
        jurisdiction=county,
        code="p",
        name="旧",
        source="s",
        digest="1",
        valid_from=date(2020, 1, 1),
        valid_to=date(2025, 1, 1),
    )
    new = Profile.objects.create(
        jurisdiction=county, code="p", name="新", source="s", digest="2", valid_from=date(2025, 1, 1)
    )
    assert selectors.profile_in_force(county, date(2024, 12, 31)) == old
    assert selectors.profile_in_force(county, date(2025, 1, 1)) == new


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("a_rule_has_an_amount", {"amount": 0}),
        ("a_rule_stands_once_in_a_profile", {"code": "matter.screen"}),
    ],
)
def test_the_database_guards_rules(county, constraint, change):
    profile = services.load_profile(jurisdiction=county, code="zhejiang-2016")
    fields = {
        "code": "new",
        "name": "n",
        "amount": 1,
        "unit": "D",
        "starts_from": "s",
        "article": "a",
        **change,
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Rule.objects.create(profile=profile, **fields)
