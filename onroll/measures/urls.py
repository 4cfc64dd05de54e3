from django.urls import path

from . import analysis_views, target_views, views

app_name = "measures"
urlpatterns = [
    path("figures/catalogue", views.CataloguePage.as_view(), name="catalogue"),
    path("figures/targets", target_views.TargetsPage.as_view(), name="targets"),
    path("figures/targets/new", target_views.TargetPage.as_view(), name="target_new"),
    path("figures/targets/<uuid:target>", target_views.TargetPage.as_view(), name="target"),
    path("figures/analyses", analysis_views.AnalysesPage.as_view(), name="analyses"),
    path("figures/<slug:measure>/findings", analysis_views.KeepFindingsPage.as_view(), name="keep_findings"),
    path("figures/<slug:measure>", views.MeasurePage.as_view(), name="measure"),
    path("figures/<slug:measure>/children", views.MeasureChildrenPage.as_view(), name="children"),
]
