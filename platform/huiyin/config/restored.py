"""`python -m huiyin.config.restored DATABASE MEDIA`: what a restored database holds, as JSON, and what is wrong with it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django
from django.conf import settings


def main(database: str, media: str) -> None:
    """Look at every chain and every attachment."""
    settings.DATABASES["default"]["NAME"] = database
    settings.MEDIA_ROOT = media
    django.setup()
    from django.db import connection

    from huiyin.config import backups
    from huiyin.files.models import Attachment
    from huiyin.history import selectors

    faults = [f"{fault.subject} entry {fault.seq}: {fault.what}" for fault in selectors.faults()]
    attachments = 0
    for attachment in Attachment.objects.exclude(committed_at=None).iterator():
        attachments += 1
        path = Path(media) / attachment.file.name
        if not path.is_file():
            faults.append(f"{attachment.file.name}: the file is missing")
        elif backups.digest_of(path) != attachment.sha256:
            faults.append(f"{attachment.file.name}: the file is another one")
    with connection.cursor() as cursor:
        counts, anchor = backups.counts(cursor), backups.newest_anchor(cursor)
    found = {"faults": faults, "attachments": attachments, "counts": counts, "anchor": anchor}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:3])
