from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "onroll.measures"
    label = "measures"

    def ready(self) -> None:
        from . import definitions
        from .catalogue import CATALOGUE

        CATALOGUE.register_all(definitions)
