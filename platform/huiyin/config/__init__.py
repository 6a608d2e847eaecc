"""Settings, addresses, workers, checks: the only place that wires things."""

from huiyin.config.celery import app as celery_app

__all__ = ["celery_app"]
