from django.urls import path

from . import passing_on, views
from .record_urls import urlpatterns as acts

app_name = "children"
urlpatterns = [
    path("children", views.RollPage.as_view(), name="roll"),
    path("children/find", views.FindPage.as_view(), name="find"),
    path("children/found/<str:key>", views.FoundPage.as_view(), name="found"),
    path("children/views/new", views.SaveViewPage.as_view(), name="save_view"),
    path("children/views/<uuid:view>/delete", views.ForgetViewPage.as_view(), name="forget_view"),
    path("schools/<uuid:school>/children/pass-on", passing_on.PassOnPage.as_view(), name="pass_on"),
    *acts,
]
