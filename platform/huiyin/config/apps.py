from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "huiyin.config"
    label = "config"

    def ready(self) -> None:
        """Hook up the system checks."""
        from huiyin.config import checks  # noqa: F401  the registry of checks needs the apps to be loaded
