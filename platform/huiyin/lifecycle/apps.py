from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "huiyin.lifecycle"
