"""What can be done with a case: each service is one sentence and one transaction."""

from huiyin.cases.services.acts import (
    add_contact,
    add_progress,
    add_visit,
    confirm_contact,
    reassign,
    takes_contacts,
    takes_progress,
    takes_visits,
    urge_case,
    withdraw_case,
)
from huiyin.cases.services.batching import do_batch_row, start_batch
from huiyin.cases.services.calling import call_outside, finish_call
from huiyin.cases.services.clocks import confirm_year, extend_clock, pause_clock, resume_clock
from huiyin.cases.services.complete import complete_task
from huiyin.cases.services.consulting import (
    answer_consultation,
    ask_signer,
    pass_for_reading,
    withdraw_consultation,
)
from huiyin.cases.services.covering import colleagues, cover_posts, end_cover, posts_to_cover
from huiyin.cases.services.delivering import newest_reply, record_delivery
from huiyin.cases.services.explaining import explain_lateness, is_late
from huiyin.cases.services.hearing import may_write_down, write_down
from huiyin.cases.services.informing import finish_message, record_call, send_message, to_call
from huiyin.cases.services.marks import fire_mark
from huiyin.cases.services.mending import correct_case, retry_incident, skip_incident
from huiyin.cases.services.moving import move_case, put_back
from huiyin.cases.services.recalling import recall_task, recallable, still_held
from huiyin.cases.services.saving import drop_begun, drop_unsent, keep_begun, keep_unsent, sweep_unsent
from huiyin.cases.services.sealing_replies import may_seal, seal_reply
from huiyin.cases.services.slips import by_phone, issue_slip
from huiyin.cases.services.start import start_case
from huiyin.cases.services.supplementing import add_supplement, takes_supplements
from huiyin.cases.services.taking import give_task, return_task, take_task
from huiyin.cases.services.telling import tell_pressure
from huiyin.cases.services.together import (
    Answered,
    Outcome,
    add_progress_together,
    complete_each,
    complete_together,
    recall_each,
)
from huiyin.cases.services.wishing import wish_route

__all__ = [
    "Answered",
    "Outcome",
    "add_contact",
    "add_progress",
    "add_progress_together",
    "add_supplement",
    "add_visit",
    "answer_consultation",
    "ask_signer",
    "by_phone",
    "call_outside",
    "colleagues",
    "complete_each",
    "complete_task",
    "complete_together",
    "confirm_contact",
    "confirm_year",
    "correct_case",
    "cover_posts",
    "do_batch_row",
    "drop_begun",
    "drop_unsent",
    "end_cover",
    "explain_lateness",
    "extend_clock",
    "finish_call",
    "finish_message",
    "fire_mark",
    "give_task",
    "is_late",
    "issue_slip",
    "keep_begun",
    "keep_unsent",
    "may_seal",
    "may_write_down",
    "move_case",
    "newest_reply",
    "pass_for_reading",
    "pause_clock",
    "posts_to_cover",
    "put_back",
    "reassign",
    "recall_each",
    "recall_task",
    "recallable",
    "record_call",
    "record_delivery",
    "resume_clock",
    "retry_incident",
    "return_task",
    "seal_reply",
    "send_message",
    "skip_incident",
    "start_batch",
    "start_case",
    "still_held",
    "sweep_unsent",
    "take_task",
    "takes_contacts",
    "takes_progress",
    "takes_supplements",
    "takes_visits",
    "tell_pressure",
    "to_call",
    "urge_case",
    "wish_route",
    "withdraw_case",
    "withdraw_consultation",
    "write_down",
]
