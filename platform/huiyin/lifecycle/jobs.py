"""Cases on their way to another version, one by one."""

from huiyin.core import time_source
from huiyin.jobs.registry import job
from huiyin.lifecycle import migrating
from huiyin.lifecycle.models import Move


@job("lifecycle.move_case")
def move_case(*, move_id: int, **_: object) -> None:
    """Move one case of a batch; safe to run twice."""
    migrating.move_one(move=Move.objects.get(pk=move_id), now=time_source.now())


@job("lifecycle.return_case")
def return_case(*, move_id: int, **_: object) -> None:
    """Take one case of a batch back; safe to run twice."""
    migrating.return_one(move=Move.objects.get(pk=move_id), now=time_source.now())
