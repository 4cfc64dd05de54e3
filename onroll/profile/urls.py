from django.urls import path

from . import closed_record, views

app_name = "profile"
urlpatterns = [
    path("children/<uuid:child>", views.StoryPage.as_view(), name="story"),
    path("children/<uuid:child>/peps", views.PepsPage.as_view(), name="peps"),
    path("children/<uuid:child>/school", views.SchoolPage.as_view(), name="school"),
    path("children/<uuid:child>/home", views.HomePage.as_view(), name="home"),
    path("children/<uuid:child>/needs", views.NeedsPage.as_view(), name="needs"),
    path("children/<uuid:child>/people", views.PeoplePage.as_view(), name="people"),
    path("children/<uuid:child>/released", views.ReleasedPage.as_view(), name="released"),
    path("children/<uuid:child>/documents", views.DocumentsPage.as_view(), name="documents"),
    path("children/<uuid:child>/history", views.HistoryPage.as_view(), name="history"),
    path("children/<uuid:child>/looks", views.LooksPage.as_view(), name="looks"),
    path("sealed/openings/<uuid:unsealed>", closed_record.ClosedRecordPage.as_view(), name="closed_record"),
]
