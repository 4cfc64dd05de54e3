from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "onroll.measures"
    label = "measures"
