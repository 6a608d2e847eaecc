"""答复模板: kept on a page of the unit, and put into a reply with all that was typed kept, without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.cases.models import ReplyTemplate, Task
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import play_until

NEW = {"name": "收悉", "text": "您反映的{{编号}}收悉。"}


@pytest.fixture
def replying(matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    do("sign", {"sign": "accept"})
    do("work", {"progress": {"text": "更换灯具两盏"}})
    return Task.objects.open().get(case=matter, step_id="reply")


def keep(client, **other):
    return client.post(reverse("reply_templates"), {**NEW, **other})


def test_a_template_is_kept_changed_and_removed(client_of):
    client = client_of("a")
    assert "还没有答复模板" in client.get(reverse("reply_templates")).content.decode()
    assert keep(client).status_code == 302
    row = ReplyTemplate.objects.get()
    edit = reverse("reply_template", args=[row.public_id])
    assert "您反映的{{编号}}收悉。" in client.get(edit).content.decode()
    assert client.post(edit, {"name": "收悉", "text": "已收悉。"}).status_code == 302
    assert "已收悉。" in client.get(reverse("reply_templates")).content.decode()
    answer = client.post(reverse("reply_template_remove", args=[row.public_id]), follow=True)
    assert not ReplyTemplate.objects.exists()
    assert "删错了？可以恢复模板「收悉」。" in answer.content.decode()
    assert "删错了" not in client.get(reverse("reply_templates")).content.decode()
    assert client.post(reverse("reply_templates"), answer.context["removed"]).status_code == 302
    assert ReplyTemplate.objects.get().text == "已收悉。"


def test_what_is_wrong_is_said_and_what_was_typed_kept(client_of):
    answer = keep(client_of("a"), text="您的{{身份证}}")
    assert answer.status_code == 422
    assert "模板里不能用“身份证”" in answer.content.decode()
    assert "您的{{身份证}}</textarea>" in answer.content.decode()


def test_a_name_that_is_taken_is_a_conflict(client_of):
    client = client_of("a")
    keep(client)
    answer = keep(client)
    assert answer.status_code == 409
    assert "本单位已有同名模板" in answer.content.decode()


def test_two_windows_on_one_template_end_in_a_sentence_and_the_words_stay(client_of):
    client = client_of("a")
    keep(client)
    row = ReplyTemplate.objects.get()
    edit = reverse("reply_template", args=[row.public_id])
    seen = {"name": "收悉", "seen": row.version}
    assert row.version in client.get(edit).content.decode()
    assert client_of("a-head").post(edit, {**seen, "text": "已收悉，谢谢。"}).status_code == 302
    answer = client.post(edit, {**seen, "text": "您的来信收悉。"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "同事已经修改了这个模板" in page
    assert "您的来信收悉。</textarea>" in page
    row.refresh_from_db()
    assert row.text == "已收悉，谢谢。"
    assert client.post(edit, {**seen, "seen": row.version, "text": "您的来信收悉。"}).status_code == 302


def test_the_page_is_for_those_who_reply(client_of):
    assert client_of("office").get(reverse("reply_templates")).status_code == 403


def test_another_units_template_does_not_exist(client_of):
    keep(client_of("a"))
    row, other = ReplyTemplate.objects.get(), client_of("b")
    assert other.get(reverse("reply_template", args=[row.public_id])).status_code == 404
    assert other.post(reverse("reply_template_remove", args=[row.public_id])).status_code == 404
    assert ReplyTemplate.objects.exists()


def test_a_template_is_put_behind_what_was_typed(client_of, replying):
    client = client_of("a")
    keep(client)
    page = client.get(reverse("task", args=[replying.public_id])).content.decode()
    assert "插入模板" in page
    answer = client.post(
        reverse("task_template", args=[replying.public_id]),
        {
            "template": ReplyTemplate.objects.get().public_id,
            "reply.result": "done",
            "reply.text": "路灯已修好。",
            "key": "k1",
            "seen_revision": "0",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"路灯已修好。\n您反映的{replying.case.number}收悉。</textarea>" in page
    assert 'name="reply.result" value="done" checked' in page
    assert 'name="key" value="k1"' in page
    assert Task.objects.get(pk=replying.pk).status == "open", "nothing was sent"
    sends = f'id="task-form" method="post" action="{reverse("task", args=[replying.public_id])}"'
    assert sends in page, "and what is sent next goes to the task"
    later = client.get(reverse("task", args=[replying.public_id])).content.decode()
    assert f"您反映的{replying.case.number}收悉。</textarea>" in later, "whoever leaves now finds it again"


def test_without_a_choice_it_says_so_and_keeps_the_words(client_of, replying):
    client = client_of("a")
    keep(client)
    answer = client.post(reverse("task_template", args=[replying.public_id]), {"reply.text": "路灯已修好。"})
    assert answer.status_code == 422
    assert "请先选择一个模板" in answer.content.decode()
    assert "路灯已修好。</textarea>" in answer.content.decode()


def test_where_the_unit_has_none_the_form_says_how_to_write_one(client_of, replying):
    page = client_of("a").get(reverse("task", args=[replying.public_id])).content.decode()
    assert "本单位还没有答复模板" in page
    assert reverse("reply_templates") in page


def test_enter_in_a_field_sends_the_reply_and_puts_no_template_in(client_of, replying):
    """A browser presses the first button of a form."""
    client = client_of("a")
    keep(client)
    form = (
        client.get(reverse("task", args=[replying.public_id])).content.decode().partition('id="task-form"')[2]
    )
    assert form.index("btn btn-primary") < form.index("插入模板")


def test_a_template_goes_into_the_answer_to_one_ask(client_of, town):
    case = play_until(town, "draft")
    task = Task.objects.open().get(case=case, step_id="draft")
    drafter = next(name for name, actor in town.actors.items() if actor == town.actor_for(task))
    client = client_of(drafter)
    with time_source.standing_at(moment("2026-02-11 10:00")):
        keep(client)
        assert "放到诉求 2" in client.get(reverse("task", args=[task.public_id])).content.decode()
        said = {
            "reply_draft.ask": ["1", "2"],
            "reply_draft.text.1": "已更换管网。",
            "reply_draft.text.2": "已公布水质。",
        }
        chosen = {"template": ReplyTemplate.objects.get().public_id, "into": "2"}
        answer = client.post(reverse("task_template", args=[task.public_id]), {**said, **chosen})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已更换管网。</textarea>" in page
    assert f"已公布水质。\n您反映的{case.number}收悉。</textarea>" in page
    assert '<option value="2" selected>放到诉求 2</option>' in page
