"""Demo accounts sign in only where the data directory was made as a demo."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from huiyin.directory.models import Account


class GuardedBackend(ModelBackend):
    """Django's own backend, closed for demo accounts in a real installation."""

    def user_can_authenticate(self, user: Account) -> bool:
        """Refuse a demo account for ever unless this is a demo."""
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)
