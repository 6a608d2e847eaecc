"""
What the gate proves of the ends: nobody's matter ends without what it is owed.

`answered` and `unrated` come only after a reply, and after the last one comes a chance to rate it; every other outcome
comes only with a reason, given in the last step before the matter closes, because the notice of the end tells it. A
task with `after_close` closes the matter when it opens, so the same holds there; the notice has told the reason then,
and what lapses later (the time in which the asker could answer) takes nothing of it away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huiyin import engine
from huiyin.forms.document import Document
from huiyin.history import words
from huiyin.lifecycle.findings import finding

NOTICE = "notice_closed_"
RATED = frozenset({"answered", "unrated"})
#: Field kinds that give those who asked an answer, at once or by delivering what was issued.
REPLIES = frozenset({"reply", "delivery"})
#: Field kinds by which an answer is judged: by those who asked, or by a measured vote.
RATINGS = frozenset({"rating", "tally"})
REASON = "reason"
#: Acts beside the tasks that take a reason.
REASONED_ACTS = frozenset({"withdraw"})

UNANSWERED, REPLIED, RATEABLE = range(3)
UNEXPLAINED, EXPLAINED = range(2)
GIVEN, TAKEN = {UNEXPLAINED: EXPLAINED}, {EXPLAINED: UNEXPLAINED}


def check(process: engine.Process, documents: Mapping[str, Document]) -> list[engine.Finding]:
    """Every end, and every closing, that can be reached without what it owes."""
    steps = process.steps
    outcomes = {name: outcome for name, step in steps.items() if (outcome := _outcome(step))}
    closing = [name for name in outcomes if steps[name].kind == "userTask"]
    found = list(_unknown(outcomes))
    try:
        answering = engine.arrivals(steps, process.flows, _answering(steps, documents), closing)
        owing = [name for name, outcome in outcomes.items() if outcome not in RATED]
        reasons = _reasoning(process, documents, owing)
        reasoning = engine.arrivals(steps, process.flows, reasons, closing)
    except engine.TooEntangled as entangled:
        return [*found, entangled.finding]
    found += [_owed(one, outcomes[one.step]) for one in answering if _is_owed(one, outcomes[one.step])]
    found += [
        finding("no-reason", one.step, outcome=outcomes[one.step], path=one.path)
        for one in reasoning
        if outcomes[one.step] not in RATED and one.state == UNEXPLAINED
    ]
    return found


def _outcome(step: engine.Step) -> str:
    """What a step closes the matter with; an end of a sub-process closes nothing."""
    if step.kind == "userTask":
        return step.props.get("after_close", "")
    return step.props.get("outcome", "") if step.parent is None else ""


def _unknown(outcomes: Mapping[str, str]) -> Iterator[engine.Finding]:
    kinds = words.kinds("zh") & words.kinds("en")
    known = sorted(kind.removeprefix(NOTICE) for kind in kinds if kind.startswith(NOTICE))
    for name, outcome in outcomes.items():
        if outcome not in known:
            yield finding("unknown-outcome", name, outcome=outcome, known="、".join(known))


def _is_owed(arrival: engine.Arrival, outcome: str) -> bool:
    return outcome in RATED and arrival.state != RATEABLE


def _owed(arrival: engine.Arrival, outcome: str) -> engine.Finding:
    code = "no-reply" if arrival.state == UNANSWERED else "no-rating-chance"
    return finding(code, arrival.step, outcome=outcome, path=arrival.path)


def _answering(steps: Mapping[str, engine.Step], documents: Mapping[str, Document]) -> engine.Events:
    """A reply takes the chance to rate away until it has been given again."""
    done = {name: {UNANSWERED: REPLIED, RATEABLE: REPLIED} for name in _with(steps, documents, REPLIES, True)}
    waited = {name: {REPLIED: RATEABLE} for name in _with(steps, documents, RATINGS, False)}
    return engine.Events(done=done, waited=waited)


def _with(
    steps: Mapping[str, engine.Step], documents: Mapping[str, Document], kinds: frozenset[str], required: bool
) -> Iterator[str]:
    """The tasks whose form has a field of such a kind; a rating need not be given, a reply must."""
    for name, step in steps.items():
        if step.kind != "userTask":
            continue
        fields = documents[step.props["form"]].fields.values()
        if any(field.kind.name in kinds and (field.required or not required) for field in fields):
            yield name


def _reasoning(process: engine.Process, documents: Mapping[str, Document], owing: list[str]) -> engine.Events:
    """The reason is that of the last step before the closing: only those that can be the last need to be followed."""
    changes: dict[str, engine.Change] = {}
    for name, step in process.steps.items():
        if step.kind == "userTask":
            if asks_reason(documents[step.props["form"]]):
                changes[name] = GIVEN
            elif "after_close" not in step.props:
                changes[name] = TAKEN
        elif step.kind == "boundaryEvent" and not _closed_with_reason(
            process.steps.get(step.attached_to or "")
        ):
            changes[name] = GIVEN if step.message in REASONED_ACTS else TAKEN
    last = engine.last_before(process.steps, process.flows, owing, changes)
    followed = {name: change for name, change in changes.items() if name in last}
    return engine.Events(done=followed, caught=followed)


def _closed_with_reason(step: engine.Step | None) -> bool:
    """Whether a step waits on a matter that closed with another outcome than an answer: its reason has been told."""
    return step is not None and step.props.get("after_close", "") not in {"", *RATED}


def asks_reason(document: Document) -> bool:
    """Whether a form requires a reason, always or where another answer makes it due."""
    field = document.fields.get(REASON)
    if field is None or field.ui.get("sensitive"):
        return False
    rules = document.schema.get("allOf", [])
    return field.required or any(REASON in rule.get("then", {}).get("required", []) for rule in rules)
