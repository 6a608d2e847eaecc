"""A town in a database, its people signed in, and archives of any size copied from one case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from huiyin.cases import services
from huiyin.cases.models import Case, Reply, Task
from huiyin.directory.models import Account, Jurisdiction, Person, Place, Post, Unit
from huiyin.directory.roles import Role
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing
from huiyin.opinion.models import Publication
from huiyin.rules import services as rules
from tests.cases.conftest import RECEIVED, REPORT, Play
from tests.web.playing import play_until

MARK = "bench"
UNITS = 400
#: Open tasks fall due over ninety days.
SPREAD = 90
#: The day on which half of them are late.
HALF_LATE = (RECEIVED + timedelta(days=SPREAD // 2 + 7)).date()
#: Open tasks of every size of archive; the rest of it is closed.
OPEN = 10_000
#: Open tasks of the one unit that has a long queue.
BUSY = 2_500
#: Suggestions of a county's terms so far (domain: 240 a session), and those that wait on one page of a grid.
SUGGESTIONS, ON_A_PAGE = 3_000, 30
#: What titles are made of, so that some are alike and most are not: 8 × 48 × 25 of them.
_VERBS = ["加快推进", "进一步加强", "尽快修复", "合理规划", "严格监管", "大力支持", "统筹建设", "逐步完善"]
_PLACES = [f"{a}{b}" for a in "东西南北上下大小" for b in ("桥镇", "溪村", "街道", "园区", "山乡", "塘路")]
_TOPICS = [
    f"{a}{b}"
    for a in ("污水", "路灯", "公交", "停车", "校园")
    for b in ("设施", "管理", "噪声", "安全", "收费")
]


def build() -> None:
    """The town, its process, 400 units with a handler each, and a supervisor."""
    rules.seed_calendar()
    jurisdiction = Jurisdiction.objects.create(code="rules", name="规则县")
    profile = rules.load_profile(jurisdiction=jurisdiction, code="zhejiang-2016")
    town = sandbox.build(profile, MARK)
    storing.store(bundles.read("matter"), town.jurisdiction, version=1, by=None, now=RECEIVED)
    for name in ("a", "watch"):
        sign_up(f"bench-{name}", town.actors[name].person)
    county = Place.objects.get(code=f"{MARK}c")
    for number in range(UNITS):
        unit = Unit.objects.create(
            jurisdiction=town.jurisdiction, place=county, kind=Unit.Kind.DEPARTMENT,
            code=f"{MARK}-{number}", name=f"第{number}单位", pinyin=f"{number:03}",
        )  # fmt: skip
        person = Person.objects.create(jurisdiction=town.jurisdiction, name="经办人")
        Post.objects.create(person=person, role=Role.HANDLER, unit=unit, place=county, from_on="2020-01-01")
        if number in (0, UNITS - 1):
            sign_up(f"bench-{number}", person)


def sign_up(login: str, person: Person | None) -> None:
    """An account that can sign in."""
    Account.objects.create(username=login, person=person)


def new_play(town: sandbox.Town) -> Play:
    """A fresh matter in the town."""
    definition = town.jurisdiction.definitions.get()
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    return Play(case, town, RECEIVED)


def to_be_signed(town: sandbox.Town) -> Task:
    """The open task of a fresh matter whose unit has to sign for it."""
    play = new_play(town)
    play.dispatch()
    return play.task("sign")


def grow(cases: int) -> None:
    """Copy one case and three of its tasks so many times, by the server itself; only open ones are work."""
    task = to_be_signed(sandbox.find(MARK))
    template = task.case_id
    done = Task.objects.filter(case=template, status="done").first()
    units = list(Unit.objects.filter(code__startswith=f"{MARK}-").order_by("id").values_list("id", flat=True))
    first = Case.objects.order_by("-id").values_list("id", flat=True)[0]
    _drop_foreign_keys("cases_case", "cases_task")
    closed = f"CASE WHEN n > {OPEN} THEN received_at + interval '9 days' END"
    _copy(
        Case, template, cases,
        id=f"{first} + n", public_id="'bench' || n", number="'甲' || n", source_key="NULL",
        closed_at=closed, ended_at=closed, outcome=f"CASE WHEN n > {OPEN} THEN 'answered' ELSE '' END",
    )  # fmt: skip
    array = "ARRAY[" + ",".join(map(str, units)) + "]"
    busy = f"n > {OPEN} AND n <= {OPEN + BUSY}"
    own = {
        "case_id": f"{first} + n",
        "unit_id": f"CASE WHEN {busy} THEN {units[-1]} ELSE ({array})[1 + n %% {UNITS}] END",
        "assignment_id": "NULL",
        "due_on": f"due_on + n %% {SPREAD}",
    }
    finished = {
        "status": "'done'",
        "closed_at": "opened_at + interval '1 day'",
        "place_id": "NULL",
        "role": "''",
    }
    _copy(
        Task, task.pk, cases, **own, public_id="'bencha' || n", key="'a' || n",
        status=f"CASE WHEN n <= {OPEN + BUSY} THEN 'open' ELSE 'done' END",
        closed_at=f"CASE WHEN n > {OPEN + BUSY} THEN opened_at + interval '1 day' END",
    )  # fmt: skip
    for letter in "bc":
        names = {"public_id": f"'bench{letter}' || n", "key": f"'{letter}' || n"}
        _copy(Task, done.pk, cases, **own, **finished, **names)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Case, Task]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def fill(cases: int) -> None:
    """A county's archive with titles and words of their own, all matters published, and a page of suggestions to screen."""
    grow(cases)
    town = sandbox.find(MARK)
    # What is public of a trial is shown to nobody.
    Jurisdiction.objects.filter(pk=town.jurisdiction.pk).update(is_trial=False)
    definition = storing.store(
        bundles.read("suggestion"), town.jurisdiction, version=1, by=None, now=RECEIVED
    )
    shown = [play_until(town, "screen", definition=definition) for _n in range(ON_A_PAGE)]
    sign_up("bench-office", town.actors["office"].person)
    first = Case.objects.order_by("-id").values_list("id", flat=True)[0]
    _copy(
        Case, shown[0].pk, SUGGESTIONS,
        id=f"{first} + n", public_id="'bsugg' || n", number="'乙' || n", source_key="NULL",
        closed_at="received_at + interval '9 days'", ended_at="received_at + interval '9 days'",
        outcome="'answered'",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET title = concat(CASE kind WHEN 'suggestion' THEN '关于' || (%s::text[])[1 + (id * 7) %% 8] END,"
            " (%s::text[])[1 + (id * 31) %% 48], (%s::text[])[1 + (id * 17) %% 25],"
            " CASE kind WHEN 'suggestion' THEN '的建议' ELSE '，请派人来看看' END)",
            [_VERBS, _PLACES, _TOPICS],
        )
        cursor.execute(
            'INSERT INTO cases_casetext (case_id, words, "where", sealed, phone_codes)'
            " SELECT c.id, repeat(c.title || '。', 12), t.\"where\", t.sealed, '{}' FROM cases_case c, cases_casetext t"
            " WHERE t.case_id = %s AND NOT EXISTS (SELECT 1 FROM cases_casetext o WHERE o.case_id = c.id)",
            [shown[0].pk],
        )
    author = town.actors["watch"].person
    row = Publication.objects.create(
        case=Case.objects.filter(number__startswith="甲").order_by("id")[0], title="题目", words="所问",
        answer="所答", result=Reply.Result.DONE, answered_on=RECEIVED.date(),
        published_by=author, published_at=RECEIVED,
    )  # fmt: skip
    _drop_foreign_keys("opinion_publication")
    title = f"(SELECT title FROM cases_case c WHERE c.id = {row.case_id} + n)"
    _copy(
        Publication, row.pk, cases - 1,
        public_id="'bpub' || n", case_id=f"{row.case_id} + n", title=title, words=f"repeat({title}, 12)",
        published_at="published_at + n * interval '1 minute'",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy(model: type[Model], template: int, count: int, **changed: str) -> None:
    """Insert copies of a row, `n` being its number; `changed` gives expressions for some columns."""
    columns = [
        field.column for field in model._meta.concrete_fields if field.column != "id" or "id" in changed
    ]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, %s) AS n WHERE id = %s",
            [count, template],
        )


def _drop_foreign_keys(*tables: str) -> None:
    """The copies are right by construction; checking millions of keys is not what is measured."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def life(play: Play) -> int:
    """Bring a matter from its report to its end; gives the number of steps."""
    play.answer()
    good: dict[str, Any] = {"rating": {"result": "satisfied", "attitude": "satisfied"}}
    play.do("citizen_rate", good)
    play.do("deputy_rate", good)
    play.now += timedelta(minutes=1)
    return 7
