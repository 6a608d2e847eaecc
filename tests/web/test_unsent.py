"""What is typed into a task's form is kept until it is sent, for the one who typed it alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Task, Unsent
from tests.web.conftest import REPORT, handled

WORDS = "已到现场查看，需要更换灯具两盏，"


@pytest.fixture
def work(matter, town):
    return handled(matter, town)


def save(client, task, **more):
    posted = {"progress.text": WORDS, "act": "save", **more}
    return client.post(reverse("task_save", args=[task.public_id]), posted)


def page(client, task) -> str:
    return client.get(reverse("task", args=[task.public_id])).content.decode()


def test_waits_in_the_form_when_the_task_is_opened_again(client_of, work):
    client = client_of("a")
    assert WORDS not in page(client, work)
    assert save(client, work)["Location"] == reverse("task", args=[work.public_id])
    shown = page(client, work)
    assert WORDS in shown
    assert "暂存的内容，还没有提交" in shown


def test_is_one_set_of_words_however_often_it_is_saved(client_of, work):
    client = client_of("a")
    save(client, work)
    save(client, work, **{"progress.text": WORDS + "下周进场。"})
    assert Unsent.objects.count() == 1
    assert WORDS + "下周进场。" in page(client, work)


def test_two_windows_end_in_a_sentence_and_not_a_loss(client_of, work):
    client = client_of("a")
    assert 'name="kept" value=""' in page(client, work), "both windows are opened before anything is kept"
    assert save(client, work, kept="").status_code == 302
    other = save(client, work, kept="", **{"progress.text": "第二个窗口里的话"})
    assert other.status_code == 409
    shown = other.content.decode()
    assert "您在另一个窗口暂存了这张表的别的内容" in shown
    assert "第二个窗口里的话</textarea>" in shown
    assert WORDS in page(client, work), "the first window's words are kept still"
    version = Unsent.objects.get().version
    assert f'name="kept" value="{version}"' in shown, "who has been told may keep these after all"
    assert save(client, work, kept=version, **{"progress.text": "第二个窗口里的话"}).status_code == 302


def test_one_window_keeps_on_keeping_by_script(client_of, work):
    client, url = client_of("a"), reverse("task_save", args=[work.public_id])
    version = ""
    for words in (WORDS, WORDS + "下周进场。", WORDS + "下周一进场。"):
        said = client.post(url, {"progress.text": words, "kept": version}, headers={"HX-Request": "true"})
        assert "已自动暂存" in said.content.decode()
        version = Unsent.objects.get().version
        assert f'id="kept-task-form" name="kept" value="{version}"' in said.content.decode()
    late = client.post(url, {"progress.text": "旧", "kept": ""}, headers={"HX-Request": "true"})
    assert "别的内容" in late.content.decode()


def test_is_kept_by_a_script_with_a_word_of_when(client_of, work):
    client = client_of("a")
    said = client.post(
        reverse("task_save", args=[work.public_id]), {"progress.text": WORDS}, headers={"HX-Request": "true"}
    )
    assert "已自动暂存" in said.content.decode()
    assert WORDS in page(client, work)


def test_is_seen_by_nobody_else(client_of, work):
    save(client_of("a"), work)
    shown = page(client_of("a-head"), work)
    assert "暂存" in shown, "the head may do the task as well"
    assert WORDS not in shown


def test_is_sealed_in_the_database(client_of, work):
    save(client_of("a"), work)
    kept = Unsent.objects.extra(select={"raw": "words"}).values_list("raw", flat=True).get()
    assert WORDS.encode() not in bytes(kept)


def test_is_gone_with_the_answer(client_of, work):
    client = client_of("a")
    save(client, work)
    client.post(
        reverse("task", args=[work.public_id]),
        {"progress.text": "已更换灯具两盏。", "seen_revision": work.revision},
    )
    work.refresh_from_db()
    assert work.status == Task.Status.DONE
    assert not Unsent.objects.exists()


def test_is_gone_when_it_is_cleared(client_of, work):
    client = client_of("a")
    save(client, work)
    save(client, work, act="drop")
    assert not Unsent.objects.exists()
    assert WORDS not in page(client, work)


def test_is_swept_where_somebody_else_did_the_task(client_of, town, work):
    save(client_of("a"), work)
    assert services.sweep_unsent(timezone.now()) == 0
    Task.objects.filter(pk=work.pk).update(status="cancelled", closed_at=timezone.now())
    assert services.sweep_unsent(timezone.now()) == 1


def test_is_refused_with_a_sentence_and_the_words_where_the_task_is_done(client_of, work, do):
    do("work", {"progress": {"text": "已更换灯具两盏。"}})
    refused = save(client_of("a"), work)
    assert refused.status_code == 409
    assert WORDS in refused.content.decode()
    assert not Unsent.objects.exists()


def test_is_nobodys_who_may_not_do_the_task(client_of, work):
    assert save(client_of("b"), work).status_code == 404
    assert save(client_of("congress"), work).status_code == 403
    assert not Unsent.objects.exists()


def test_leads_to_the_next_task_of_the_step_until_there_is_none(client_of, definition, town, work):
    client = client_of("a")
    assert "提交并办下一件" not in page(client, work)
    other = services.start_case(
        definition=definition,
        answers=REPORT | {"words": "村口老桥的护栏断了一截，请尽快修好。"},
        place=town.place,
        now=timezone.now(),
    )
    for step, answers in [
        ("screen", {"screening": "accept"}),
        ("dispatch", {"route": "units", "units": {"lead": "@unit.a"}}),
        ("sign", {"sign": "accept"}),
    ]:
        task = Task.objects.open().select_related("case__reporter").get(case=other, step_id=step)
        services.complete_task(
            task=task,
            answers=town.resolve(answers),
            by=town.actor_for(task),
            now=timezone.now(),
            key=task.key,
        )
    following = Task.objects.open().get(case=other, step_id="work")
    assert "提交并办下一件（还有 1 件）" in page(client, work)
    answers = {"progress.text": "已更换灯具两盏。", "then": "next"}
    done = client.post(reverse("task", args=[work.public_id]), answers | {"seen_revision": work.revision})
    assert done["Location"] == reverse("task", args=[following.public_id])
    address = reverse("task", args=[following.public_id])
    assert client.post(address, answers)["Location"] == reverse("tasks")
    assert "这一环节的待办已全部办完" in client.get(reverse("tasks")).content.decode()


def test_a_form_beside_the_task_keeps_its_own_words(client_of, work):
    client, url = client_of("a"), reverse("task_save_beside", args=[work.public_id, "progress"])
    said = client.post(url, {"progress.text": "灯具已到货", "kept": ""}, headers={"HX-Request": "true"})
    assert 'id="kept-progress-form" name="kept"' in said.content.decode()
    shown = page(client, work)
    own, _beside, rest = shown.partition('id="progress-form"')
    assert "灯具已到货" in rest
    assert "灯具已到货" not in own
    save(client, work)
    assert Unsent.objects.count() == 2
    noted = client.post(reverse("task_progress", args=[work.public_id]), {"progress.text": "灯具已到货。"})
    assert noted.status_code == 302
    assert Unsent.objects.get().form == "", "what was sent is gone, the task's own words stay"


def test_only_the_forms_beside_it_are_kept_there(client_of, work):
    for form in ("reply", "nothing"):
        url = reverse("task_save_beside", args=[work.public_id, form])
        assert client_of("a").post(url, {"reply.text": "x"}).status_code == 404
    url = reverse("task_save_beside", args=[work.public_id, "contact"])
    assert client_of("b").post(url, {"contact.text": "x"}).status_code == 404
    assert not Unsent.objects.exists()
