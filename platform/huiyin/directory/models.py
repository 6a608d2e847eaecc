"""Who there is and where: places, units, people, their posts and accounts."""

from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.directory.querysets import (
    DelegationQuerySet,
    PersonQuerySet,
    PlaceQuerySet,
    PostQuerySet,
    UnitQuerySet,
)
from huiyin.directory.roles import Role


class Jurisdiction(BaseModel):
    """A people's congress that runs its own rules; every case belongs to one."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_trial = models.BooleanField(
        default=False, help_text="Made for a replay or a trial run; not offered to citizens."
    )

    def __str__(self) -> str:
        return self.name


class Place(BaseModel):
    """A node of the one tree 省 > 市 > 县 > 乡镇(街道) > 村(社区) > 网格."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县")
        TOWN = "town", _("乡镇")
        STREET = "street", _("街道")
        VILLAGE = "village", _("村")
        COMMUNITY = "community", _("社区")
        GRID = "grid", _("网格")

    #: Where a matter may be reported: a grid, a village, or a township when nothing nearer is known.
    REPORTABLE = (Level.GRID, Level.VILLAGE, Level.COMMUNITY, Level.TOWN, Level.STREET)

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(max_length=10, choices=Level)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=300)
    pinyin = models.CharField(
        max_length=300, help_text="Sort key; the database has no collation for Chinese."
    )
    path = models.CharField(max_length=200, unique=True, help_text="Codes from the root, '/33/3308/…/'.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="place_by_path", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/", path__endswith="/"), name="place_path_is_closed_by_slashes"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        """Codes of the places it lies in, from the root down to itself."""
        return self.path.strip("/").split("/")


#: 签发: the step of a reply that a head may give to somebody alone.
ISSUE = "issue"


def reply_steps() -> list[str]:
    """All the steps that a reply may pass inside a unit before it is issued."""
    return ["check", "cosign", "review"]


class Unit(BaseModel):
    """A department, one of its 科室, a congress or government office, or a 联络站."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("部门")
        SECTION = "section", _("科室")
        CONGRESS_OFFICE = "congress_office", _("人大机构")
        GOVERNMENT_OFFICE = "government_office", _("政府办公室")
        TOWN_GOVERNMENT = "town_government", _("乡镇政府(街道办)")
        STATION = "station", _("代表联络站")

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sections")
    place = models.ForeignKey(Place, models.PROTECT, related_name="units")
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    pinyin = models.CharField(max_length=300)
    telephone = models.CharField(max_length=40, blank=True)
    reply_steps = models.JSONField(
        default=reply_steps,
        db_default=["check", "cosign", "review"],
        help_text="Which of 核稿 `check`, 会签 `cosign`, 审核 `review` its replies pass before they are issued.",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="section", parent__isnull=False)
                | (~Q(kind="section") & Q(parent__isnull=True)),
                name="a_section_and_only_a_section_belongs_to_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Term(BaseModel):
    """届: the years for which deputies are elected."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="terms")
    place = models.ForeignKey(Place, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="a_term_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")),
                name="a_term_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}第{self.number}届"


class Person(BaseModel):
    """
    Someone who acts: an official, a deputy, or a citizen who reported something.

    A citizen's `name` is masked (周**); full name and telephone are sealed in `details`.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="people")
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    details = SealedField()
    code = models.CharField(
        max_length=60, unique=True, null=True, blank=True, help_text="Code in the source it came from."
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        indexes = [models.Index(fields=["pinyin", "id"], name="person_by_pinyin")]

    def __str__(self) -> str:
        return self.name


class Post(BaseModel):
    """A person's role in a unit and a place, from–to; a person may hold several."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="posts")
    title = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(
        null=True, blank=True, help_text="The first day on which the post is no longer held."
    )

    objects = PostQuerySet.as_manager()

    @property
    def congress(self) -> Place:
        """Where a deputy's post counts: the place of its term, else its own."""
        return self.term.place if self.term else self.place

    class Meta:
        indexes = [models.Index(fields=["place", "role"], name="post_by_place_and_role")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit", "place", "from_on"],
                nulls_distinct=False,
                name="a_post_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")),
                name="a_post_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[Role.DEPUTY, Role.VILLAGE_DEPUTY], unit__isnull=True)
                | (~Q(role__in=[Role.DEPUTY, Role.VILLAGE_DEPUTY]) & Q(unit__isnull=False)),
                name="deputies_belong_to_no_unit_and_all_others_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


class Delegation(BaseModel):
    """委托代办: someone acts in another's post for a time, recorded as 'on behalf of'."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    from_on = models.DateField()
    to_on = models.DateField(help_text="The first day on which it no longer holds.")
    step = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="The one step that is given of the post (签发 alone); empty: all of it.",
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="a_delegation_ends_after_it_begins"
            )
        ]

    @property
    def last_on(self) -> date:
        """The last day on which it holds, as people say it."""
        return self.to_on - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.to} 代 {self.post}"


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by the directory's services; `createsuperuser` is not offered."""

    def get_by_natural_key(self, username: str) -> "Account":
        """Find an account by the name that is typed at sign-in."""
        return self.get(username=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """How a person signs in."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(
        default=False, help_text="Signs in only where the data directory was made as a demo."
    )

    objects = AccountManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username
