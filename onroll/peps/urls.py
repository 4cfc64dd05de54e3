from django.urls import path

from . import (
    act_views,
    audit_views,
    checker_views,
    completion_views,
    filing_views,
    printing_views,
    sample_views,
    section_views,
    settings_views,
    target_views,
    views,
)
from .meeting.routes import ROUTES as OF_MEETINGS
from .voice.routes import ROUTES

app_name = "peps"
_PEP = "children/<uuid:child>/peps/<uuid:pep>"
urlpatterns = [
    path("peps", views.TrackerPage.as_view(), name="tracker"),
    path("peps/settings", settings_views.PepSettingsPage.as_view(), name="settings"),
    path("peps/settings/checker", checker_views.CheckerPage.as_view(), name="checker"),
    path("peps/settings/checker/<slug:rule>", checker_views.CheckerRulePage.as_view(), name="checker_rule"),
    path("peps/blank", printing_views.BlankFormsPage.as_view(), name="blank_forms"),
    path("peps/blank/<slug:form>.<str:kind>", printing_views.BlankFormFile.as_view(), name="blank_form"),
    path("peps/completion", completion_views.CompletionPage.as_view(), name="completion"),
    path("peps/completion.<str:kind>", completion_views.CompletionFile.as_view(), name="completion_file"),
    path("peps/audits", sample_views.AuditsPage.as_view(), name="audits"),
    path("peps/audits/to-file", filing_views.AuditsToFilePage.as_view(), name="to_file"),
    path(_PEP, views.PepPage.as_view(), name="pep"),
    path(f"{_PEP}/book", act_views.BookPage.as_view(), name="book"),
    path(f"{_PEP}/held", act_views.HeldPage.as_view(), name="held"),
    path(f"{_PEP}/help", act_views.HelpPage.as_view(), name="help"),
    path(f"{_PEP}/sign", act_views.SignPage.as_view(), name="sign"),
    path(f"{_PEP}/draw", act_views.DrawPage.as_view(), name="draw"),
    path(f"{_PEP}/return", act_views.ReturnPage.as_view(), name="return"),
    path(f"{_PEP}/sign-off", act_views.SignOffPage.as_view(), name="sign_off"),
    path(f"{_PEP}/amend", act_views.AmendPage.as_view(), name="amend"),
    path(f"{_PEP}/hold", act_views.HoldPage.as_view(), name="hold"),
    path(f"{_PEP}/take-up", act_views.TakeUpPage.as_view(), name="take_up"),
    path(f"{_PEP}/exempt", act_views.ExemptPage.as_view(), name="exempt"),
    path(f"{_PEP}/missed", act_views.MissedPage.as_view(), name="missed"),
    path(f"{_PEP}/sections/<slug:key>", section_views.SectionPage.as_view(), name="section"),
    path(f"{_PEP}/submit", section_views.SubmitPage.as_view(), name="submit"),
    path(f"{_PEP}/self-check", audit_views.SelfCheckPage.as_view(), name="self_check"),
    path(f"{_PEP}/audit", audit_views.AuditPage.as_view(), name="audit"),
    path(f"{_PEP}/audit/agree", audit_views.AgreePage.as_view(), name="agree"),
    path(f"{_PEP}/targets", target_views.TargetsPage.as_view(), name="targets"),
    path(f"{_PEP}/targets/new", target_views.NewTargetPage.as_view(), name="new_target"),
    path(f"{_PEP}/targets/check", target_views.CheckTargetPage.as_view(), name="check_target"),
    path(f"{_PEP}/targets/finish", target_views.FinishTargetsPage.as_view(), name="finish_targets"),
    path(f"{_PEP}/targets/<uuid:target>", target_views.TargetPage.as_view(), name="target"),
    path(f"{_PEP}/targets/<uuid:target>/remove", target_views.RemoveTargetPage.as_view(), name="remove_target"),
    path(f"{_PEP}/review/<uuid:target>", target_views.ReviewTargetPage.as_view(), name="review_target"),
    *OF_MEETINGS,
    *ROUTES,
]
