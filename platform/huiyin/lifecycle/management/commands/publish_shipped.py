"""`manage publish_shipped`: publish every process that the repository ships; the start of the server runs it."""

from typing import Any

from django.core.management.base import BaseCommand

from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.publish import publish


class Command(BaseCommand):
    """Publish what is shipped and not published yet."""

    help = "Publish the shipped processes in every jurisdiction; what is published already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, in each jurisdiction, what has changed."""
        for jurisdiction in Jurisdiction.objects.all():
            known = set(Definition.objects.filter(jurisdiction=jurisdiction).values_list("process", "digest"))
            for process in bundles.shipped():
                try:
                    bundle = bundles.read(process)
                    if (process, bundle.digest) in known:
                        continue
                    definition = publish(
                        bundle=bundle, jurisdiction=jurisdiction, by=None, now=time_source.now()
                    )
                except errors.Refusal as refusal:
                    # A draft that can't be published must not keep the published versions from their work.
                    self.stderr.write(
                        f"bpmn/{process}: {refusal.sentence} (manage publish {process} --check)"
                    )
                else:
                    self.stdout.write(f"published {definition} in {jurisdiction.name}")
