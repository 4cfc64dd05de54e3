from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "onroll.authorities"
    label = "authorities"
