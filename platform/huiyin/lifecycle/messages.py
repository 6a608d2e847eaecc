"""Read a file of published messages with their official replies, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from django.utils import timezone

FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S")


class BrokenLine(Exception):
    """A line that can't be replayed; the message says why, without quoting the line."""


@dataclass(frozen=True)
class Message:
    """A message as it was published, with its reply."""

    number: str
    user: str
    title: str
    words: str
    reply: str
    received_at: datetime
    replied_at: datetime


def read(line: str) -> Message:
    """
    Read a line of the file.

    :raises BrokenLine: if it is no JSON object, lacks a field, or has a time that can't be read
    """
    try:
        row = json.loads(line)
        received, replied = _moment(str(row["留言时间"])), _moment(str(row["答复时间"]))
        message = Message(
            number=str(row["留言编号"]),
            user=str(row["留言用户"]),
            title=str(row["留言主题"]).strip(),
            words=str(row["留言详情"]).strip(),
            reply=str(row["答复意见"]).strip(),
            received_at=received,
            replied_at=max(received, replied),
        )
    except json.JSONDecodeError as error:
        raise BrokenLine("not JSON") from error
    except (KeyError, TypeError) as error:
        raise BrokenLine(f"the field {error} is missing") from error
    if not message.words or not message.reply:
        raise BrokenLine("message or reply is empty")
    return message


def _moment(text: str) -> datetime:
    for known in FORMATS:
        try:
            return timezone.make_aware(datetime.strptime(text.strip(), known))  # noqa: DTZ007  made aware at once
        except ValueError:
            continue
    try:
        # A bare day: the end of that office day.
        day = datetime.strptime(text.strip(), "%Y/%m/%d")  # noqa: DTZ007  made aware at once
        return timezone.make_aware(datetime.combine(day, time(17, 30)))
    except ValueError as error:
        raise BrokenLine("a time can't be read") from error


def lines(path: Path, limit: int | None) -> Iterator[tuple[int, str]]:
    """Numbered lines of a file that are not blank."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for count, line in enumerate(file, 1):
            if limit is not None and count > limit:
                return
            if line.strip():
                yield count, line
