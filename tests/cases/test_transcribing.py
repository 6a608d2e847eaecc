"""代录: what came on paper counts from its day, for whom it came, and is entered by whom it does not concern."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Case, Clock, Transcription
from huiyin.cases.services import transcribing
from huiyin.cases.texts import text_hash
from huiyin.congress import errors as congress_errors
from huiyin.congress import selectors
from huiyin.congress import services as congress
from huiyin.core import time_source
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Post
from huiyin.directory.roles import Role
from huiyin.forms.answers import AnswersRejected
from huiyin.lifecycle import bundle as bundles
from huiyin.notices.models import Notice
from tests.cases.entering import NOW, REPORT, definition_of, enter, paper, start, told
from tests.web.playing import play_until, task_of


def test_the_office_enters_a_suggestion_that_came_on_paper(town):
    case = start(town, on="2026-02-12", note="代表会后邮寄，节后拆封")
    mover = town.actors["deputy"].person
    assert (case.reporter, case.received_on, case.source) == (mover, date(2026, 2, 12), "office")
    row = Transcription.objects.get(case=case)
    assert (row.person, row.by, row.received_on) == (mover, town.actors["congress"].person, date(2026, 2, 12))
    assert Notice.objects.filter(kind="transcribed", person=mover).exists()
    assert any("的纸质来件，2026-02-12 收到" in line for line in told(case))
    assert Case.objects.visible_to(town.actors["congress"]).filter(pk=case.pk).exists()


def test_a_draft_that_nobody_entered_stays_the_deputys_own(town):
    mover = town.actors["deputy"]
    case = services.start_case(
        definition=definition_of(town), answers=REPORT, place=town.place_for(bundles.read("suggestion").levels),
        by=mover, asker=mover.person, now=NOW,
    )  # fmt: skip
    assert not Case.objects.visible_to(town.actors["congress"]).filter(pk=case.pk).exists()


@pytest.mark.parametrize("by", ["station", "government", "a", "deputy2"])
def test_nobody_else_enters_a_deputys_paper(town, by):
    with pytest.raises(NotYourAct):
        start(town, by=by)


def test_without_the_sheet_nobody_starts_in_a_deputys_name(town):
    for by in ("congress", "deputy2"):
        with pytest.raises(NotYourAct):
            services.start_case(
                definition=definition_of(town), answers=REPORT, by=town.actors[by], now=NOW,
                place=town.place_for(bundles.read("suggestion").levels), asker=town.actors["deputy"].person,
            )  # fmt: skip


def test_the_mover_was_a_deputy_when_the_paper_came(town):
    Post.objects.filter(person=town.actors["deputy"].person, role=Role.DEPUTY).update(to_on="2026-02-15")
    with pytest.raises(errors.MoverUnknown):
        start(town)
    assert start(town, on="2026-02-14", note="换届前收到").reporter == town.actors["deputy"].person
    with pytest.raises(errors.MoverUnknown):
        start(town, asker="a")


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ({"on": "2026-02-21"}, "收到日期不能晚于今天"),
        ({"on": "2020-02-19", "note": "补录"}, "收到日期已经过了一年多，请核对年份"),
        ({"on": "2026-02-19"}, "收到日期早于今天，请说明补录的原因"),
        ({"proof": []}, "请上传纸质原件的扫描件或照片"),
        ({"way": "phone"}, "电话代录请写明通话时间、怎样核实身份"),
    ],
)
def test_what_a_sheet_must_say(town, sheet, sentence):
    given = paper(**sheet)
    given["transcription"] = {name: value for name, value in given["transcription"].items() if value}
    with pytest.raises(AnswersRejected) as refused:
        services.start_case(
            definition=definition_of(town), answers={**REPORT, "title": "短"}, by=town.actors["congress"], now=NOW,
            place=town.place_for(bundles.read("suggestion").levels), asker=town.actors["deputy"].person,
            transcription=given,
        )  # fmt: skip
    assert not Case.objects.exists()
    if sheet.get("on") is None:  # what the forms know is said at once, what only the case knows after it
        assert set(refused.value.problems) == {"title", "transcription"}
        assert refused.value.problems["transcription"] == sentence


@pytest.mark.parametrize(("on", "sentence"), [("2026-02-21", "不能晚于今天"), ("2026-02-19", "补录的原因")])
def test_the_day_of_a_sheet_is_checked(town, on, sentence):
    with pytest.raises(AnswersRejected) as refused:
        start(town, on=on)
    assert sentence in refused.value.problems["transcription"]


def test_signatures_on_the_sheet_count_and_it_is_submitted_on_its_day(town):
    case = start(town, on="2026-02-12", note="会上收到")
    signers = [town.actors[name].person for name in ("deputy2", "deputy3")]
    congress.enter_signatures(
        case=case, people=signers, transcription=paper(on="2026-02-13", note="会上收到"), by=town.actors["congress"],
        now=NOW, seen_hash=text_hash(case),
    )  # fmt: skip
    assert selectors.proposers(case, NOW.date())[0] == 3
    assert {row.signature.transcription.received_on for row in selectors.signatures_of(case)} == {
        date(2026, 2, 13)
    }
    enter(
        town,
        case,
        "submit",
        {"next": "submit", "signatures": {"confirmed": True}},
        on="2026-02-13",
        note="同上",
    )
    assert time_source.day_of(selectors.submitted_at(case)) == date(2026, 2, 13)
    clock = Clock.objects.get(case=case, rule__code="suggestion.accept")
    assert clock.started_on == date(2026, 2, 13)


def test_signatures_are_of_the_text_that_is_shown_by_deputies_and_by_somebody(town):
    case, office, sheet = start(town), town.actors["congress"], paper()
    who = {"case": case, "by": office, "now": NOW, "transcription": sheet}
    with pytest.raises(congress_errors.TextChanged):
        congress.enter_signatures(people=[town.actors["deputy2"].person], seen_hash="0" * 64, **who)
    call = {"transcription": {"way": "phone", "on": "2026-02-20", "note": "当日来电"}}
    with pytest.raises(congress_errors.NoSheet):
        congress.enter_signatures(
            people=[town.actors["deputy2"].person],
            seen_hash=text_hash(case),
            **{**who, "transcription": call},
        )
    with pytest.raises(congress_errors.NoSigners):
        congress.enter_signatures(people=[], seen_hash=text_hash(case), **who)
    for name in ("deputy", "a"):
        with pytest.raises(congress_errors.NotADeputyHere):
            congress.enter_signatures(people=[town.actors[name].person], seen_hash=text_hash(case), **who)
    with pytest.raises(NotYourAct):
        congress.enter_signatures(
            people=[town.actors["deputy2"].person], seen_hash=text_hash(case),
            **{**who, "by": town.actors["station"]},
        )  # fmt: skip


def test_what_waits_for_an_office_is_nobodys_paper(town):
    case = play_until(town, "screen")
    assert not transcribing.may(task_of(case, "screen"), town.actors["congress"])
    with pytest.raises(errors.NotYours):
        enter(town, case, "screen", {"screening": "letter", "reason": "转来信处理"})


def test_a_letter_withdraws_the_matter(town):
    case = play_until(town, "screen")
    congress.agree_to_withdraw(case=case, by=town.actors["deputy2"], now=NOW)
    case = services.withdraw_case(
        case=case, reason="代表来函撤回", by=town.actors["congress"], now=NOW, transcription=paper()
    )
    assert case.outcome == "withdrawn"
    assert Transcription.objects.filter(case=case).count() == 1
