"""The addresses of the product: plain nouns, random ids, nothing of a child in any of them."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("components", views.ComponentsPage.as_view(), name="components"),
    path("authority.png", views.AuthorityLogoPage.as_view(), name="authority_logo"),
    path("authority.css", views.AuthorityStylePage.as_view(), name="authority_style"),
    path("help", views.HelpPage.as_view(), name="help"),
    path("privacy", views.PrivacyPage.as_view(), name="privacy"),
    path("accessibility", views.AccessibilityPage.as_view(), name="accessibility"),
    path("", include("onroll.access.urls")),
    path("", include("onroll.administration.urls")),
    path("", include("onroll.people.urls")),
    path("", include("onroll.authorities.urls")),
    path("", include("onroll.schools.urls")),
    path("", include("onroll.children.urls")),
    path("", include("onroll.documents.urls")),
    path("", include("onroll.peps.urls")),
    path("", include("onroll.profile.urls")),
    path("", include("onroll.reports.urls")),
    path("", include("onroll.measures.urls")),
    path("", include("onroll.plans.urls")),
    path("", include("onroll.looks.urls")),
    path("", include("onroll.exchange.urls")),
    path("", include("onroll.exports.urls")),
]

handler400 = "onroll.site.errors.could_not_be_read"
handler500 = "onroll.site.errors.went_wrong"
