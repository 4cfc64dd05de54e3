from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("posts", views.PostsPage.as_view(), name="posts"),
]
