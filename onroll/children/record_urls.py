"""Addresses of the acts on children's records. Included by the urls of the part."""

from django.urls import path

from .record_views import care, entries, identity, many, merging, needs, people, school

_CHILD = "children/<uuid:child>"

urlpatterns = [
    path("children/new", identity.AddChildPage.as_view(), name="add"),
    path("children/many", many.ManyPage.as_view(), name="many"),
    path("children/moves", people.MovesPage.as_view(), name="moves"),
    path("children/duplicates", merging.DuplicatesPage.as_view(), name="duplicates"),
    path("children/joined/<uuid:second>/part", merging.SplitPage.as_view(), name="split"),
    path(f"{_CHILD}/join/<uuid:second>", merging.JoinPage.as_view(), name="join"),
    path(f"{_CHILD}/moving", people.MovePage.as_view(), name="move"),
    path(f"{_CHILD}/moving/<uuid:notice>/seen", people.SeeMovePage.as_view(), name="move_seen"),
    path(f"{_CHILD}/identity/correct", identity.CorrectIdentityPage.as_view(), name="identity_correct"),
    path(f"{_CHILD}/identity/name", identity.ChangeNamePage.as_view(), name="name_change"),
    path(f"{_CHILD}/identity/numbers", identity.NumbersPage.as_view(), name="numbers"),
    path(f"{_CHILD}/needs/characteristics", identity.CharacteristicsPage.as_view(), name="characteristics"),
    path(f"{_CHILD}/needs/characteristics/new", identity.CharacteristicFromPage.as_view(), name="characteristic"),
    path(f"{_CHILD}/needs/provision", needs.ProvisionPage.as_view(), name="provision"),
    path(f"{_CHILD}/needs/primary", needs.NeedPage.as_view(), name="need"),
    path(f"{_CHILD}/needs/sdq", needs.SDQPage.as_view(), name="sdq"),
    path(f"{_CHILD}/needs/plans/new", needs.PlanPage.as_view(), name="plan_start"),
    path(f"{_CHILD}/needs/plans/<uuid:plan>/review", needs.PlanReviewPage.as_view(), name="plan_review"),
    path(f"{_CHILD}/needs/plans/<uuid:plan>/end", needs.EndPlanPage.as_view(), name="plan_end"),
    path(f"{_CHILD}/home/care/new", care.StartCarePage.as_view(), name="care_start"),
    path(f"{_CHILD}/home/care/end", care.EndCarePage.as_view(), name="care_end"),
    path(f"{_CHILD}/home/care/<uuid:episode>/real-end", care.RealEndPage.as_view(), name="care_real_end"),
    path(f"{_CHILD}/home/legal-status", care.LegalStatusPage.as_view(), name="legal_status"),
    path(f"{_CHILD}/home/move", care.MoveHomePage.as_view(), name="home_move"),
    path(f"{_CHILD}/home/address", care.AddressPage.as_view(), name="address"),
    path(f"{_CHILD}/home/statuses/new", identity.StatusPage.as_view(), name="status_start"),
    path(f"{_CHILD}/home/statuses/<uuid:status>/end", identity.EndStatusPage.as_view(), name="status_end"),
    path(f"{_CHILD}/school/places/new", school.StartPlacePage.as_view(), name="place_start"),
    path(f"{_CHILD}/school/places/<uuid:place>/end", school.EndPlacePage.as_view(), name="place_end"),
    path(f"{_CHILD}/school/places/<uuid:place>/hours", school.HoursPage.as_view(), name="place_hours"),
    path(f"{_CHILD}/school/places/<uuid:place>/confirm", school.ConfirmPlacePage.as_view(), name="place_confirm"),
    path(f"{_CHILD}/school/waiting", school.AwaitPage.as_view(), name="place_await"),
    path(f"{_CHILD}/people/new", people.AllocatePage.as_view(), name="allocate"),
    path(f"{_CHILD}/people/<uuid:allocation>/end", people.EndAllocationPage.as_view(), name="allocation_end"),
    path(f"{_CHILD}/entries", entries.EntriesPage.as_view(), name="entries"),
    path(f"{_CHILD}/entries/<str:kind>/<uuid:entry>/correct", entries.CorrectEntryPage.as_view(), name="entry_correct"),
    path(f"{_CHILD}/entries/<str:kind>/<uuid:entry>/remove", entries.RemoveEntryPage.as_view(), name="entry_remove"),
]
