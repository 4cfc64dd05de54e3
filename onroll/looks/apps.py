from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "onroll.looks"
    label = "looks"
