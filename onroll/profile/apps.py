from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "onroll.profile"
    label = "profile"

    def ready(self) -> None:
        from onroll.children.pages import register_header

        from .header import slim_header

        register_header(slim_header)
