from django.apps import AppConfig


class PepsConfig(AppConfig):
    name = "onroll.peps"
    label = "peps"

    def ready(self) -> None:
        from onroll.children.roll_columns import LATEST
        from onroll.measures.catalogue import CATALOGUE

        from . import definitions
        from .on_the_roll import NEWEST

        CATALOGUE.register_all(definitions)
        LATEST["pep"] = NEWEST
