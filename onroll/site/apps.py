from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "onroll.site"
    label = "site"

    def ready(self) -> None:
        # What the history's changes of the whole installation are called must be known to every process that shows one.
        from . import installation, invitations, visits  # noqa: F401

        visits.connect()
