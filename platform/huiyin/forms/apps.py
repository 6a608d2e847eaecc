from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "huiyin.forms"
