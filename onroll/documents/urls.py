from django.urls import path

from . import past_pep_views, views

app_name = "documents"
_CHILD = "children/<uuid:child>/documents"
_DOCUMENT = f"{_CHILD}/<uuid:document>"
urlpatterns = [
    path("data/past-peps", past_pep_views.PastPepsPage.as_view(), name="past_peps"),
    path(f"{_CHILD}/new", views.AddPage.as_view(), name="add"),
    path(_DOCUMENT, views.DocumentPage.as_view(), name="document"),
    path(f"{_DOCUMENT}/new-version", views.AddVersionPage.as_view(), name="add_version"),
    path(f"{_DOCUMENT}/audience", views.AudiencePage.as_view(), name="audience"),
    path(f"{_DOCUMENT}/move", views.MovePage.as_view(), name="move"),
    path(f"{_DOCUMENT}/remove", views.RemovePage.as_view(), name="remove"),
    path(f"{_DOCUMENT}/versions/<uuid:version>/file", views.DownloadPage.as_view(), name="download"),
    path(f"{_DOCUMENT}/versions/<uuid:version>/pages/<int:page>", views.PreviewPage.as_view(), name="preview"),
]
