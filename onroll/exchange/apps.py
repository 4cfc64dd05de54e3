from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "onroll.exchange"
    label = "exchange"

    def ready(self) -> None:
        from .feeds import find_feeds

        find_feeds()
