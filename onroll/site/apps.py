from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "onroll.site"
    label = "site"
