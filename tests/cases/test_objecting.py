"""提出异议: within the period, and each unit once for a part."""

from __future__ import annotations

import pytest

from huiyin.cases import errors
from huiyin.cases.models import Objection
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until

OBJECT = {"sign": "object", "objection": {"reason": "不属于我单位职责范围，请改派其他单位办理。"}}
UPHELD = {"decision": "upheld", "reason": "理由成立，改由其他单位办理。"}
NOW = moment("2026-02-03 09:00")


def test_no_unit_objects_after_the_period_has_ended(town):
    case = play_until(town, "sign")
    with pytest.raises(errors.ObjectedTooLate, match="2026-02-12"):
        do(town, case, "sign", OBJECT, moment("2026-02-13 00:10"), unit="a")
    do(town, case, "sign", OBJECT, moment("2026-02-12 23:50"), unit="a")


def test_the_unit_that_takes_a_part_over_may_object_once_itself(town):
    case = play_until(town, "sign")
    do(town, case, "sign", OBJECT, NOW, unit="a")
    do(town, case, "ruling", {"ruling": {**UPHELD, "unit": "@unit.c"}}, NOW)
    do(town, case, "sign", OBJECT, NOW, unit="c", key="2")
    do(town, case, "ruling", {"ruling": {**UPHELD, "unit": "@unit.a"}}, NOW, key="2")
    assert list(Objection.objects.values_list("unit__name", "upheld")) == [("a局", True), ("c局", True)]
    with pytest.raises(errors.RuledAlready):
        do(town, case, "sign", OBJECT, NOW, unit="a", key="3")


def test_the_period_of_the_unit_that_takes_over_is_its_own(town):
    case, later = play_until(town, "sign"), moment("2026-02-12 09:00")
    do(town, case, "sign", OBJECT, later, unit="a")
    do(town, case, "ruling", {"ruling": {**UPHELD, "unit": "@unit.c"}}, later)
    do(town, case, "sign", OBJECT, moment("2026-02-23 09:00"), unit="c", key="2")
    assert Objection.objects.count() == 2
