from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "onroll.history"
    label = "history"
