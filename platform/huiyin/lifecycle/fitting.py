"""
Whether a diagram's steps fit what stands around them: forms, addresses, rules, stages, messages.

What only shows in the whole (a form that nobody uses, a deadline that nobody meets) is told only of a diagram that
could be read completely: `whole` is False while the engine still has findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from django.conf import settings

from huiyin import engine
from huiyin.cases import undoing
from huiyin.cases.connectors import CONNECTORS
from huiyin.cases.deadlines import CONTACT
from huiyin.directory import addresses
from huiyin.forms.document import Document
from huiyin.lifecycle.findings import finding
from huiyin.rules.models import Profile, Rule

#: A form that every process with `progress` notes ships; no task names it.
STANDING_FORMS = frozenset({"progress"})
#: Forms that a process may ship for what is done beside its tasks.
OPTIONAL_FORMS = frozenset({"visit", "transcription", "contact", "supplement"})
#: What the clocks may send is what the profile's marks name; what people may send beside tasks is this.
ACTS = frozenset({"withdraw", "signatures.short"})


@dataclass(frozen=True)
class Fitting:
    """The steps of a diagram among the forms and stages of its bundle and the rules of a profile."""

    steps: Mapping[str, engine.Step]
    forms: Collection[str]  # every form of the bundle, the broken ones too
    documents: Mapping[str, Document]
    stages: Collection[str]
    profile: Profile
    whole: bool

    def findings(self) -> Iterator[engine.Finding]:
        """Everything that does not fit."""
        yield from self._standing_forms()
        for step in self.steps.values():
            yield from self._form(step)
            yield from self._address(step)
            yield from self._recall(step)
            yield from self._connector(step)
            yield from self._rules(step)
            yield from self._stage(step)
        yield from self._messages()
        if self.whole:
            yield from self._unused_forms()
            yield from self._never_met()

    def _standing_forms(self) -> Iterator[engine.Finding]:
        for name in sorted(STANDING_FORMS - set(self.forms)):
            yield finding("no-standing-form", form=name)

    def _form(self, step: engine.Step) -> Iterator[engine.Finding]:
        form = step.props.get("form")
        if form is None or (step.kind == "userTask" and not form.strip()):
            return  # a task without any is the engine's finding
        if form not in self.forms:
            yield finding("no-form", step.id, step=step.name, form=form)

    def _unused_forms(self) -> Iterator[engine.Finding]:
        used = {step.props.get("form") for step in self.steps.values()} | STANDING_FORMS | OPTIONAL_FORMS
        for name in sorted(set(self.forms) - used):
            yield finding("unused-form", form=name)

    def _address(self, step: engine.Step) -> Iterator[engine.Finding]:
        # A service task that tells people names them by an address too.
        address = step.props.get("to" if step.props.get("connector") == "notice" else "address", "")
        if not address.strip():
            return
        try:
            found = addresses.parse(address)
        except addresses.UnknownAddress:
            yield finding("unknown-address", step.id, step=step.name, address=address)
            return
        named = found.name if found.kind == "completer" else found.other_than
        if self.whole and named and named not in self.steps:
            yield finding("unknown-completer", step.id, name=named)

    def _recall(self, step: engine.Step) -> Iterator[engine.Finding]:
        until = step.props.get("recall_until")
        if until is None:
            return
        if self.whole and (until not in self.steps or self.steps[until].kind != "userTask"):
            yield finding("unknown-until", step.id, step=step.name, name=until)
        document = self.documents.get(step.props.get("form", ""))
        if document is not None and not undoing.is_recallable(document):
            yield finding("never-recalled", step.id, step=step.name)

    def _connector(self, step: engine.Step) -> Iterator[engine.Finding]:
        name = step.props.get("connector", "").strip()
        if not name:
            return
        connector = CONNECTORS.get(name)
        if connector is None:
            yield finding(
                "unknown-connector", step.id, step=step.name, connector=name, known=", ".join(CONNECTORS)
            )
            return
        for missing in [needed for needed in connector.needs if not step.props.get(needed, "").strip()]:
            yield finding("connector-needs", step.id, step=step.name, connector=name, name=missing)
        to = step.props.get("to", "")
        if to and connector.endpoint and connector.endpoint not in settings.ENDPOINTS.get(to, {}):
            yield finding("unknown-endpoint", step.id, step=step.name, endpoint=to)

    def _rules(self, step: engine.Step) -> Iterator[engine.Finding]:
        named = " ".join(step.props.get(key, "") for key in ("rule", "starts", "meets", "looks_up")).split()
        certain = {code for code in named if not code.startswith("*.") and not code.endswith("?")}
        for code in sorted(certain - set(self.rules)):
            yield finding("unknown-rule", step.id, profile=self.profile.name, rule=code)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The profile's rules by code."""
        return {rule.code: rule for rule in Rule.objects.filter(profile=self.profile)}

    def _never_met(self) -> Iterator[engine.Finding]:
        """
        A deadline of the whole case that begins somewhere is met somewhere, else it runs to its end in every case.

        The record of a contact meets the rules that wait for one; for it a form must ask.
        """
        records_contact = any("contact" in document.kinds for document in self.documents.values())
        met = " ".join(step.props.get("meets", "") for step in self.steps.values()).split()
        for step in self.steps.values():
            for code in _starting(step):
                if records_contact and code.endswith(CONTACT):
                    continue
                if not any(fnmatchcase(code, pattern) for pattern in met):
                    yield finding("never-met", step.id, rule=code, step=step.name)

    def _stage(self, step: engine.Step) -> Iterator[engine.Finding]:
        stage = step.props.get("stage")
        if stage is not None and stage not in self.stages:
            yield finding("unknown-stage", step.id, stage=stage)

    def _messages(self) -> Iterator[engine.Finding]:
        """Both sides of a message: what a mark sends is caught, what is caught is sent."""
        rules = self.rules
        caught = {step.message for step in self.steps.values() if step.message}
        sent = set(ACTS)
        for step in self.steps.values():
            for code in [*step.props.get("rule", "").split(), *_starting(step)]:
                messages = [mark.get("message") for mark in rules[code].marks] if code in rules else []
                sent.update(message for message in messages if message)
                for message in messages:
                    if message and message not in caught and self.whole:
                        yield finding("message-not-caught", step.id, rule=code, message=message)
        for step in self.steps.values():
            if self.whole and step.message and step.message not in sent:
                yield finding("message-not-sent", step.id, message=step.message)


def _starting(step: engine.Step) -> list[str]:
    return step.props.get("starts", "").replace("?", "").split()
