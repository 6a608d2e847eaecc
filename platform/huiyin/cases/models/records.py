"""What people wrote for the record: progress, contact, replies, ratings, objections."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.case import Case
from huiyin.cases.models.work import Assignment, Task
from huiyin.cases.querysets import OfCaseQuerySet, PressureQuerySet
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.directory.models import Person, Unit


class Record(BaseModel):
    """Written by someone at a moment, in a round of a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)s_rows")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["at", "id"]


class ProgressNote(Record):
    """A unit's report with words and photos; the task stays open."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    milestone = models.ForeignKey(
        "cases.Milestone", models.PROTECT, null=True, blank=True, related_name="notes"
    )
    stage = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    key = models.CharField(
        max_length=64, null=True, blank=True, help_text="The idempotency key of the request."
    )

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="a_request_notes_progress_once")]

    def __str__(self) -> str:
        return f"{self.stage} {self.at:%Y-%m-%d}"


class Pressure(Record):
    """有人劝我改评价: what a rater tells the congress in private; no unit ever sees it."""

    words = models.TextField(blank=True)

    objects = PressureQuerySet.as_manager()

    class Meta(Record.Meta):
        pass

    def __str__(self) -> str:
        return f"pressure told by {self.by_id}"


class RouteWish(Record):
    """代表意见: by which way the deputy to whom a citizen turned would have the matter handled; the office decides."""

    route = models.CharField(max_length=20, help_text="An option of the field `route` of the process.")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "by"], name="a_deputy_wishes_one_route_for_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.route} for {self.case_id}"


class DelayNote(Record):
    """超期说明: why a task is late, in the words of those who owe it; supervisors read it beside the task."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False) & ~Q(text=""), name="a_delay_note_says_why_a_task_is_late"
            )
        ]
        indexes = [models.Index(fields=["task", "at"], name="delay_note_by_task")]

    def __str__(self) -> str:
        return f"why task {self.task_id} is late"


class Contact(Record):
    """面商(沟通)记录: the unit says it spoke with the asker; the asker says whether it did."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门")
        MEETING = "meeting", _("座谈")
        MESSAGE = "message", _("书面或短信")

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    on = models.DateField()
    text = models.TextField()
    confirmed = models.BooleanField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.way} {self.on}"


class Reply(Record):
    """The answer of a round, with its result kind (A 已解决, B 正在解决, C 列入计划, D 留作参考)."""

    class Result(models.TextChoices):
        DONE = "done", _("已解决")
        DOING = "doing", _("正在解决")
        PLANNED = "planned", _("列入计划")
        NOTED = "noted", _("留作参考")

    class Way(models.TextChoices):
        SITE = "site", _("站内送达")
        PAPER = "paper", _("纸质送达")
        MEETING = "meeting", _("当面送达")

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    draft = models.ForeignKey(
        "cases.ReplyDraft", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    document_number = models.CharField(max_length=80, blank=True, default="", db_default="")
    delivered_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way, blank=True, default="", db_default="")
    result = models.CharField(max_length=10, choices=Result)
    text = models.TextField()
    signed_by = models.CharField(max_length=60, blank=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="a_round_has_one_reply")]

    def __str__(self) -> str:
        return f"{self.result} {self.at:%Y-%m-%d}"


class Delivery(Record):
    """送达: an answer was given to somebody without a telephone; to whom is read by the offices alone."""

    class Way(models.TextChoices):
        HAND = "hand", _("当面交付")
        POST = "post", _("邮寄")
        PHONE = "phone", _("电话告知")

    on = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    sealed = SealedField(help_text="To whom it was given, in words.")

    def __str__(self) -> str:
        return f"{self.way} {self.on}"


class Rating(Record):
    """What the asker or the deputy thinks of a round's reply."""

    class Scale(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        BASIC = "basic", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    class Rater(models.TextChoices):
        CITIZEN = "citizen", _("群众")
        DEPUTY = "deputy", _("代表")

    rater = models.CharField(max_length=10, choices=Rater)
    result = models.CharField(max_length=15, choices=Scale)
    attitude = models.CharField(max_length=15, choices=Scale, blank=True)
    words = models.TextField(blank=True)
    late = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "rater"], name="each_side_rates_a_round_once")
        ]

    def __str__(self) -> str:
        return f"{self.rater} {self.result}"


class Transcription(Record):
    """代录: what somebody sent on paper or said, in person or on the telephone; an office enters it with its day and proof."""

    class Way(models.TextChoices):
        PAPER = "paper", _("纸质")
        PHONE = "phone", _("电话")
        VISIT = "visit", _("来访")
        FILE = "file", _("文件导入")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="Whose words they are.")
    way = models.CharField(max_length=10, choices=Way)
    received_on = models.DateField(help_text="Clocks count from this day, not from the day of entry.")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(way__in=["phone", "visit"]) | ~Q(note=""), name="what_was_said_is_noted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.received_on}"


class Recall(Record):
    """收回: a completion that was taken back while it could be, with the words it had."""

    step_id = models.CharField(
        max_length=100, help_text="The step whose words these are: the task's own, or one taken back with it."
    )
    done_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    answers = models.JSONField()
    sealed = SealedField()

    def __str__(self) -> str:
        return f"recall of {self.task_id}"


class Supplement(Record):
    """补充: what the one who asked added to an open matter; its photos hang on it."""

    text = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_supplement_says_something")]

    def __str__(self) -> str:
        return f"supplement of {self.case_id}"


class Hearing(Record):
    """听写: what somebody heard in the clip of a matter; the newest is shown, and the clip stays the original."""

    text = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_hearing_says_something")]

    def __str__(self) -> str:
        return f"hearing of {self.case_id}"


class Objection(Record):
    """提出异议: a unit says the matter is not its own; ruled once, and the ruling stands for this unit."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="objections")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="The unit that objected.")
    reason = models.TextField()
    suggested = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    upheld = models.BooleanField(null=True, blank=True)
    ruling = models.TextField(blank=True)
    ruled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(upheld__isnull=True, ruled_at__isnull=True)
                | Q(upheld__isnull=False, ruled_at__isnull=False),
                name="a_ruling_has_its_moment",
            ),
            # 潍坊 §22: never again after a ruling; the unit that takes the part over may object once itself.
            models.UniqueConstraint(fields=["assignment", "unit"], name="a_unit_objects_to_its_part_once"),
        ]

    def __str__(self) -> str:
        return f"objection of {self.unit_id}"
