from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "onroll.exports"
    label = "exports"

    def ready(self) -> None:
        from onroll.history import erasing

        from .storing import forget_children

        erasing.also_erase(forget_children)
