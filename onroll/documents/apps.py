from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "onroll.documents"
    label = "documents"

    def ready(self) -> None:
        from onroll.history import erasing

        from .storing import forget_children

        erasing.also_erase(forget_children)
