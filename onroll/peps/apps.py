from django.apps import AppConfig


class PepsConfig(AppConfig):
    name = "onroll.peps"
    label = "peps"
