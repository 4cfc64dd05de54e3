"""Looking up a school, reading its page, adding a setting."""

from datetime import date

import pytest
from django.urls import reverse

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.history.changes import change
from onroll.people.models import Post
from onroll.schools import registry
from onroll.schools.actions import add_setting, record_inspection
from onroll.schools.models import School

pytestmark = pytest.mark.django_db
SCHOOLS = reverse("schools:schools")


@pytest.fixture
def sign_in(client, ashcombe, officer):
    """Signs someone in who holds this role in Ashcombe."""

    def as_role(role, **values):
        with change("test.set_up", actor=officer) as this:
            account = this.create(Account(email=f"{role}@ashcombe.example", given_name="Sam", family_name="Doyle"))
            this.create(Post(authority=ashcombe, account=account, role=role, start=date(2020, 1, 1), **values))
        client.force_login(account)
        return client

    return as_role


@pytest.fixture
def client_of_officer(sign_in):
    return sign_in(Role.VS_ADMIN)


def search(client, words, **more):
    return client.post(SCHOOLS, {"words": words, **more}, follow=True)


def test_practice_support_finds_a_school_and_no_address_holds_what_was_typed(client_of_officer, a_school):
    a_school("Fernhill Academy", town="Sheffield")
    a_school("Larkfield School")

    response = search(client_of_officer, "fernhill")

    assert "Fernhill Academy" in response.text
    assert "Larkfield" not in response.text
    assert "1 school fits." in response.text
    assert "fernhill" not in response.request["QUERY_STRING"].lower()
    assert 'value="fernhill"' in response.text


def test_a_school_that_comes_near_stands_under_its_own_heading(client_of_officer, a_school):
    a_school("Fernhill Academy")

    response = search(client_of_officer, "furnhill")

    assert "No school fits exactly; 1 comes near." in response.text
    assert "Spelled nearly like it" in response.text


def test_a_search_that_finds_nothing_says_what_to_try(client_of_officer):
    response = search(client_of_officer, "zzzzqqqq")

    assert "No school fits" in response.text
    assert "can be added as a setting" in response.text


def test_an_empty_search_and_an_old_key_show_the_start(client_of_officer):
    assert "The national register is not loaded yet" in search(client_of_officer, " ").text
    assert "The national register is not loaded yet" in client_of_officer.get(f"{SCHOOLS}?found=old").text


def test_closed_schools_can_be_left_out(client_of_officer, a_school):
    a_school("Fernhill School", status=School.Status.CLOSED)

    assert "Fernhill School" in search(client_of_officer, "fernhill").text
    assert "Fernhill School" not in search(client_of_officer, "fernhill", open_only="on").text


def test_the_list_is_paged_and_asks_as_many_questions_for_2_schools_as_for_120(
    client_of_officer, a_school, django_assert_max_num_queries
):
    for number in range(120):
        a_school(f"Elm School {number}")
    first = search(client_of_officer, "elm")
    key = first.request["QUERY_STRING"]

    with django_assert_max_num_queries(8):
        second = client_of_officer.get(f"{SCHOOLS}?{key}&page=2")

    assert "120 schools fit." in second.text
    assert "Previous" in second.text
    assert second.text.count('<th scope="row"') == 50


def test_a_schools_page_says_who_it_is_and_what_ofsted_found(client_of_officer, officer, a_school):
    school = a_school(
        "Fernhill Academy", laestab="3704027", type_code="34", la_code="370", town="Sheffield", website="javascript:x"
    )
    record_inspection(school, actor=officer, inspected_on=date(2023, 5, 4), overall=2)
    record_inspection(school, actor=officer, inspected_on=date(2026, 2, 3), areas={"INC": "STR", "SAF": "MET"})

    text = client_of_officer.get(reverse("schools:school", args=[school.public_id])).text

    for words in ("Fernhill Academy", "Academy converter", "3704027", "Barnsley (another authority)", "4 May 2023"):
        assert words in text
    assert text.index("3 February 2026") < text.index("4 May 2023")
    assert "Strong standard" in text
    assert 'href="javascript' not in text


def test_a_closed_school_shows_its_successor_and_the_successor_its_predecessor(client_of_officer, a_school, a_link):
    old = a_school("Fernhill School", status=School.Status.CLOSED, closed_on=date(2025, 8, 31))
    new = a_school("Fernhill Academy", opened_on=date(2025, 9, 1))
    a_link(old, new, on=date(2025, 9, 1))

    before = client_of_officer.get(reverse("schools:school", args=[old.public_id])).text
    after = client_of_officer.get(reverse("schools:school", args=[new.public_id])).text

    assert "Closed on 31 August 2025" in before
    assert str(new.public_id) in before
    assert "stands for it since 1 September 2025" in before
    assert str(old.public_id) in after
    assert "Followed" in after


def test_a_schools_page_asks_12_questions_at_most(client_of_officer, a_school, a_link, django_assert_max_num_queries):
    """Beside the two about whose sign-in it is, which every page asks."""
    schools = [a_school(f"School {number}", status=School.Status.CLOSED) for number in range(6)]
    for other in schools[1:]:
        a_link(schools[0], other)

    with django_assert_max_num_queries(12 + 2):
        client_of_officer.get(reverse("schools:school", args=[schools[0].public_id]))


def test_parts_above_fill_panels_for_those_who_may_see_them(client_of_officer, a_school, monkeypatch):
    school = a_school("Fernhill Academy")
    monkeypatch.setattr(registry, "PANELS", [])
    for name, order, values in (("second", 2, {"words": "B"}), ("first", 1, {"words": "A"}), ("hidden", 3, None)):
        registry.register_panel(
            registry.Panel(name, order, "schools/school.html", lambda school, actor, values=values: values)
        )

    shown = registry.panels_of(school, None, "main")

    assert [(filled.panel.name, filled.values) for filled in shown] == [
        ("first", {"words": "A"}),
        ("second", {"words": "B"}),
    ]
    assert registry.panels_of(school, None, "side") == []


def test_the_start_shows_where_the_children_learn(client_of_officer, a_school, monkeypatch):
    few, many, none = a_school("Few School"), a_school("Many School"), a_school("None School")
    monkeypatch.setattr(registry, "_counters", [lambda actor, schools: {few.pk: 1, many.pk: 12}])

    text = client_of_officer.get(SCHOOLS).text

    assert text.index("Many School") < text.index("Few School")
    assert none.name not in text
    assert "3 schools of the national register" in text


def test_practice_support_adds_a_setting(client_of_officer):
    response = client_of_officer.post(
        reverse("schools:add"),
        {"kind": "unregistered", "name": "Meadow Boxing Gym", "postcode": "sw1a1aa"},
        follow=True,
    )

    assert "Meadow Boxing Gym is added." in response.text
    assert "Not registered with the Department for Education" in response.text
    assert School.objects.get().postcode == "SW1A 1AA"


def test_what_is_wrong_with_a_new_setting_is_said_in_words(client_of_officer):
    response = client_of_officer.post(reverse("schools:add"), {"name": "", "postcode": "nowhere"})

    assert "Choose what kind of setting it is" in response.text
    assert "Enter the name" in response.text
    assert "Enter a full postcode, like SW1A 1AA" in response.text
    assert not School.objects.exists()


def test_a_setting_that_the_register_holds_is_shown_before_it_is_added_again(client_of_officer, a_school):
    a_school("Northmere College", town="Northmere")
    typed = {"kind": "college", "name": "Northmere Colege", "town": "Northmere"}

    asked = client_of_officer.post(reverse("schools:add"), typed)
    assert "Is it one of these?" in asked.text
    assert School.objects.count() == 1

    client_of_officer.post(reverse("schools:add"), {**typed, "add_anyway": "yes"})
    assert School.objects.count() == 2


def test_a_setting_is_changed_and_closed(client_of_officer, officer):
    setting = add_setting(actor=officer, kind="nursery", name="Little Larks")
    address = reverse("schools:change", args=[setting.public_id])

    assert 'value="Little Larks"' in client_of_officer.get(address).text
    typed = {"kind": "nursery", "name": "Little Larks", "closed_on_day": "1", "closed_on_month": "3"}
    assert "must include a year" in client_of_officer.post(address, typed).text
    response = client_of_officer.post(address, {**typed, "closed_on_year": "2026"}, follow=True)

    assert "Little Larks is changed." in response.text
    assert "Closed on 1 March 2026" in response.text


def test_an_inspection_is_recorded_and_one_that_cannot_be_is_refused_in_words(client_of_officer, a_school):
    address = reverse("schools:record_inspection", args=[a_school("Fernhill Academy").public_id])
    on_2023 = {"inspected_on_day": "4", "inspected_on_month": "5", "inspected_on_year": "2023"}

    refused = client_of_officer.post(address, {**on_2023, "area_INC": "STR"})
    recorded = client_of_officer.post(address, {**on_2023, "overall": "2"}, follow=True)

    assert "Ofsted gave no report card on 4 May 2023." in refused.text
    assert "The inspection is recorded." in recorded.text
    assert "Good" in recorded.text


@pytest.mark.parametrize("name", ["schools:school", "schools:change", "schools:record_inspection"])
def test_a_setting_of_another_authority_does_not_exist(client_of_officer, officer_of_castlebury, name):
    setting = add_setting(actor=officer_of_castlebury, kind="nursery", name="Castle Larks")

    assert client_of_officer.get(reverse(name, args=[setting.public_id])).status_code == 404


def test_a_school_of_the_register_has_no_page_to_change_it(client_of_officer, a_school):
    school = a_school("Fernhill Academy")

    assert client_of_officer.get(reverse("schools:change", args=[school.public_id])).status_code == 404


def test_a_social_worker_looks_schools_up_and_adds_none(sign_in, a_school):
    client = sign_in(Role.SOCIAL_WORKER)
    school = a_school("Fernhill Academy")

    assert "Fernhill Academy" in search(client, "fernhill").text
    assert "Record an inspection" not in client.get(reverse("schools:school", args=[school.public_id])).text
    assert client.get(reverse("schools:add")).status_code == 404
    assert client.post(reverse("schools:add"), {"kind": "nursery", "name": "X"}).status_code == 404


def test_a_carer_has_no_schools_page(sign_in):
    assert sign_in(Role.CARER).get(SCHOOLS).status_code == 404
