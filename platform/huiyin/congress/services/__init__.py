"""What can be done in a congress: each service is one sentence and one transaction."""

from huiyin.congress.services.ballots import (
    cast,
    close_and_count,
    enter_paper_votes,
    open_ballot,
    recount_file,
)
from huiyin.congress.services.commitments import rate_commitment, remind_commitment, report_kept
from huiyin.congress.services.drafting import draft_suggestion, tell_answer, tell_source
from huiyin.congress.services.importing import discard_import, import_row, prepare_import, start_import
from huiyin.congress.services.key_cases import (
    delist_key_case,
    list_key_case,
    plan_key_case,
    report_key_case,
)
from huiyin.congress.services.linking import compare_cases
from huiyin.congress.services.preparing import discard_ballot, prepare_ballot
from huiyin.congress.services.sessions import announce_collection, enter_session, session_in_force
from huiyin.congress.services.signatures import (
    agree_to_withdraw,
    decline,
    invite_cosigners,
    join,
    sign,
    withdraw_signature,
)
from huiyin.congress.services.transcribing import enter_signatures

__all__ = [
    "agree_to_withdraw",
    "announce_collection",
    "cast",
    "close_and_count",
    "compare_cases",
    "decline",
    "delist_key_case",
    "discard_ballot",
    "discard_import",
    "draft_suggestion",
    "enter_paper_votes",
    "enter_session",
    "enter_signatures",
    "import_row",
    "invite_cosigners",
    "join",
    "list_key_case",
    "open_ballot",
    "plan_key_case",
    "prepare_ballot",
    "prepare_import",
    "rate_commitment",
    "recount_file",
    "remind_commitment",
    "report_kept",
    "report_key_case",
    "session_in_force",
    "sign",
    "start_import",
    "tell_answer",
    "tell_source",
    "withdraw_signature",
]
