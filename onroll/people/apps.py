from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "onroll.people"
    label = "people"

    def ready(self) -> None:
        from onroll.access.actors import register_actor_finder

        from . import at_schools
        from .posts import find_actor

        register_actor_finder(find_actor)
        at_schools.register()
