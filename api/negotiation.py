"""Whether the caller takes what a resource has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AsItIs(DefaultContentNegotiation):
    """For contents of one fixed media type (a photo, a diagram): sent whatever the Accept header says."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        """The first; it only ever renders a refusal."""
        return renderers[0], renderers[0].media_type
