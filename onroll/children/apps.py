from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "onroll.children"
    label = "children"

    def ready(self) -> None:
        from .at_schools import register

        register()
