from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "onroll.history"
    label = "history"

    def ready(self) -> None:
        from . import connections

        connections.connect()
