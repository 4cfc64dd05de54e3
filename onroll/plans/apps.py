from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "onroll.plans"
    label = "plans"

    def ready(self) -> None:
        from onroll.measures.catalogue import CATALOGUE

        from . import definitions

        CATALOGUE.register_all(definitions)
