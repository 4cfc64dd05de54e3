from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "onroll.design"
    label = "design"
