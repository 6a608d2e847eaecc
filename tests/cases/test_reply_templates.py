"""答复模板: a unit keeps its own texts; its people alone use them, and each act is remembered."""

from __future__ import annotations

import pytest

from huiyin.cases.models import ReplyTemplate
from huiyin.cases.services import templates
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history

TEXT = "您反映的{{编号}}《{{事项}}》收悉。{{单位}} {{日期}}"


def keep(play, who: str = "a", **other):
    given = {"template": None, "unit": play.town.units["a"], "name": "收悉", "text": TEXT, **other}
    return templates.keep_template(by=play.town.actors[who], now=play.now, **given)


def test_the_people_of_a_unit_keep_and_change_its_templates(play):
    row = keep(play)
    again = keep(play, "a-head", template=row, text="已收悉。")
    assert again.pk == row.pk
    assert ReplyTemplate.objects.get().text == "已收悉。"
    told = [entry.kind for entry in history.entries_of("unit", play.town.units["a"].pk)]
    assert told == ["template_kept", "template_kept"]


def test_a_text_names_the_matter_at_hand(play):
    play.dispatch()
    said = templates.filled(keep(play), play.task("sign"), play.now)
    assert said == f"您反映的{play.case.number}《{play.case.title}》收悉。a局 2026年9月1日"


def test_they_are_seen_by_the_unit_alone(play):
    keep(play)
    for who, seen in (("a", 1), ("a-head", 1), ("b", 0), ("office", 0), ("watch", 0)):
        assert ReplyTemplate.objects.visible_to(play.town.actors[who]).count() == seen, who


@pytest.mark.parametrize("who", ["b", "office", "station"])
def test_nobody_else_keeps_or_removes_them(play, who):
    row = keep(play)
    with pytest.raises(NotYourAct):
        keep(play, who, name="别的")
    with pytest.raises(NotYourAct):
        templates.remove_template(template=row, by=play.town.actors[who], now=play.now)
    assert ReplyTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, templates.TemplateIncomplete),
        ({"name": "长" * 61}, templates.TemplateIncomplete),
        ({"text": ""}, templates.TemplateIncomplete),
        ({"text": "长" * 5001}, templates.TemplateIncomplete),
        ({"text": "{{身份证}}"}, templates.PlaceholderUnknown),
    ],
)
def test_what_cannot_be_used_is_refused(play, wrong, refusal):
    with pytest.raises(refusal):
        keep(play, **wrong)
    assert not ReplyTemplate.objects.exists()


def test_a_unit_names_a_template_once(play):
    keep(play)
    with pytest.raises(templates.NameTaken):
        keep(play, text="另一个")


def test_one_that_was_removed_is_neither_changed_nor_removed_again(play):
    row = keep(play)
    templates.remove_template(template=row, by=play.town.actors["a"], now=play.now)
    for act in (
        lambda: keep(play, template=row),
        lambda: templates.remove_template(template=row, by=play.town.actors["a"], now=play.now),
    ):
        with pytest.raises(templates.TemplateGone):
            act()


def test_at_a_task_those_of_its_unit_are_offered(play):
    keep(play)
    play.dispatch("b")
    assert templates.templates_for(play.task("sign", "a"), play.town.actors["a"]).count() == 1
    assert not templates.templates_for(play.task("sign", "b"), play.town.actors["a"])
    assert not templates.templates_for(play.task("sign", "b"), play.town.actors["b"])
