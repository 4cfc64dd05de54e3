from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("figures", views.ScorecardPage.as_view(), name="scorecard"),
    path("figures/inspection", views.InspectionPage.as_view(), name="inspection"),
    path("figures/scorecard.<str:kind>", views.ScorecardFile.as_view(), name="scorecard_file"),
    path("plans/<uuid:plan>/plan.<str:kind>", views.PlanFile.as_view(), name="plan_file"),
    path("figures/scorecard/<str:audience>/measures", views.ChooseMeasuresPage.as_view(), name="choose_measures"),
]
