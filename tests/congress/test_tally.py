"""满意度测评: what a meeting's members said."""

import pytest

from huiyin.forms.answers import AnswersRejected
from tests.congress.conftest import told

LONGYOU = {"members": 182, "satisfied": 152, "basic": 30, "dissatisfied": 0, "abstained": 0}


def test_a_tally_reaches_the_process(congress):
    case = congress.case("project")
    act = congress.record(case, "tally", LONGYOU)
    assert act.routing == {f"tally_{name}": value for name, value in LONGYOU.items()}
    assert told(case)[-1] == "满意度测评：应到 182 人，满意 152，基本满意 30，不满意 0，弃权 0"


@pytest.mark.parametrize("wrong", [{"members": 181}, {"abstained": 1}, {"members": 0}])
def test_more_answers_than_members_are_refused(congress, wrong):
    with pytest.raises(AnswersRejected) as refused:
        congress.record(congress.case("project"), "tally", {**LONGYOU, **wrong})
    assert list(refused.value.problems) == ["tally"]
