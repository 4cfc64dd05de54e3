from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "onroll.looks"
    label = "looks"

    def ready(self) -> None:
        # Every process that sends messages or shows the history must know the words of this part.
        from . import actions  # noqa: F401
