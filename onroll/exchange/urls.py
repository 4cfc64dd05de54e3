from django.urls import path

from . import views

app_name = "exchange"
urlpatterns = [
    path("data", views.DataPage.as_view(), name="data"),
    path("data/load/<slug:feed>", views.ChooseFilesPage.as_view(), name="choose_files"),
    path("data/load/<slug:feed>/columns", views.MatchPage.as_view(), name="match"),
    path("data/feeds/<slug:feed>/columns", views.ColumnsPage.as_view(), name="columns"),
    path("data/imports/<uuid:import>", views.ImportPage.as_view(), name="import"),
    path("data/imports/<uuid:import>/children/<slug:key>", views.ImportChildrenPage.as_view(), name="children"),
    path("data/imports/<uuid:import>/problems", views.ProblemsPage.as_view(), name="problems"),
    path("data/imports/<uuid:import>/problems.<str:kind>", views.ProblemsFilePage.as_view(), name="problems_file"),
    path("data/differences", views.DifferencesPage.as_view(), name="differences"),
]
