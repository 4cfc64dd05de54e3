from django.urls import path

from . import sensitive_views, views

app_name = "authorities"
urlpatterns = [
    path("calendar", views.CalendarPage.as_view(), name="calendar"),
    path("calendar/copy", views.CalendarCopyPage.as_view(), name="calendar_copy"),
    path("calendar/new", views.CalendarEntryPage.as_view(), name="calendar_new"),
    path("calendar/<uuid:entry>", views.CalendarEntryPage.as_view(), name="calendar_entry"),
    path("data/sensitive-facts", sensitive_views.SensitiveFactsPage.as_view(), name="sensitive_facts"),
    path("data/sensitive-facts/<slug:kind>", sensitive_views.SensitiveFactPage.as_view(), name="sensitive_fact"),
]
