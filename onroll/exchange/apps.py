from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "onroll.exchange"
    label = "exchange"
