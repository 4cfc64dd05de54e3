from django.urls import path

from . import views

app_name = "measures"
urlpatterns = [
    path("figures", views.CataloguePage.as_view(), name="catalogue"),
    path("figures/<slug:measure>", views.MeasurePage.as_view(), name="measure"),
    path("figures/<slug:measure>/children", views.MeasureChildrenPage.as_view(), name="children"),
]
