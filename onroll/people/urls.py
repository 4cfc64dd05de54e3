from django.urls import path

from . import account_views, views

app_name = "people"
urlpatterns = [
    path("posts", views.PostsPage.as_view(), name="posts"),
    path("account/e-mail", account_views.EmailPage.as_view(), name="email"),
    path("account/e-mail/<str:token>", account_views.ConfirmEmailPage.as_view(), name="confirm_email"),
    path("posts/due", views.DuePostsPage.as_view(), name="due_posts"),
    path("agreements", views.AgreementsPage.as_view(), name="agreements"),
    path("roles", views.RolesPage.as_view(), name="roles"),
]
