from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "huiyin.supervision"
