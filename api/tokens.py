"""A token for programs: by user name and password, through the same guards as the page for signing in."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.base import In


class SignInIn(In):
    """A user name and a password."""

    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenOut(serializers.Serializer):
    """A token, sent as `Authorization: Token …`."""

    token = serializers.CharField(source="key")


class TokenView(APIView):
    """A person's one token."""

    def get_authenticators(self) -> list[Any]:
        """Asking for a token is how a person comes in."""
        return super().get_authenticators() if self._is_known() else []

    def get_permissions(self) -> list[Any]:
        """Asking for a token needs none."""
        return super().get_permissions() if self._is_known() else []

    def get_authenticate_header(self, request: Request) -> str:
        """What a 401 names."""
        return "Token"

    @extend_schema(summary="Get a token", request=SignInIn, responses=TokenOut, auth=[])
    def post(self, request: Request) -> Response:
        """
        Give the person's token.

        :raises Throttled: after too many wrong passwords
        :raises AuthenticationFailed: if name and password do not fit, or the account may not sign in
        """
        # REST framework's request, not Django's: axes marks it, and its own middleware must not answer with a page.
        account = authenticate(request, **SignInIn.checked(request))  # type: ignore[arg-type]
        if getattr(request, "axes_locked_out", False):
            wait = get_cool_off(request)
            raise Throttled(wait=wait.total_seconds() if wait else None)
        if account is None:
            raise AuthenticationFailed(_("用户名或密码不正确。"))
        token, _created = Token.objects.get_or_create(user=account)
        return Response(TokenOut(token).data)

    @extend_schema(summary="Make the token worthless", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget the person's token."""
        Token.objects.filter(user=request.user).delete()
        return Response(status=204)

    def _is_known(self) -> bool:
        return self.request is None or self.request.method != "POST"
