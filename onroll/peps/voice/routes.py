"""The addresses around a young person's voice."""

from django.urls import path

from . import adult_views, own_views

_VOICE = "children/<uuid:child>/peps/<uuid:pep>/voice"
ROUTES = [
    path(_VOICE, adult_views.ViewsPage.as_view(), name="voice"),
    path(f"{_VOICE}/pass", adult_views.GivePassPage.as_view(), name="voice_pass"),
    path(f"{_VOICE}/page", adult_views.GivePlanPage.as_view(), name="voice_page"),
    path(f"{_VOICE}/told", adult_views.ToldPage.as_view(), name="voice_told"),
    path(f"{_VOICE}/write", adult_views.WriteDownPage.as_view(), name="voice_write"),
    path(f"{_VOICE}/declined", adult_views.DeclinedPage.as_view(), name="voice_declined"),
    path(f"{_VOICE}/<uuid:answer>/share", adult_views.SharePage.as_view(), name="voice_share"),
    path(f"{_VOICE}/<uuid:answer>/picture", adult_views.PicturePage.as_view(), name="voice_picture"),
    path("children/<uuid:child>/concerns/<uuid:concern>", adult_views.ConcernPage.as_view(), name="voice_concern"),
    # What a young person has on their telephone: nothing in these addresses says what it is about.
    path("v/<str:token>", own_views.DoorPage.as_view(), name="voice_door"),
    path("my-page", own_views.CodePage.as_view(), name="voice_code"),
    path("my-page/finish", own_views.FinishPage.as_view(), name="voice_finish"),
    path("my-page/plan", own_views.PlanPage.as_view(), name="voice_plan"),
    path("my-page/hide", own_views.HidePage.as_view(), name="voice_hide"),
    path("my-page/<int:number>", own_views.QuestionPage.as_view(), name="voice_question"),
    path("my-page/<int:number>/picture", own_views.OwnPicture.as_view(), name="voice_own_picture"),
    path("blank", own_views.BlankPage.as_view(), name="voice_blank"),
]
