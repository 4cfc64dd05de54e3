from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "onroll.authorities"
    label = "authorities"

    def ready(self) -> None:
        from onroll.access import mails

        from .senders import sender_of

        mails.register_senders(sender_of)
