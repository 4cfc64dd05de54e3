from django.urls import path

from . import views

app_name = "schools"
urlpatterns = [
    path("schools", views.SchoolsPage.as_view(), name="schools"),
    path("schools/new", views.AddSettingPage.as_view(), name="add"),
    path("schools/<uuid:school>", views.SchoolPage.as_view(), name="school"),
    path("schools/<uuid:school>/change", views.ChangeSettingPage.as_view(), name="change"),
    path("schools/<uuid:school>/inspections/new", views.RecordInspectionPage.as_view(), name="record_inspection"),
]
