from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "onroll.children"
    label = "children"

    def ready(self) -> None:
        from onroll.access.openings import register_opening_finder

        from .at_schools import register
        from .guards import live_opening

        register()
        register_opening_finder(live_opening)
