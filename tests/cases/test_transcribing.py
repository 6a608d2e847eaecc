"""代录: what came on paper counts from its day, for whom it came, and is entered by whom it does not concern."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from huiyin.cases import errors, services
from huiyin.cases.models import Case, Clock, Completion, Rating, Transcription
from huiyin.cases.services import transcribing
from huiyin.cases.texts import text_hash
from huiyin.congress import errors as congress_errors
from huiyin.congress import selectors
from huiyin.congress import services as congress
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import NotYourAct, actor_of
from huiyin.directory.models import Post
from huiyin.directory.roles import Role
from huiyin.files import services as files
from huiyin.forms.answers import AnswersRejected
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import virtual
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from tests.files.pictures import jpeg
from tests.web.playing import play_until, publish, task_of

NOW = moment("2026-02-20 09:00")
REPORT = {
    "title": "关于改造供水管网的建议",
    "words": "石棠镇老城区供水管网建成三十余年，爆管频发，居民用水得不到保障。",
    "asks": ["完成主管网改造", "公布停水安排"],
}
RATING = {"rating": {"result": "satisfied", "attitude": "satisfied", "asks": [
    {"ask": 1, "settled": "yes"}, {"ask": 2, "settled": "yes"}]}}  # fmt: skip


def paper(on: str = "2026-02-20", **more: object) -> dict[str, dict[str, object]]:
    """A sheet that came on a day, with its scan."""
    scan = files.stage(kind="photo", raw=jpeg(), now=NOW)
    return {"transcription": {"way": "paper", "on": on, "proof": [scan.public_id], **more}}


def definition_of(town) -> Definition:
    return Definition.objects.filter(jurisdiction=town.jurisdiction).first() or publish(town)


def start(town, by: str = "congress", asker: str = "deputy", **sheet: object) -> Case:
    return services.start_case(
        definition=definition_of(town), answers=REPORT, place=town.place_for(bundles.read("suggestion").levels),
        by=town.actors[by], asker=town.actors[asker].person, now=NOW, transcription=paper(**sheet),
        source=Case.Source.OFFICE,
    )  # fmt: skip


def enter(town, case: Case, step: str, answers: dict[str, object], by: str = "congress", **sheet: object):
    return services.complete_task(
        task=task_of(case, step), answers=answers, by=town.actors[by], now=NOW, key="k",
        transcription=paper(**sheet),
    )  # fmt: skip


def told(case: Case) -> list[str]:
    return [words.tell(one.kind, one.facts, by="某人") for one in history.entries_of("case", case.pk)]


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


def test_a_rating_on_paper_is_the_deputys_and_meets_the_clock_on_its_day(town):
    case = play_until(town, "rate")
    clock = Clock.objects.get(case=case, task=task_of(case, "rate"))
    enter(town, case, "rate", RATING, on="2026-02-13", note="邮寄，节后拆封")
    rating = Rating.objects.get(case=case)
    assert (rating.rater, rating.result, rating.late) == ("deputy", "satisfied", False)
    done = Completion.objects.get(task__step_id="rate", case=case)
    assert (done.by, done.on_behalf_of) == (town.actors["congress"].person, case.reporter)
    clock.refresh_from_db()
    assert time_source.day_of(clock.met_at) == date(2026, 2, 13)


def test_a_rating_that_lay_in_the_office_is_not_late(town):
    case = play_until(town, "rate")
    due = Clock.objects.get(case=case, task=task_of(case, "rate")).due_on
    later = moment(f"{due + timedelta(days=1)} 09:00")
    virtual.pass_time(case.pk, later)
    case.refresh_from_db()
    assert case.outcome == "unrated"
    closed = time_source.day_of(case.closed_at)
    for on, late in ((closed - timedelta(days=1), False), (closed, True)):
        assert _rated_late(town, case, on, later) is late


def _rated_late(town, case, on: date, now) -> bool:
    scan = files.stage(kind="photo", raw=jpeg(), now=now)
    sheet = {"transcription": {"way": "paper", "on": str(on), "note": "补录", "proof": [scan.public_id]}}
    with transaction.atomic():
        services.complete_task(
            task=task_of(case, "late_rate"), answers=RATING, by=town.actors["congress"], now=now, key=str(on),
            transcription=sheet,
        )  # fmt: skip
        late = Rating.objects.get(case=case).late
        transaction.set_rollback(True)
    return late


def test_a_rating_cannot_have_come_before_the_answer(town):
    case = play_until(town, "rate")
    with pytest.raises(AnswersRejected) as refused:
        enter(town, case, "rate", RATING, on="2026-02-02", note="补录")
    assert "答复送达日期" in refused.value.problems["transcription"]


@pytest.mark.parametrize("by", ["a", "a-head", "government", "station", "watch"])
def test_the_rated_and_the_others_enter_no_rating(town, by):
    case = play_until(town, "rate")
    assert not transcribing.may(task_of(case, "rate"), town.actors[by])
    with pytest.raises(NotYourAct):
        enter(town, case, "rate", RATING, by=by)


def test_a_clerk_who_also_works_in_the_unit_enters_nothing_about_it(town):
    case = play_until(town, "rate")
    office = town.actors["congress"].person
    Post.objects.create(
        person=office,
        role=Role.HANDLER,
        unit=town.units["a"],
        place=town.place.parent.parent,
        from_on="2020-01-01",
    )
    both = actor_of(office, NOW.date())
    assert not transcribing.may(task_of(case, "rate"), both)
    with pytest.raises(errors.NoOwnTranscription):
        services.complete_task(
            task=task_of(case, "rate"), answers=RATING, by=both, now=NOW, key="k", transcription=paper()
        )


def test_a_mover_who_works_in_the_unit_rates_not_on_paper_either(town):
    case = play_until(town, "rate")
    Post.objects.create(
        person=case.reporter, role=Role.HANDLER, unit=town.units["a"], place=town.place.parent.parent,
        from_on="2020-01-01",
    )  # fmt: skip
    with pytest.raises(errors.NoOwnRating):
        enter(town, case, "rate", RATING, on="2026-02-13", note="补录")


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


def test_a_station_enters_no_rating_of_its_own_answer(play):
    play.do("screen", {"screening": "accept"})
    play.do("dispatch", {"route": "station"})
    play.do("station_answer", {"reply": {"result": "done", "text": "已由联络站协调修好。"}})
    call = {"way": "phone", "on": str(time_source.day_of(play.now)), "note": "当日来电"}
    with pytest.raises(errors.NoOwnTranscription):
        services.complete_task(
            task=play.task("citizen_rate"), answers={"rating": {"result": "satisfied"}}, by=play.town.actors["station"],
            now=play.now, key="k", transcription={"transcription": call},
        )  # fmt: skip


def test_a_station_enters_what_a_citizen_says_on_the_telephone(play):
    play.answer()
    note = "当日 10 时来电，以查询码核实"
    call = {"transcription": {"way": "phone", "on": str(time_source.day_of(play.now)), "note": note}}
    task = play.task("citizen_rate")
    services.complete_task(
        task=task, answers={"rating": {"result": "dissatisfied", "words": "灯又坏了"}}, by=play.town.actors["station"],
        now=play.now, key="k", transcription=call,
    )  # fmt: skip
    assert Rating.objects.get(case=play.case).rater == "citizen"
    assert any("来电" in line for line in told(play.case))
