from django.apps import AppConfig


class AttainmentConfig(AppConfig):
    name = "onroll.attainment"
    label = "attainment"
