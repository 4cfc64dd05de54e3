import datetime as dt

from django import forms

from onroll.design.forms import FilterForm, GovukDateField, GovukForm, GovukOneBoxDateField, Look, summary_of
from onroll.design.tests.reading import fragment, select


class EndPlaceForm(GovukForm):
    ends_on = GovukDateField(
        label="When does the place end?", asks="the day the place ends", not_before=dt.date(2025, 2, 10)
    )


def ends_on(day, month, year):
    return EndPlaceForm({"ends_on_day": day, "ends_on_month": month, "ends_on_year": year})


def read(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data


def drawn(form):
    return fragment(form)


def boxes_in_red(form):
    return [box.get("name") for box in select(drawn(form), "input.govuk-input--error")]


def test_a_day_in_three_boxes_is_read():
    assert ends_on("18", "12", "2026").is_valid()
    assert read(ends_on(" 18 ", "Dec", "2026")) == {"ends_on": dt.date(2026, 12, 18)}


def test_a_day_left_out_is_asked_for_with_an_example():
    form = ends_on("", "", "")

    assert form.errors["ends_on"] == ["Enter the day the place ends, like 18 12 2026"]
    assert boxes_in_red(form) == ["ends_on_day", "ends_on_month", "ends_on_year"]


def test_only_the_box_that_is_wrong_is_marked_and_led_to():
    form = ends_on("18", "", "2026")

    assert form.errors["ends_on"] == ["The day the place ends must include a month"]
    assert boxes_in_red(form) == ["ends_on_month"]
    assert form.summary() == [{"text": "The day the place ends must include a month", "href": "#id_ends_on_month"}]


def test_a_day_that_the_calendar_does_not_have_is_refused():
    assert ends_on("31", "2", "2026").errors["ends_on"] == [
        "The day the place ends must be a real day, like 18 12 2026"
    ]
    assert boxes_in_red(ends_on("32", "12", "2026")) == ["ends_on_day"]


def test_a_year_needs_its_four_numbers():
    form = ends_on("18", "12", "26")

    assert form.errors["ends_on"] == ["The day the place ends must have a year of 4 numbers, like 18 12 2026"]
    assert boxes_in_red(form) == ["ends_on_year"]


def test_a_day_before_the_first_possible_one_is_refused_by_name():
    assert ends_on("9", "2", "2025").errors["ends_on"] == ["The day the place ends must be 10 February 2025 or later"]


def test_a_day_that_was_known_stands_in_its_boxes_and_is_no_change():
    form = EndPlaceForm(initial={"ends_on": dt.date(2026, 12, 18)})

    assert [box.get("value") for box in select(drawn(form), "input")] == ["18", "12", "2026"]
    assert not form.fields["ends_on"].has_changed(dt.date(2026, 12, 18), ["18", "12", "2026"])
    assert not form.fields["ends_on"].has_changed(dt.date(2026, 12, 18), ["18", "Dec", "2026"])
    assert form.fields["ends_on"].has_changed(dt.date(2026, 12, 18), ["19", "12", "2026"])
    assert form.fields["ends_on"].has_changed(dt.date(2026, 12, 18), ["", "", ""])


def test_an_error_found_later_marks_the_whole_day():
    form = ends_on("18", "12", "2026")
    form.add_error("ends_on", "The end is after the child’s 18th birthday")

    assert boxes_in_red(form) == ["ends_on_day", "ends_on_month", "ends_on_year"]


class AsAtForm(FilterForm):
    as_at = GovukOneBoxDateField(label="As at", asks="the day", not_after=dt.date(2026, 11, 12))


def test_a_day_in_one_box_says_what_it_could_not_read():
    assert read(AsAtForm({"as_at": "31/3/2026"})) == {"as_at": dt.date(2026, 3, 31)}
    assert AsAtForm({"as_at": "22/13/2026"}).errors["as_at"] == ["“22/13/2026” is not a day. Enter it like 18/12/2026"]
    assert AsAtForm({"as_at": "1/1/2027"}).errors["as_at"] == ["The day must be 12 November 2026 or earlier"]
    assert AsAtForm({}).is_valid()


class ChildForm(GovukForm):
    family_name = forms.CharField(max_length=5)
    email = forms.EmailField(label="E-mail address", required=False)
    hours = forms.IntegerField(label="Hours a week", max_value=40)
    school = forms.ChoiceField(choices=[("", "Choose"), ("1", "Fernhill Academy")])
    full_time = forms.ChoiceField(label="Full time?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    why = forms.CharField(label="Why not?", required=False)
    note = forms.CharField(required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="The social worker has agreed")
    given = forms.CharField(error_messages={"required": "Enter the name on the birth certificate"})

    looks = {
        "full_time": Look(inline=True, reveals={"no": "why"}),
        "note": Look(count=300),
        "hours": Look(width=2, suffix="hours"),
    }


def test_errors_say_what_to_do_in_the_words_of_the_field():
    form = ChildForm({"family_name": "Dawson", "email": "mia at home", "hours": "many"})

    assert {name: errors[0] for name, errors in form.errors.items()} == {
        "family_name": "Family name must be 5 characters or fewer",
        "email": "Enter an e-mail address, like name@example.org",
        "hours": "Hours a week must be a number, like 12",
        "school": "Choose the school",
        "full_time": "Answer “Full time?”",
        "agreed": "Tick to say: the social worker has agreed",
        "given": "Enter the name on the birth certificate",
    }


def test_every_error_leads_to_a_box_that_is_on_the_page():
    form = ChildForm({})

    ids = {element.get("id") for element in drawn(form).iter() if element.get("id")}

    assert {line["href"][1:] for line in summary_of([form])} <= ids


def test_every_box_has_a_label_and_is_described_by_its_hint_and_error():
    page = drawn(ChildForm({}))

    ids = {element.get("id") for element in page.iter() if element.get("id")}
    labelled = {label.get("for") for label in select(page, "label")}
    for box in select(page, "input, select, textarea"):
        assert box.get("id") in labelled
        assert set((box.get("aria-describedby") or "").split()) <= ids


def test_a_question_that_may_be_left_out_says_so():
    page = drawn(ChildForm())

    assert select(page, "label[for=id_email]")[0].text_content().strip() == "E-mail address (optional)"
    assert select(page, "label[for=id_family_name]")[0].text_content().strip() == "Family name"


def test_a_revealed_question_stands_inside_its_choice_and_nowhere_else():
    page = drawn(ChildForm())

    (box,) = select(page, "input[name=why]")
    (reveal,) = select(page, ".govuk-radios__conditional--hidden")
    assert box in list(reveal.iter())
    assert select(page, "input[value=no]")[0].get("data-aria-controls") == reveal.get("id")


def test_what_was_typed_is_shown_again_and_escaped():
    page = drawn(ChildForm({"family_name": '<b>"Mia', "note": "<script>", "full_time": "no"}))

    assert select(page, "input[name=family_name]")[0].get("value") == '<b>"Mia'
    assert select(page, "textarea")[0].text.strip() == "<script>"
    assert not select(page, "script, b")
    assert select(page, "input[value=no]")[0].get("checked") is not None


def test_the_browsers_own_checks_are_left_to_ours():
    text = str(ChildForm())

    assert "required" not in text
    assert 'maxlength="' not in text.replace('data-maxlength="', "")


def test_a_bare_box_for_a_table_keeps_its_class_and_says_when_it_is_wrong():
    form = ChildForm({"family_name": ""})

    (box,) = fragment(form["family_name"])

    assert box.get("class").split() == ["govuk-input", "govuk-input--error"]


def test_a_form_of_djangos_own_is_drawn_the_same_way():
    class Plain(forms.Form):
        name = forms.CharField()

    assert select(drawn(Plain()), ".govuk-form-group > input.govuk-input")
