from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "huiyin.directory"
    verbose_name = "通讯录"
