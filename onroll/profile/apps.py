from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "onroll.profile"
    label = "profile"
