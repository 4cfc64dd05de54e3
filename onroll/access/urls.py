from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("sign-in", views.SignInPage.as_view(), name="sign_in"),
    path("sign-out", views.SignOutPage.as_view(), name="sign_out"),
    path("no-post", views.NoPostPage.as_view(), name="no_post"),
    path("welcome/<uuid:account_id>/<str:token>", views.InvitationPage.as_view(), name="invitation"),
]
