"""Who comes with a token."""

from __future__ import annotations

from django.contrib import auth
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from huiyin.directory.models import Account

#: What is read of a token, its account and its person at every request.
READ = (
    "key",
    "user",
    "user__username",
    "user__is_active",
    "user__is_demo",
    "user__person",
    "user__person__public_id",
    "user__person__name",
    "user__person__jurisdiction",
)


class GuardedToken(TokenAuthentication):
    """A token opens only what a password would open: the sign-in's own guards are asked at every request."""

    def authenticate_credentials(self, key: str) -> tuple[Account, Token]:
        """
        Find the account of a token.

        :raises AuthenticationFailed: for an unknown token, and for an account that may not sign in (any more)
        """
        token = Token.objects.select_related("user__person").only(*READ).filter(key=key).first()
        guards = [backend for backend in auth.get_backends() if hasattr(backend, "user_can_authenticate")]
        if token is None or not any(guard.user_can_authenticate(token.user) for guard in guards):
            raise AuthenticationFailed
        return token.user, token
