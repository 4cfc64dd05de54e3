"""The addresses around a meeting and what was agreed in it."""

from django.urls import path

from . import action_views, mode, views

_PEP = "children/<uuid:child>/peps/<uuid:pep>"
ROUTES = [
    path(f"{_PEP}/meeting", views.MeetingPage.as_view(), name="meeting"),
    path(f"{_PEP}/meeting/people", views.PeoplePage.as_view(), name="people"),
    path(f"{_PEP}/meeting/people/<uuid:person>", views.ReplyForPage.as_view(), name="reply_for"),
    path(f"{_PEP}/meeting/reply", views.ReplyPage.as_view(), name="reply"),
    path(f"{_PEP}/meeting/came", views.CamePage.as_view(), name="came"),
    path(f"{_PEP}/meeting/calendar", views.CalendarFile.as_view(), name="calendar"),
    path(f"{_PEP}/meeting-mode", mode.MeetingModePage.as_view(), name="meeting_mode"),
    path(f"{_PEP}/actions", action_views.ActionsPage.as_view(), name="actions"),
    path(f"{_PEP}/actions/new", action_views.NewActionPage.as_view(), name="new_action"),
    path(f"{_PEP}/actions/<uuid:action>", action_views.ActionPage.as_view(), name="action"),
    path(f"{_PEP}/actions/<uuid:action>/end", action_views.EndActionPage.as_view(), name="end_action"),
]
