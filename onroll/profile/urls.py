from django.urls import path

from . import views

app_name = "profile"
urlpatterns = [
    path("children/<uuid:child>", views.StoryPage.as_view(), name="story"),
]
