"""Who comes with a token."""

from __future__ import annotations

from django.contrib import auth
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from huiyin.directory.models import Account


class GuardedToken(TokenAuthentication):
    """A token opens only what a password would open: the sign-in's own guards are asked at every request."""

    def authenticate_credentials(self, key: str) -> tuple[Account, Token]:
        """
        Find the account of a token.

        :raises AuthenticationFailed: for an unknown token, and for an account that may not sign in (any more)
        """
        account, token = super().authenticate_credentials(key)
        guards = [backend for backend in auth.get_backends() if hasattr(backend, "get_user")]
        if not any(backend.get_user(account.pk) for backend in guards):
            raise AuthenticationFailed
        return account, token
