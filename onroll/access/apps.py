from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "onroll.access"
    label = "access"
