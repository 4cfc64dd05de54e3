from django.urls import path

from . import account_views as own
from . import views

app_name = "access"
urlpatterns = [
    path("sign-in", views.SignInPage.as_view(), name="sign_in"),
    path("sign-in/passkey", views.PasskeyQuestionPage.as_view(), name="passkey_question"),
    path("sign-in/with/<slug:name>", views.SingleSignOnPage.as_view(), name="sso"),
    path("sign-in/with/<slug:name>/back", views.SingleSignOnBackPage.as_view(), name="sso_back"),
    path("sign-in/second-step", views.SecondStepPage.as_view(), name="second_step"),
    path("sign-out", views.SignOutPage.as_view(), name="sign_out"),
    path("no-post", views.NoPostPage.as_view(), name="no_post"),
    path("lost-second-step", views.LostFactorPage.as_view(), name="lost_factor"),
    path("forgotten-password", views.ForgottenPage.as_view(), name="forgotten"),
    path("new-password/<uuid:account_id>/<str:token>", views.NewPasswordPage.as_view(), name="new_password"),
    path("welcome/<uuid:account_id>/<str:token>", views.InvitationPage.as_view(), name="invitation"),
    path("prove-again", own.ProveAgainPage.as_view(), name="prove_again"),
    path("stay-signed-in", own.StayPage.as_view(), name="stay"),
    path("kept-words/<uuid:words>", own.WordsPage.as_view(), name="words"),
    path("account", own.OwnSignInPage.as_view(), name="account"),
    path("account/second-step", own.SetUpPage.as_view(), name="set_up"),
    path("account/app", own.AppPage.as_view(), name="app"),
    path("account/passkey", own.PasskeyPage.as_view(), name="passkey"),
    path("account/passkey/new", own.NewPasskeyPage.as_view(), name="new_passkey"),
    path("account/codes", own.CodesPage.as_view(), name="codes"),
    path("account/remove", own.RemoveFactorPage.as_view(), name="remove_factor"),
    path("account/password", own.PasswordPage.as_view(), name="password"),
    path("account/sign-ins", own.SignInsPage.as_view(), name="sign_ins"),
]
