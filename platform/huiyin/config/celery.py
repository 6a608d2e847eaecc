"""The Celery application: `celery -A huiyin.config worker -B` in production."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")

app = Celery("huiyin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {"sweep": {"task": "jobs.sweep", "schedule": 2.0, "options": {"expires": 10}}}
app.autodiscover_tasks(["huiyin.jobs"], related_name="celery_tasks")
