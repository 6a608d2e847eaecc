"""How the congress's services say no."""

from huiyin.core import errors


class NoTerm(errors.Conflict):
    """No term of office is entered for the congress of %(place)s on %(day)s. Ask the platform's administrator to enter it."""


class SessionDates(errors.Invalid):
    """A session closes on or after the day it opens, within its term, and its deadline lies between."""


class SessionKnown(errors.Conflict):
    """This session is entered already."""


class NumberTaken(errors.Conflict):
    """The title “%(number)s” belongs to another matter. Two kinds of matters must not be called the same."""


class CategoryUnknown(errors.Invalid):
    """Choose a category from the list."""


class OnlyTheMover(errors.NotAllowed):
    """Only the deputy who moves this matter can do this."""


class NotACosigner(errors.NotAllowed):
    """You have not been invited to sign this matter."""


class NotADeputyHere(errors.Invalid):
    """Only deputies of the same congress can be invited to sign, and not the mover."""


class InvitedAlready(errors.Conflict):
    """%(name)s has been invited already."""


class TextChanged(errors.Conflict):
    """The text has changed since you opened it. Read it again before you sign."""


class SignedAlready(errors.Conflict):
    """You have signed this text already."""


class NotSigned(errors.Conflict):
    """There is no signature of yours on this matter that counts."""


class SigningOver(errors.Conflict):
    """This matter has its official number or is closed; nobody can be invited or sign any more."""


class TooFewSigners(errors.Conflict):
    """This matter has %(have)s of the %(need)s proposers that it needs; the mover counts as one."""


class SignersDisagree(errors.Conflict):
    """A joint matter can be withdrawn only when everyone who signed agrees; %(missing)s have not agreed yet."""


class DueTooEarly(errors.Invalid):
    """A commitment must be due on a day after today."""


class NoLeadUnit(errors.Conflict):
    """No unit leads this matter, so nobody can promise anything."""


class NotTheUnit(errors.NotAllowed):
    """Only the unit that made the commitment can report on it."""


class CommitmentClosed(errors.Conflict):
    """This commitment is kept and closed."""


class KeptAlready(errors.Conflict):
    """This commitment is reported as kept and waits for the mover's rating."""


class NotKeptYet(errors.Conflict):
    """The unit has not reported yet that this commitment is kept."""


class WordsMissing(errors.Invalid):
    """Please write a few words."""


class BallotMoved(errors.Conflict):
    """This ballot is not in the state for this any more. Please look again."""


class BallotBroken(errors.Invalid):
    """A ballot needs candidates, at least as many as places, each once; quorum and majority are fractions between 0 and 1."""


class StandsAlready(errors.Conflict):
    """“%(title)s” stands in a ballot that is not counted yet."""


class RollEmpty(errors.Conflict):
    """No deputies are entered for this congress, so nobody could vote."""


class NotOnRoll(errors.NotAllowed):
    """You are not on the roll of this ballot."""


class AlreadyVoted(errors.Conflict):
    """%(name)s has voted already; a vote is cast once."""


class UnknownCandidate(errors.Invalid):
    """There is no candidate number %(number)s on this ballot, or it is marked twice."""


class TooManyMarks(errors.Invalid):
    """You marked %(marks)s candidates for %(places)s places. Confirm to cast the vote all the same; it is then invalid."""


class PaperMismatch(errors.Invalid):
    """%(votes)s paper ballots do not fit %(voters)s voters. Count them again."""


class TooFewPapers(errors.Invalid):
    """Enter at least %(fewest)s paper ballots at once: fewer would tell who wrote them."""


class NotCounted(errors.Conflict):
    """This ballot has not been counted yet."""


class NoSheet(errors.Invalid):
    """Signatures are entered from a sheet of paper alone."""


class NoSigners(errors.Invalid):
    """Choose the deputies whose signatures the sheet bears."""


class BallotUnknown(errors.Invalid):
    """There is no such ballot in this congress."""


class BallotUndecided(errors.Conflict):
    """This ballot has not decided about the matter: it lacked a quorum, or the matter is tied and needs a runoff."""


class NotACandidate(errors.Invalid):
    """This matter is no candidate of the chosen ballot."""


class CollectionTooShort(errors.Invalid):
    """A collection is open for at least thirty days."""


class NoSuggestions(errors.Conflict):
    """Suggestions are not handled here yet. Ask the process designer to publish their process."""


class ListedAlready(errors.Conflict):
    """This matter is on the key list already."""


class DecisionMissing(errors.Invalid):
    """Name the decision of the meeting (up to 200 characters) and who leads (up to 60); the committee has up to 100."""


class DaysOutOfOrder(errors.Invalid):
    """Decision, plan and report follow each other, and none of their days lies in the future."""


class TakenOffTheList(errors.Conflict):
    """This matter was taken off the key list."""


class ReportEntered(errors.Conflict):
    """The report on this key matter is entered; nothing about it changes any more."""


class PlanFirst(errors.Conflict):
    """A report answers to a plan. Enter the plan first."""


class ConfidentialCase(errors.Conflict):
    """A confidential matter is compared with no other."""


class SameCase(errors.Invalid):
    """A matter is not compared with itself."""


class FileRefused(errors.Invalid):
    """This file cannot be imported."""


class LetterFileUnreadable(FileRefused):
    """This is no Word file that can be read here (.docx, at most 2 MB). Save it anew in Word and send it again."""


class FileUnreadable(FileRefused):
    """This is no XLSX or DOCX file that can be read here (at most 10 MB). Save it anew and send it again."""


class FileTooFull(FileRefused):
    """This file holds far more than suggestions need. Copy their text into a new file and send that."""


class FilesTooFull(FileRefused):
    """Together these files hold too much. Send them in several parts."""


class SheetTooLong(FileRefused):
    """A sheet goes beyond row %(most)s. Delete the empty rows below the suggestions and send the file again."""


class FileHasMacros(FileRefused):
    """This file carries macros. Save it without them, as .xlsx or .docx, and send it again."""


class HeadingsMissing(FileRefused):
    """No sheet has the headings 标题, 领衔代表 and 正文 within its first ten rows. Take the headings of the template."""


class NothingInFile(FileRefused):
    """There is no suggestion in this file."""


class TooManyRows(FileRefused):
    """One file may bring %(most)s suggestions. Split it and send the parts one after the other."""


class ImportStarted(errors.Conflict):
    """This import has begun already; nothing is entered twice."""


class NothingToImport(errors.Conflict):
    """No row of this file can be imported. Correct it and send it again."""


class NotASource(errors.Invalid):
    """A suggestion is drafted from matters that citizens reported and that you can see; take the others off the list."""


class TooManySources(errors.Invalid):
    """A suggestion can be drafted from at most %(most)s matters."""


class MoverNeedsNoSignature(errors.Conflict):
    """You move this matter yourself and count without signing. Let the other deputies scan the code."""


class LetterTooLarge(errors.Invalid):
    """The letter's file is larger than 2 MB. Make its pictures smaller, and send it again."""


class LetterNameUnknown(errors.Invalid):
    """“%(name)s” in the letter's braces is not a name that can be filled in. It knows %(known)s."""


class LetterWithoutBody(errors.Invalid):
    """The letter has no paragraph for the answer itself: write 正文 in double braces where it belongs."""
