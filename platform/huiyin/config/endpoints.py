"""Where service tasks may call: named by the operator, never by a diagram."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KINDS = frozenset({"url", "mail", "secret"})


def read(path: str | None) -> dict[str, dict[str, str]]:
    """
    The endpoints in a JSON file: `{"name": {"url": "https://…", "secret": "…"}, "other": {"mail": "office@…"}}`.

    :raises ImproperlyConfigured: if the file is none
    """
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        wrong = [name for name, about in found.items() if not about.keys() <= KINDS or not _is_whole(about)]
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ImproperlyConfigured(f"HUIYIN_ENDPOINTS: {path}: {error}") from error
    if wrong:
        raise ImproperlyConfigured(
            f"HUIYIN_ENDPOINTS: {', '.join(wrong)}: each needs `url` (http or https) and `secret`, or `mail`"
        )
    return dict(found)


def _is_whole(about: dict[str, Any]) -> bool:
    if "mail" in about:
        return "@" in about["mail"]
    url = urlsplit(about.get("url", ""))
    return url.scheme in ("http", "https") and bool(url.hostname) and bool(about.get("secret"))


def mail_server(url: str | None) -> dict[str, Any]:
    """
    Django's settings for `smtp://user:password@host:port` (`smtps` for TLS from the start); none without it.

    :raises ImproperlyConfigured: if it is of another scheme
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("HUIYIN_SMTP: smtp://user:password@host:port")
    is_tls = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
    }
