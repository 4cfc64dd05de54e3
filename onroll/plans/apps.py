from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "onroll.plans"
    label = "plans"
