from django.urls import path

from . import pep_views, views

app_name = "exports"
urlpatterns = [
    path("exports", views.ExportsPage.as_view(), name="exports"),
    path("exports/list", views.ListPage.as_view(), name="list"),
    path("exports/whole-record", views.WholePage.as_view(), name="whole"),
    path("exports/<uuid:export>", views.ExportPage.as_view(), name="export"),
    path("exports/<uuid:export>/file", views.FilePage.as_view(), name="file"),
    path("exports/<uuid:export>/print", views.PrintPage.as_view(), name="print"),
    path("exports/<uuid:export>/check", views.CheckPage.as_view(), name="check"),
    path("children/<uuid:child>/copy", views.CopyPage.as_view(), name="copy"),
    path("children/<uuid:child>/peps/<uuid:pep>/copy", pep_views.PlanCopyPage.as_view(), name="pep_copy"),
    path("children/<uuid:child>/peps/<uuid:pep>/audit/paper", pep_views.AuditPaperPage.as_view(), name="audit_paper"),
]
