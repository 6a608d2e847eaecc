"""Calls that leave the house: to endpoints that the operator has named, bounded in time and size, without a person's words."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from huiyin.cases import errors

#: A whole call takes no longer, in seconds; an answer is no longer, in bytes.
LIMIT, MOST_BYTES = 10.0, 64 * 1024
MOST_CHARACTERS = 60


@dataclass(frozen=True)
class Call:
    """What the other side is told: which case stands where. It asks the API for more, with rights of its own."""

    to: str
    number: str
    process: str
    step: str
    name: str
    round: int
    key: str


class SendFailed(Exception):
    """The other side did not take what was sent; `why` holds no words of a person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def endpoint(name: str, kind: str) -> str:
    """
    The address that the operator has given an endpoint.

    :raises SendFailed: if there is none of this name and kind
    """
    found = settings.ENDPOINTS.get(name, {}).get(kind)
    if not found:
        raise SendFailed(f"no endpoint “{name}” with “{kind}” in HUIYIN_ENDPOINTS")
    return str(found)


def post(call: Call) -> str:
    """
    POST a call as JSON and give the `result` of its answer.

    :raises CallFailed: for anything but 2xx within the limit
    """
    said = {name: value for name, value in asdict(call).items() if name != "to"}
    try:
        return _result_in(send(call.to, said, call.key))
    except SendFailed as error:
        raise errors.CallFailed(why=error.why, step_id=call.step) from error


def send(name: str, said: Mapping[str, object], key: str) -> bytes:
    """
    POST something as JSON to an endpoint, signed with its secret (HMAC-SHA256 of the body), and give what it answers.

    :raises SendFailed: for anything but 2xx within the limit
    """
    url = urlsplit(endpoint(name, "url"))
    body = json.dumps(said).encode()
    secret = str(settings.ENDPOINTS[name].get("secret", "")).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Huiyin-Signature": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
    }
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    wire = kind(url.hostname or "", url.port, timeout=LIMIT)
    # The socket's own time-out begins anew with every byte: a server that drips would hold the worker.
    watch = threading.Timer(LIMIT, _cut, [wire])
    watch.start()
    try:
        wire.request("POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), body, headers)
        response = wire.getresponse()
        answer = response.read(MOST_BYTES)
    except (OSError, HTTPException) as error:
        raise SendFailed(type(error).__name__) from error
    finally:
        watch.cancel()
        wire.close()
    if not 200 <= response.status < 300:
        raise SendFailed(f"HTTP {response.status}")
    return answer


def _cut(wire: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # it has ended meanwhile, or has not begun
        wire.sock.shutdown(socket.SHUT_RDWR)


def _result_in(answer: bytes) -> str:
    """The text under `result` of a JSON answer; “done” for every other answer."""
    try:
        said = json.loads(answer)
    except ValueError:
        return "done"
    found = said.get("result") if isinstance(said, dict) else None
    return found if isinstance(found, str) and 0 < len(found) <= MOST_CHARACTERS else "done"


def mail(call: Call) -> str:
    """
    Mail a call to an endpoint's mailbox: number, step and round; the Message-ID is made of the key.

    :raises CallFailed: if the mail server does not take it
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message = EmailMessage(
        subject=f"{call.number} {call.name}",
        body=f"{call.number}\n{call.name} ({call.round})\n",
        headers={"Message-ID": f"<{call.key}@{domain}>"},
    )
    try:
        message.to = [endpoint(call.to, "mail")]
        message.send()
    except SendFailed as error:
        raise errors.CallFailed(why=error.why, step_id=call.step) from error
    except (OSError, SMTPException) as error:
        raise errors.CallFailed(why=type(error).__name__, step_id=call.step) from error
    return "done"
