from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "onroll.people"
    label = "people"

    def ready(self) -> None:
        from onroll.access.actors import register_actor_finder, register_actors_finder

        from . import at_schools
        from .posts import actors_of, find_actor

        register_actor_finder(find_actor)
        register_actors_finder(actors_of)
        at_schools.register()
