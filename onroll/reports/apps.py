from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "onroll.reports"
    label = "reports"

    def ready(self) -> None:
        from . import inspection

        inspection.register()
