"""The house holds its own rules; each rule is seen failing in tests/consistency/test_rules.py."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from huiyin import engine
from huiyin.cases import recording
from huiyin.core import errors
from huiyin.core.models import BaseModel
from huiyin.forms.kinds import KINDS
from huiyin.forms.parts import PARTS
from huiyin.history import words as history_words
from huiyin.jobs import registry
from huiyin.lifecycle import bundle as bundles
from tests.consistency import house, sources, texts, views, words
from tests.pictures.shots import SHOTS

CODE = ("platform/", "api/")

LONG_MODULES = {
    "platform/huiyin/engine/catalogue.py": "a table: every finding of the linter with its words and remedy",
}
LONG_FUNCTIONS: dict[str, str] = {}
NOT_SHOWN = {
    "directory.Jurisdiction": "a name on the front page, public by law; what belongs to it has its own sight",
    "directory.Term": "read only beside a post",
    "directory.Account": "signs people in; the person behind it is what is shown",
    "cases.CaseText": "the case's own words, read through the case",
    "cases.CaseState": "the engine's cursor, shown to nobody",
    "files.Attachment": "seen with its subject, which is looked up with visible_to first",
}
OPEN_VIEWS = {
    "huiyin.web.pages.home.home": "the door: names of jurisdictions, nothing else",
    "huiyin.web.pages.demo.become": "a demo's sign-in; no other installation has it",
    "huiyin.web.pages.demo.take_tour": "a demo's session, and shows nothing",
    "django.contrib.auth.views.LoginView": "signing in happens before there is an actor",
    "django.contrib.auth.views.LogoutView": "shows nothing",
    "django.views.i18n.set_language": "sets a cookie",
    "api.problems.NoSuchAddress": "says that there is nothing at this address",
    "api.schema.SchemaView": "the contract of the API, the same for everyone",
    "api.tokens.TokenView": "signing in happens before there is an actor",
    "huiyin.web.pages.joining.join": "the mover shows the code: it is the right to read the text, for deputies of the congress",
    "huiyin.web.pages.follow.look_up": "proves the asker by the code of the receipt and shows nothing of the case",
}


def none(findings) -> bool:
    """No finding, or a failure that lists them all."""
    found = list(findings)
    assert not found, "\n" + "\n".join(found)
    return True


@lru_cache(maxsize=1)
def refusals() -> tuple[type, ...]:
    """Every refusal of the house."""
    for path in sources.python(*CODE):
        if "/management/" not in path and "/config/" not in path:
            import_module(
                path.removeprefix("platform/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            )
    found, rest = [], [errors.Refusal]
    while rest:
        one = rest.pop()
        rest += one.__subclasses__()
        if one.__module__.startswith(("huiyin.", "api.")):
            found.append(one)
    return tuple(dict.fromkeys(found))


def decisions() -> list[str]:
    """The decision tables of the shipped rule profiles."""
    return [path.stem for path in (sources.PLATFORM / "rules/data/tables").glob("*.dmn")]


def outcomes() -> frozenset[str]:
    """How a case can close, as the shipped diagrams say."""
    found: set[str] = set()
    for name in bundles.shipped():
        one = bundles.read(name)
        process = engine.compile_process(one.diagram, tables=decisions(), called=one.called)
        for step in process.steps.values():
            found |= {step.props.get("outcome", ""), step.props.get("after_close", "")}
    return frozenset(found - {""})


def test_the_source_root_is_no_package():
    assert none(house.a_package_that_hides_the_standard_library(sources.ROOT))
    assert platform.__file__ == str(Path(subprocess.__file__).parent / "platform.py")


def test_every_user_task_has_one_form():
    shipped = [bundles.read(name) for name in bundles.shipped()]
    assert shipped
    assert none(
        finding
        for one in shipped
        for finding in words.tasks_without_one_form(one.process, one.diagram, frozenset(one.forms))
    )


def test_every_job_has_its_function():
    assert none(house.jobs_that_nobody_does(sources.python(*CODE), settings.PERIODIC_JOBS, registry.kinds()))


def test_every_field_kind_is_whole():
    widgets = frozenset(
        path.stem for path in (sources.PLATFORM / "forms/templates/forms/kinds").glob("*.html")
    )
    assert none(words.kinds_that_are_not_whole(KINDS, widgets, recording.registered(), PARTS))


def test_every_entry_and_notice_has_its_words():
    known = {"case.outcome": outcomes()}
    assert none(
        words.kinds_without_words(
            sources.python(*CODE), known, history_words.kinds, beside=frozenset({"erased_entry"})
        )
    )


def test_modules_are_small():
    assert none(house.modules_too_long(sources.python(*CODE), LONG_MODULES))


def test_functions_are_small():
    assert none(house.functions_too_long(sources.python(*CODE), LONG_FUNCTIONS))


def test_every_refusal_is_a_sentence():
    assert len(refusals()) > 20
    assert none(house.refusals_without_a_sentence(refusals()))


def test_every_model_that_is_shown_has_sight():
    shown = [
        model
        for model in apps.get_models()
        if "huiyin" in model.__module__
        and (issubclass(model, BaseModel) or "case" in {item.name for item in model._meta.get_fields()})
    ]
    assert len(shown) > 10
    assert none(house.models_without_sight(shown, NOT_SHOWN))


def test_every_view_starts_from_what_its_actor_may_see():
    found = list(views.patterns(get_resolver().url_patterns))
    assert len(found) > 20
    assert none(views.views_without_sight(found, OPEN_VIEWS))


def test_nothing_names_this_machine():
    assert none(texts.machine_paths(sources.own_texts()))


def test_nothing_names_a_package_registry():
    assert none(texts.package_registries(sources.own_texts()))


LOCALE = sources.PLATFORM / "locale"


def _po(language: str) -> str:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_every_text_of_the_pages_is_in_english_too():
    msgids = texts.msgids_of_python(sources.python(*CODE)) | texts.msgids_of_templates(sources.PLATFORM)
    chinese = {msgid: place for msgid, place in msgids.items() if any("一" <= sign <= "鿿" for sign in msgid)}
    assert len(chinese) > 100
    assert none(texts.untranslated(chinese, _po("en"), "en"))


def test_no_sign_of_one_language_stands_in_pages_of_the_other():
    pages = sorted((sources.PLATFORM / "web/templates/web").rglob("*.html"))
    assert len(pages) > 30
    assert none(
        finding
        for page in pages
        for finding in texts.signs_outside_translation(page.name, page.read_text(encoding="utf-8"))
    )


def test_every_refusal_is_in_chinese_too():
    assert none(texts.untranslated(texts.sentences(refusals()), _po("zh_Hans"), "zh_Hans"))


def test_every_picture_is_taken_by_the_command_and_shown_in_a_document():
    documents = [*sources.ROOT.glob("*.md"), *(sources.ROOT / "docs").glob("*.md")]
    shown = {
        name
        for one in documents
        for name in re.findall(r"pictures/(\w+)\.png", one.read_text(encoding="utf-8"))
    }
    kept = {path.stem for path in (sources.ROOT / "docs" / "pictures").glob("*.png")}
    assert shown == kept == {shot.name for shot in SHOTS}


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_what_is_compiled_is_what_was_written(language):
    compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert compiled.exists(), f"run `manage compilemessages` and commit {compiled.name} of {language}"
    assert none(texts.stale_mo(language, _po(language), compiled.read_bytes()))


def test_imports_go_down_only():
    tool = Path(sys.executable).parent / "lint-imports"
    if not tool.exists():
        pytest.skip("import-linter is not installed here; `python3 run.py test` has it")
    done = subprocess.run(
        [tool], cwd=sources.ROOT, env={"PYTHONPATH": "platform:.", "PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]
