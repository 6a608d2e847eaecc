"""How cases say no."""

from huiyin.core import errors


class TaskMoved(errors.Conflict):
    """Someone else has changed this task since you opened it. Your words are kept below."""


class TaskClosed(errors.Conflict):
    """This task has been completed or taken back already. Your words are kept below."""


class NotYours(errors.NotAllowed):
    """This task does not wait for you."""


class TakenByAnother(errors.Conflict):
    """%(name)s has taken this task. Ask for it to be given back first."""


class NotInUnit(errors.Invalid):
    """%(name)s does not work in the unit that this task waits for."""


class NotInside(errors.Conflict):
    """Only what waits for a unit's handlers can be given to one of them."""


class InsideDueWrong(errors.Invalid):
    """The unit's own deadline lies between today and the task's due date."""


class NotLate(errors.Conflict):
    """This task is not late; there is nothing to explain."""


class NoSlip(errors.Invalid):
    """Only a citizen's matter has a receipt."""


class NotTaken(errors.Conflict):
    """You have not taken this task."""


class CaseClosed(errors.Conflict):
    """This matter is closed; nothing can be added to it any more."""


class CannotWithdraw(errors.Conflict):
    """This matter can no longer be withdrawn: it has been answered or closed."""


class OnlyTheAsker(errors.NotAllowed):
    """Only the person who asked can do this."""


class ReasonMissing(errors.Invalid):
    """Please give a reason."""


class RuledAlready(errors.Conflict):
    """An objection to this matter has been ruled on; the ruling stands and the unit handles it."""


class UnitAssignedAlready(errors.Conflict):
    """This unit handles the matter already. Choose another one."""


class RoundOver(errors.Conflict):
    """This part belongs to an earlier round and stays as it was."""


class UnitUnknown(errors.Invalid):
    """The chosen unit does not exist or does not handle matters."""


class DeputyUnknown(errors.Invalid):
    """The chosen deputy does not represent this place."""


class CaseUnknown(errors.Invalid):
    """There is no open matter with the number “%(number)s” to merge into."""


class CannotRecall(errors.Conflict):
    """This step cannot be taken back: others were told, or a number or a decision stands."""


class RecalledTooLate(errors.Conflict):
    """The matter has gone on since; this step can no longer be taken back."""


class NotTranscribed(errors.Conflict):
    """In this process nobody's answers are entered for them."""


class NoOwnTranscription(errors.NotAllowed):
    """Who handles a matter does not enter what others say of it. Ask the congress office."""


class MoverUnknown(errors.Invalid):
    """Choose the deputy who moves it: one of this congress, in office on that day."""


class RatedAlready(errors.Conflict):
    """This round has been rated already."""


class NoOwnRating(errors.NotAllowed):
    """A unit or a person cannot rate their own answer."""


class ClockNotRunning(errors.Conflict):
    """This deadline is not running any more."""


class ExtensionBackwards(errors.Invalid):
    """An extension must end after the present due date."""


class StepFailed(errors.Conflict):
    """The process could not go on, and the matter stays as it was. The administrator has been told (incident %(incident)s)."""


class MarkFailed(errors.Conflict):
    """The deadline could not take effect: %(why)s"""

    def __init__(self, *, why: str, step_id: str) -> None:
        super().__init__(why=why)
        #: where the matter stands, for the incident
        self.step_id = step_id


class CallFailed(errors.Conflict):
    """The call could not be finished: %(why)s"""

    def __init__(self, *, why: str, step_id: str) -> None:
        super().__init__(why=why)
        #: the service task that calls, for the incident
        self.step_id = step_id


class NoFacts(errors.Invalid):
    """Write at least one fact as name = value: a text in quotes, a number, true or false, or a list of ids in brackets."""


class PlaceUnknown(errors.Invalid):
    """A matter is reported in a grid, a village or a township. Choose a place from the list."""


class NotInCalendar(errors.Conflict):
    """The calendar does not hold the year that this deadline reaches into. Ask the platform's administrator to enter it."""


class NotReceivedYet(errors.Invalid):
    """A matter cannot be received later than now."""


class NoProgressHere(errors.Conflict):
    """At this step there is no progress to report."""


class NoContactHere(errors.Conflict):
    """At this step there is no contact to record."""


class UnitMissing(errors.Invalid):
    """Choose the unit that takes it over."""


class RuleFirst(errors.Conflict):
    """The unit has objected. Rule on the objection first."""


class PartDone(errors.Conflict):
    """The unit has done its part; it cannot be given to another any more."""


class BusyElsewhere(errors.Conflict):
    """The other matter is being worked on at this moment. Please try again."""


class HasMerged(errors.Conflict):
    """Other matters were merged into this one; handle it, or merge them elsewhere first."""


class HandedOverEarly(errors.Invalid):
    """A matter cannot be handed over before it was received and accepted."""


class NoDraft(errors.Conflict):
    """There is no draft of a reply in this round yet."""


class AnsweredAlready(errors.Conflict):
    """This round has been answered already."""


class DeliveredAhead(errors.Invalid):
    """The date of delivery cannot lie in the future."""


class NoExtensionAsked(errors.Conflict):
    """No request for an extension waits for a ruling."""


class ExtensionTooLong(errors.Invalid):
    """With every extension, the answer may take until %(day)s at the longest."""


class PlanBegun(errors.Conflict):
    """Work on the plan has begun: milestones that were reached or reported on stay as they are."""


class AsksAnswered(errors.Conflict):
    """The asks of this matter are being answered already; they stay as they are."""


class NoVisitHere(errors.Conflict):
    """Matters of this kind are not visited on the spot."""


class NoClip(errors.Conflict):
    """Nothing was recorded with this matter; there is nothing to write down."""


class NothingHeard(errors.Invalid):
    """Write down what the recording says, in at most %(most)s characters."""


class NoSupplementHere(errors.Conflict):
    """Nothing can be added to matters of this kind here. Please call the station."""


class SentAlready(errors.Conflict):
    """This page was sent already, with other words. Your words are kept below; send them again to add them."""


class ObjectedTooLate(errors.Conflict):
    """The period for objections ended on %(day)s; the unit handles the matter."""


class OwnDraft(errors.NotAllowed):
    """
    You wrote this draft, and a second person must pass it. Ask a colleague of the unit, or let somebody stand in for the
    post; a unit of one person can have the checking steps switched off.
    """


class UnitUnstaffed(errors.Invalid):
    """%(unit)s has nobody in the post “%(role)s”, which this matter needs. Choose another unit, or have the post filled first."""


class AskedOneself(errors.Invalid):
    """You cannot ask yourself. Choose a colleague."""


class NobodyChosen(errors.Invalid):
    """Choose whom to ask."""


class NotBeside(errors.Invalid):
    """%(name)s works neither in the unit nor in the office that this task waits for."""


class CannotSee(errors.Conflict):
    """%(name)s cannot see this matter, and asking somebody never shows a matter to more people."""


class AskedAlready(errors.Conflict):
    """%(name)s has been asked already and has not answered yet."""


class StillToSign(errors.Conflict):
    """%(names)s has been asked to sign first. Wait for the opinion, or withdraw the request. Your words are kept below."""


class NotAsked(errors.NotAllowed):
    """This was asked of somebody else."""


class ConsultationOver(errors.Conflict):
    """This request has been answered or withdrawn, or its task is over. Your words are kept below."""


class OpinionMissing(errors.Invalid):
    """Say whether you agree; an opinion that disagrees gives its reason."""


class OnlyRead(errors.Invalid):
    """What was passed for reading is marked as read; there is nothing to agree to."""
