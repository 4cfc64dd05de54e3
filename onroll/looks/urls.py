from django.urls import path

from . import views

app_name = "looks"
urlpatterns = [
    path("looks", views.AlertsPage.as_view(), name="alerts"),
    path("looks/alerts/<uuid:alert>", views.AlertPage.as_view(), name="alert"),
    path("looks/exposure", views.ExposurePage.as_view(), name="exposure"),
    path("looks/exposure/file/<slug:kind>", views.ExposureFilePage.as_view(), name="exposure_file"),
    path("looks/matters", views.MattersPage.as_view(), name="matters"),
    path("looks/matters/new", views.OpenMatterPage.as_view(), name="open_matter"),
    path("looks/matters/<uuid:matter>/close", views.CloseMatterPage.as_view(), name="close_matter"),
]
