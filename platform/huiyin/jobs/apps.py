from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "huiyin.jobs"

    def ready(self) -> None:
        """Let every package register its jobs."""
        autodiscover_modules("jobs")
