"""Each rule of the house finds a small bad example, and leaves a good one alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import path

from huiyin.core import errors
from huiyin.forms.kinds import KINDS
from tests.consistency import bad_pages, house, sources, texts, views, words

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"><process id="p">'
)


def task(*forms: str) -> bytes:
    inner = "".join(f'<s:property name="form" value="{name}"/>' for name in forms)
    return f'{HEAD}<userTask id="t"><extensionElements>{inner}</extensionElements></userTask></process></definitions>'.encode()


def test_finds_a_package_that_hides_the_standard_library(tmp_path):
    (tmp_path / "platform").mkdir()
    assert not list(house.a_package_that_hides_the_standard_library(tmp_path))
    (tmp_path / "platform" / "__init__.py").touch()
    assert "delete it" in next(house.a_package_that_hides_the_standard_library(tmp_path))


def test_finds_a_long_module_and_an_excuse_that_is_not_needed():
    assert "cut it" in next(house.modules_too_long({"a.py": "x = 1\n" * 301}, {}))
    assert not list(house.modules_too_long({"a.py": "x = 1\n" * 301}, {"a.py": "a table"}))
    assert "take it out" in next(house.modules_too_long({"a.py": "x = 1\n" * 300}, {"a.py": "a table"}))


def test_finds_a_long_function_but_does_not_count_its_docstring():
    def source(lines: int) -> str:
        return 'def work():\n    """\n' + "    word\n" * 30 + '    """\n' + "    x = 1\n" * lines

    assert not list(house.functions_too_long({"a.py": source(39)}, {}))
    assert "a.py::work has 41 lines" in next(house.functions_too_long({"a.py": source(40)}, {}))
    assert not list(house.functions_too_long({"a.py": source(40)}, {"a.py::work": "a table"}))
    assert "take it out" in next(house.functions_too_long({"a.py": source(3)}, {"a.py::work": "a table"}))


@pytest.mark.parametrize("source", ["jobs.Work('cases.wake', 'case', 1)", "Work(kind='cases.wake')"])
def test_finds_a_job_that_nobody_does(source):
    assert "@job('cases.wake')" in next(house.jobs_that_nobody_does({"a.py": source}, [], frozenset()))
    assert not list(house.jobs_that_nobody_does({"a.py": source}, [], frozenset({"cases.wake"})))


def test_finds_a_periodic_job_that_nobody_does_and_a_kind_that_cannot_be_read():
    assert "PERIODIC_JOBS" in next(house.jobs_that_nobody_does({}, ["a.b"], frozenset()))
    assert "as a literal" in next(house.jobs_that_nobody_does({"a.py": "Work(name)"}, [], frozenset()))


def test_finds_a_refusal_without_a_sentence():
    silent = type("Silent", (errors.Conflict,), {})
    small = type("Small", (errors.Conflict,), {"__doc__": "when it is taken"})
    good = type("Good", (errors.Conflict,), {"__doc__": "Someone was faster. Please look again."})
    assert [
        finding.split(":")[0].rpartition(".")[2]
        for finding in house.refusals_without_a_sentence([silent, small, good])
    ] == [
        "Silent",
        "Small",
    ]


def model(label: str, manager: object) -> type:
    return type("Model", (), {"_meta": SimpleNamespace(label=label), "_default_manager": manager})


def test_finds_a_model_without_sight():
    blind, seeing = SimpleNamespace(), SimpleNamespace(visible_to=None)
    assert "visible_to(actor)" in next(house.models_without_sight([model("a.Blind", blind)], {}))
    assert not list(house.models_without_sight([model("a.Blind", blind)], {"a.Blind": "never shown"}))
    assert not list(house.models_without_sight([model("a.Seeing", seeing)], {}))
    assert "take it out" in next(house.models_without_sight([model("a.Seeing", seeing)], {"a.Seeing": "old"}))


def test_finds_a_view_without_sight():
    found = [
        ("blind/", bad_pages.blind),
        ("seeing/", bad_pages.seeing),
        ("helped/", bad_pages.helped),
        ("selected/", bad_pages.selected),
        ("endpoint/", bad_pages.BlindEndpoint),
        ("good-endpoint/", bad_pages.SeeingEndpoint),
        ("overriding/", bad_pages.OverridingEndpoint),
    ]
    findings = list(views.views_without_sight(found, {}))
    assert [finding.split(" ")[0] for finding in findings] == ["blind/", "endpoint/", "overriding/"]
    assert "visible_to(request.actor)" in findings[0]
    excused = {
        f"tests.consistency.bad_pages.{name}": "x"
        for name in ("blind", "BlindEndpoint", "OverridingEndpoint")
    }
    assert not list(views.views_without_sight(found, excused))
    assert "is no view" in next(views.views_without_sight([], {"gone": "old"}))


def test_walks_into_includes():
    from django.urls import include

    inner = [path("b/", bad_pages.blind)]
    assert [address for address, _view in views.patterns([path("a/", include(inner))])] == ["a/b/"]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("act.say('received')", {"received"}),
        ("act.say('taken' if taken else 'returned', task=1)", {"taken", "returned"}),
        ("act.say(f\"clock_{'expired' if late else 'warned'}\")", {"clock_expired", "clock_warned"}),
        ("Line('published', {})", {"published"}),
        ("act.notify(person, 'answered', key)", {"notice_answered"}),
        ("act.notify(person, f'closed_{case.outcome}', key)", {"notice_closed_a", "notice_closed_b"}),
    ],
)
def test_reads_every_kind_that_is_told(source, kinds):
    known = {"case.outcome": frozenset({"a", "b"})}
    found, unreadable = words.kinds_told({"a.py": source}, known)
    assert (set(found), unreadable) == (kinds, [])
    findings = list(words.kinds_without_words({"a.py": source}, known, lambda language: frozenset()))
    assert len(findings) == 2 * len(kinds)
    assert "words/zh/" in findings[0]


def test_finds_a_kind_that_cannot_be_read_and_words_that_nobody_says():
    assert "can't be read" in next(
        words.kinds_without_words({"a.py": "act.say(kind)"}, {}, lambda language: frozenset())
    )
    unused = list(words.kinds_without_words({}, {}, lambda language: frozenset({"old"})))
    assert [finding.split(":")[0] for finding in unused] == ["words/zh/old.txt", "words/en/old.txt"]


def test_finds_a_task_without_one_form():
    assert not list(words.tasks_without_one_form("p", task("a"), frozenset({"a"})))
    assert "has 0 forms" in next(words.tasks_without_one_form("p", task(), frozenset()))
    assert "has 2 forms" in next(words.tasks_without_one_form("p", task("a", "a"), frozenset({"a"})))
    assert "forms/p/b.json" in next(words.tasks_without_one_form("p", task("b"), frozenset({"a"})))


def test_finds_a_field_kind_that_is_not_whole():
    findings = list(words.kinds_that_are_not_whole({"rating": KINDS["rating"]}, frozenset(), frozenset(), {}))
    assert any("widget" in finding for finding in findings)
    assert any("@recorder('rating')" in finding for finding in findings)
    assert any("result=basic has no words" in finding for finding in findings)
    bare = SimpleNamespace(schema=lambda ui: {}, export=None)
    findings = list(words.kinds_that_are_not_whole({"x": bare}, frozenset({"x"}), frozenset({"x"}), {}))
    assert [finding.rpartition(" ")[2] for finding in findings] == ["forms/kinds.py", "(Kind.export)"]


def test_finds_a_path_of_one_machine():
    bad = "/wo" + "rk/main/x"
    assert "a.md:2" in next(texts.machine_paths({"a.md": f"x\n{bad}"}))
    assert not list(texts.machine_paths({"a.md": "https://host/wo" + "rk/a and docs/wo" + "rk/a"}))


def test_finds_a_package_registry():
    assert "a.md:1" in next(texts.package_registries({"a.md": "see pypi." + "org"}))
    assert not list(texts.package_registries({"a.md": "pip install huiyin"}))


PO = """
msgid ""
msgstr "Language: en"

#, fuzzy
msgid "旧"
msgstr "old"

msgid "一"
"二"
msgstr "one "
"two"

msgid "三"
msgstr ""
"""


def test_finds_a_text_without_translation():
    assert texts.read_po(PO) == {"一二": "one two", "三": ""}
    missing = list(texts.untranslated({"一二": "a.py:1", "三": "a.py:2", "旧": "a.py:3"}, PO, "en"))
    assert [finding.split(":")[1] for finding in missing] == ["2", "3"]


def test_finds_a_compiled_file_that_is_old(tmp_path):
    import struct

    def compiled(pairs: dict[str, str]) -> bytes:
        pairs = {"": "Content-Type: text/plain; charset=UTF-8\n", **pairs}
        ids = [key.encode() for key in sorted(pairs)]
        strs = [pairs[key].encode() for key in sorted(pairs)]
        table, offset = b"", 28 + 16 * len(ids)
        for text in [*ids, *strs]:
            table += struct.pack("<II", len(text), offset)
            offset += len(text) + 1
        head = struct.pack("<7I", 0x950412DE, 0, len(ids), 28, 28 + 8 * len(ids), 0, 0)
        return head + table + b"".join(text + b"\0" for text in [*ids, *strs])

    assert not list(texts.stale_mo("en", PO, compiled({"一二": "one two"})))
    assert "compilemessages" in next(texts.stale_mo("en", PO, compiled({"一二": "one"})))


def test_reads_the_texts_of_templates_and_of_python():
    template = "{% load i18n %}{% translate '登录' %}{% blocktranslate with n=1 %}共 {{ n }} 件{% endblocktranslate %}"
    assert set(texts.msgids_of_template("a.html", template)) == {"登录", "共 %(n)s 件"}
    assert set(texts.msgids_of_python({"a.py": "_('提交'); gettext(name); _('')"})) == {"提交"}


def test_finds_a_sign_outside_translation():
    bad = "<p>{{ part }}：{{ unit }}</p>"
    assert "“：”" in next(texts.signs_outside_translation("a.html", bad))
    good = "{% blocktranslate %}{{ part }}：{{ unit }}{% endblocktranslate %}{% translate '、' as comma %}<b lang=\"zh\">。</b>"
    assert not list(texts.signs_outside_translation("a.html", good))


def test_leaves_out_what_is_not_ours(tmp_path):
    for name in ("a.py", "node_modules/b.py", ".git/c.py", "vendor/d.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert set(sources.texts(tmp_path)) == {"a.py"}
