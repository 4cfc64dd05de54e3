from django.urls import path

from . import action_views, document_views, keeping_views, views

app_name = "plans"

_PLAN = "plans/<uuid:plan>"
_ACTION = f"{_PLAN}/actions/<uuid:action>"
urlpatterns = [
    path("plans", views.PlansPage.as_view(), name="plans"),
    path("plans/new", keeping_views.NewPlanPage.as_view(), name="new"),
    path("plans/duties", keeping_views.DutiesPage.as_view(), name="duties"),
    path("plans/duties/<slug:duty>", keeping_views.DutyPage.as_view(), name="duty"),
    path(_PLAN, views.PlanPage.as_view(), name="plan"),
    path(f"{_PLAN}/change", keeping_views.ChangePlanPage.as_view(), name="change"),
    path(f"{_PLAN}/moved", views.MovedPage.as_view(), name="moved"),
    path(f"{_PLAN}/one-page", views.OnePageToPrint.as_view(), name="one_page"),
    path(f"{_PLAN}/publish", views.PublishPage.as_view(), name="publish"),
    path(f"{_PLAN}/published/<uuid:published>", views.PublishedPage.as_view(), name="published"),
    path(f"{_PLAN}/goals/new", keeping_views.GoalPage.as_view(), name="goal_new"),
    path(f"{_PLAN}/goals/<uuid:goal>", keeping_views.GoalPage.as_view(), name="goal"),
    path(f"{_PLAN}/actions/new", keeping_views.AddActionPage.as_view(), name="action_new"),
    path(_ACTION, action_views.ActionPage.as_view(), name="action"),
    path(f"{_ACTION}/change", keeping_views.ChangeActionPage.as_view(), name="action_change"),
    path(f"{_ACTION}/history", action_views.ActionHistoryPage.as_view(), name="action_history"),
    path(f"{_ACTION}/share", action_views.SharePage.as_view(), name="action_share"),
    path(f"{_ACTION}/take-out", action_views.TakeOutPage.as_view(), name="action_take_out"),
    path(f"{_ACTION}/milestones/new", action_views.MilestonePage.as_view(), name="milestone_new"),
    path(f"{_ACTION}/milestones/<uuid:milestone>", action_views.MilestonePage.as_view(), name="milestone"),
    path(f"{_ACTION}/meetings/new", action_views.MeetingPage.as_view(), name="meeting_new"),
    path(f"{_ACTION}/meetings/<uuid:meeting>", action_views.MeetingPage.as_view(), name="meeting"),
    path(
        f"{_ACTION}/updates/<uuid:update>/documents/new",
        document_views.AddDocumentPage.as_view(),
        name="document_new",
    ),
    path(f"{_ACTION}/documents/<uuid:document>", document_views.DocumentPage.as_view(), name="document"),
    path(
        f"{_ACTION}/documents/<uuid:document>/take-away",
        document_views.TakeDocumentAwayPage.as_view(),
        name="document_take_away",
    ),
    path(f"{_ACTION}/asked/new", action_views.AskedPage.as_view(), name="asked_new"),
    path(f"{_ACTION}/asked/<uuid:asked>", action_views.AskedPage.as_view(), name="asked"),
]
