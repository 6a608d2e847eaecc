"""Publish a bundle: check everything, run its scenarios, store one immutable row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin import engine
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction
from huiyin.history import services as history
from huiyin.lifecycle import gate
from huiyin.lifecycle.bundle import Bundle
from huiyin.lifecycle.storing import store
from huiyin.rules import selectors as rules


def examine(*, bundle: Bundle, jurisdiction: Jurisdiction, now: datetime) -> list[engine.Finding]:
    """Everything that stands against publishing a bundle in a jurisdiction; nothing is kept."""
    return gate.examine(bundle, rules.profile_in_force(jurisdiction, time_source.day_of(now)))


@transaction.atomic
def publish(*, bundle: Bundle, jurisdiction: Jurisdiction, by: Actor | None, now: datetime) -> Definition:
    """
    Publish a bundle; the same content again returns the version it is already. `by` is None for what the system ships.

    :raises NotYourAct: without the right to publish
    :raises gate.GateClosed: with every finding, the scenarios that do not end as they say among them
    """
    if by is not None:
        by.require("definition.publish")
    Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    known = Definition.objects.filter(
        jurisdiction=jurisdiction, process=bundle.process, digest=bundle.digest
    ).first()
    if known is not None:
        return known
    findings = examine(bundle=bundle, jurisdiction=jurisdiction, now=now)
    if findings:
        raise gate.GateClosed(findings)
    newest = Definition.objects.newest(jurisdiction, bundle.process).first()
    definition = store(bundle, jurisdiction, version=newest.version + 1 if newest else 1, by=by, now=now)
    history.record(
        subject_kind="definition",
        subject_id=definition.pk,
        lines=[
            history.Line(
                "definition_published",
                {"name": definition.name, "version": definition.version, "digest": bundle.digest},
            )
        ],
        by_id=by.person.pk if by and by.person else None,
        at=now,
    )
    return definition
