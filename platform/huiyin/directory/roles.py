"""The roles of a people's congress and what each may do: the one policy table (domain: who uses it)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in a post; citizens hold no post."""

    DEPUTY = "deputy", _("代表")
    VILLAGE_DEPUTY = "village_deputy", _("村民代表")
    STATION = "station", _("联络站")
    CONGRESS_OFFICE = "congress_office", _("人大审查交办")
    GOVERNMENT_OFFICE = "government_office", _("政府分办")
    HANDLER = "handler", _("承办人")
    UNIT_HEAD = "unit_head", _("单位负责人")
    SUPERVISOR = "supervisor", _("督办")
    DESIGNER = "designer", _("流程设计")
    ADMIN = "admin", _("平台管理")

    @property
    def office(self) -> str:
        """What people call the office of a place that holds it: 人大, 政府; the others go by the role's name."""
        return str(_OFFICES.get(self, self.label))


_OFFICES = {Role.CONGRESS_OFFICE: _("人大"), Role.GOVERNMENT_OFFICE: _("政府"), Role.SUPERVISOR: _("人大")}


#: Roles that see every matter of their place and below it.
OVERSEEING = frozenset({Role.CONGRESS_OFFICE, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR, Role.STATION})
#: Roles that see the matters of their unit and of its sub-units.
UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_HEAD})
#: Matters with an exit of their own (举报, 涉法涉诉) are seen by these alone, besides the one who asked.
CONFIDENTIAL = frozenset({Role.CONGRESS_OFFICE})

#: act -> roles that may do it on a case they can see. Tasks need no row here: their address says who.
POLICY: dict[str, frozenset[Role]] = {
    "case.start_for_others": frozenset(
        {Role.STATION, Role.CONGRESS_OFFICE, Role.DEPUTY, Role.VILLAGE_DEPUTY}
    ),
    # A deputy's paper is entered by the congress office alone, a citizen's at the station's counter too.
    "case.transcribe": frozenset({Role.STATION, Role.CONGRESS_OFFICE}),
    "case.transcribe_deputy": frozenset({Role.CONGRESS_OFFICE}),
    # 送达: an answer on paper is given at the counter.
    "case.deliver": frozenset({Role.STATION, Role.CONGRESS_OFFICE}),
    "template.keep": UNIT_ROLES,
    "case.urge": frozenset({Role.SUPERVISOR, Role.CONGRESS_OFFICE, Role.GOVERNMENT_OFFICE}),
    "case.reassign": frozenset({Role.CONGRESS_OFFICE, Role.GOVERNMENT_OFFICE}),
    "case.compare": frozenset({Role.CONGRESS_OFFICE, Role.GOVERNMENT_OFFICE}),
    "case.list_key": frozenset({Role.CONGRESS_OFFICE}),
    "case.oversee_key": frozenset({Role.CONGRESS_OFFICE, Role.SUPERVISOR}),
    "case.visit": frozenset({Role.DEPUTY, Role.SUPERVISOR}),
    "pressure.read": frozenset({Role.CONGRESS_OFFICE, Role.SUPERVISOR}),
    "answer.publish": frozenset({Role.CONGRESS_OFFICE}),
    "code.print": frozenset({Role.STATION, Role.CONGRESS_OFFICE}),
    "clock.extend": frozenset({Role.CONGRESS_OFFICE}),
    "clock.pause": frozenset({Role.CONGRESS_OFFICE}),
    "board.overdue": frozenset(
        {Role.SUPERVISOR, Role.CONGRESS_OFFICE, Role.GOVERNMENT_OFFICE, Role.UNIT_HEAD}
    ),
    "congress.session": frozenset({Role.CONGRESS_OFFICE}),
    "congress.ballot": frozenset({Role.CONGRESS_OFFICE}),
    "congress.collection": frozenset({Role.CONGRESS_OFFICE}),
    "ballot.cast": frozenset({Role.DEPUTY}),
    "calendar.confirm": frozenset({Role.ADMIN}),
    "definition.publish": frozenset({Role.DESIGNER}),
    "definition.migrate": frozenset({Role.DESIGNER, Role.ADMIN}),
    "incident.resolve": frozenset({Role.ADMIN}),
}
