from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "onroll.administration"
    label = "administration"

    def ready(self) -> None:
        from . import mails  # noqa: F401 - names its kinds of message
