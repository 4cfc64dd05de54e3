"""The addresses around contributors."""

from django.urls import path

from . import adult_views, own_views

_PEP = "children/<uuid:child>/peps/<uuid:pep>/contributors"
ROUTES = [
    path(_PEP, adult_views.ContributorsPage.as_view(), name="contributors"),
    path(f"{_PEP}/ask", adult_views.AskPage.as_view(), name="ask_contributor"),
    path(f"{_PEP}/<uuid:link>", adult_views.ContributorPage.as_view(), name="contributor"),
    path("c/<str:token>", own_views.ContributeDoor.as_view(), name="contribute_door"),
    path("a-few-lines", own_views.QuestionsPage.as_view(), name="contribute"),
    path("a-few-lines/code", own_views.ContributeCode.as_view(), name="contribute_code"),
]
