"""Read a JSON body within limits: what cannot be stored is refused here, not by the database."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class BoundedJson(BaseParser):
    """JSON in UTF-8 of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes, as RFC 8259 has it: no NaN, no half characters."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Parse a body.

        :raises RequestDataTooBig: if it is too long (REST framework's own parser has no limit)
        :raises ParseError: if it is no JSON, is nested too deeply, or has characters that no text can hold
        """
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig
        try:
            value = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
            for text in _texts(value):
                if "\0" in text:
                    raise ValueError("NUL")
                text.encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("请求的内容不是可以读取的 JSON（UTF-8）。")) from error
        return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
