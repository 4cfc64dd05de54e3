from django.urls import path

from . import address_views, agreement_views, logo_views, review_views, settings_views, team_views, views

app_name = "administration"
urlpatterns = [
    path("people", views.PeoplePage.as_view(), name="people"),
    path("people/invite", views.InvitePage.as_view(), name="invite"),
    path("people/leavers", views.LeaversPage.as_view(), name="leavers"),
    path("people/addresses", address_views.AddressesPage.as_view(), name="addresses"),
    path("people/<uuid:person>", views.PersonPage.as_view(), name="person"),
    path("people/<uuid:person>/posts/new", views.GivePostPage.as_view(), name="give_post"),
    path("people/<uuid:person>/posts/<uuid:post>/end", views.EndPostPage.as_view(), name="end_post"),
    path("people/<uuid:person>/contact", views.ContactPage.as_view(), name="contact"),
    path("people/<uuid:person>/address", address_views.KeepAddressPage.as_view(), name="keep_address"),
    path("people/<uuid:person>/invite", views.InviteAgainPage.as_view(), name="invite_again"),
    path("people/<uuid:person>/reset", views.ResetPage.as_view(), name="reset"),
    path("people/<uuid:person>/leave", views.LeavePage.as_view(), name="leave"),
    path("agreements/<uuid:agreement>", agreement_views.AgreementPage.as_view(), name="agreement"),
    path("teams", team_views.TeamsPage.as_view(), name="teams"),
    path("teams/<uuid:team>", team_views.TeamPage.as_view(), name="team"),
    path("school-contacts", team_views.ContactsPage.as_view(), name="contacts"),
    path("school-contacts/invite", team_views.InviteTeachersPage.as_view(), name="invite_teachers"),
    path("school-contacts/<uuid:school>/domains", address_views.SchoolDomainsPage.as_view(), name="school_domains"),
    path("access-reviews", review_views.ReviewsPage.as_view(), name="reviews"),
    path("access-reviews/<uuid:review>", review_views.ReviewPage.as_view(), name="review"),
    path("access-reviews/<uuid:review>/file/<slug:kind>", review_views.ReviewFilePage.as_view(), name="review_file"),
    path("settings", settings_views.SettingsPage.as_view(), name="settings"),
    path("settings/logo", logo_views.LogoPage.as_view(), name="logo"),
    path("settings/<slug:group>", settings_views.SettingsGroupPage.as_view(), name="settings_group"),
]
