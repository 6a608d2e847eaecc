"""The row of a version."""

from __future__ import annotations

import json
from datetime import datetime

from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle.bundle import Bundle


def store(
    bundle: Bundle, jurisdiction: Jurisdiction, *, version: int, by: Actor | None, now: datetime
) -> Definition:
    """Write the row of a version."""
    return Definition.objects.create(
        jurisdiction=jurisdiction,
        process=bundle.process,
        version=version,
        name=bundle.name["zh"],
        number_prefix=bundle.number_prefix,
        digest=bundle.digest,
        diagram=bundle.diagram,
        forms=json.dumps(bundle.forms, ensure_ascii=False),
        tables=bundle.tables,
        called=json.dumps({name: text.decode() for name, text in bundle.called.items()}, ensure_ascii=False),
        starters=list(bundle.starters),
        levels=[str(level) for level in bundle.levels],
        stages=bundle.stages,
        published_at=now,
        published_by_id=by.person.pk if by and by.person else None,
    )
